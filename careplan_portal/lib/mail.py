"""Speaking to the mail server, one mail at a time, so that what became of each is known.

Django's own backend sends to several addresses at once and drops what the server said of each; here every
address is answered for. Where mail is not SMTP (console, files, tests' memory) the backend is used as it is.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

FIRST_PERMANENT = 500


class ServerAway(OSError):
    """No mail server answers, or it hung up before it took anything: nothing was handed over."""


class InDoubt(OSError):
    """The server hung up after the whole mail was sent and before it answered: it may have taken it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said of one mail: taken, or refused for now, or (`permanent`) for good. `about_address`
    when it was the address that it refused, not the mail."""

    taken: bool
    permanent: bool = False
    about_address: bool = False
    text: str = ""


TAKEN = Answer(True)


class MailServer:
    """An open connection; from `mail_server()`."""

    def __init__(self, backend: Any) -> None:
        self.backend = backend

    def send(self, message: EmailMessage, *, to: str, sender: str, copy_to: str = "") -> Answer:
        """Hand over one mail to one address, with a copy to another in the same transaction: the server takes
        both or neither. Raises ServerAway (nothing was taken) or InDoubt (it may have been)."""
        if not isinstance(self.backend, EmailBackend):
            self.backend.send_messages([message])
            return TAKEN
        assert self.backend.connection is not None
        return self._smtp(self.backend.connection, message, to, sender, copy_to)

    def _smtp(self, smtp: smtplib.SMTP, message: EmailMessage, to: str, sender: str, copy_to: str) -> Answer:
        body = message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
        try:
            smtp.ehlo_or_helo_if_needed()
            refused = _refusal(smtp.mail(sender), False) or _refusal(smtp.rcpt(to), True)
            if refused is None and copy_to:
                refused = _refusal(smtp.rcpt(copy_to), False)
            if refused is not None:
                smtp.rset()
                return refused
        except UnicodeError as odd:  # an address that cannot be written to this server
            smtp.rset()
            return Answer(False, permanent=True, about_address=True, text=str(odd))
        except (smtplib.SMTPException, OSError) as gone:
            raise ServerAway(str(gone)) from gone
        try:
            return _refusal(smtp.data(body), False) or TAKEN
        except smtplib.SMTPDataError as said:
            return _answer(said.smtp_code, said.smtp_error, False)
        except (smtplib.SMTPException, OSError) as gone:
            raise InDoubt(str(gone)) from gone


def _refusal(said: tuple[int, bytes], about_address: bool) -> Answer | None:
    code, text = said
    return None if code // 100 == 2 else _answer(code, text, about_address)


def _answer(code: int, text: bytes | str, about_address: bool) -> Answer:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return Answer(False, code >= FIRST_PERMANENT, about_address, f"{code} {words}".strip())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A connection to the mail server of EMAIL_URL. Raises ServerAway when there is none."""
    backend: Any = get_connection()
    try:
        backend.open()
    except (smtplib.SMTPException, OSError) as away:
        raise ServerAway(str(away)) from away
    try:
        yield MailServer(backend)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            backend.close()
