"""A real mail server for tests, with a mailbox for copies and one for what comes back."""

import socket
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller


class PostOffice:
    """What it took, in order, as (address, mail); `says` maps an address to a refusal, `hangs_up` closes the line
    after a mail was taken, before it is answered."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, Message]] = []
        self.senders: list[str] = []
        self.says: dict[str, str] = {}
        self.data_says = ""
        self.hangs_up = False
        self.copies: Path | None = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if refusal := self.says.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.data_says:
            return self.data_says
        self.senders.append(envelope.mail_from)
        for number, address in enumerate(envelope.rcpt_tos):
            if number:
                assert self.copies is not None
                (self.copies / "new" / f"{len(self.taken)}.mail").write_bytes(envelope.content)
            else:
                self.taken.append((address, message_from_bytes(envelope.content)))
        if self.hangs_up:
            server.transport.close()
        return "250 OK"

    def start(self, settings: Any) -> Controller:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        controller = Controller(self, hostname="127.0.0.1", port=port)
        controller.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        return controller


def words(message: Message) -> str:
    """The plain text of a mail."""
    part = next(one for one in message.walk() if one.get_content_type() == "text/plain")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()
