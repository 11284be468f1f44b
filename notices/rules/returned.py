"""Reading what comes back: delivery reports (RFC 3464) and older bounces. Pure, stdlib's email only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser

KEY = r"[0-9a-z]{20}"
_IN_ADDRESS = re.compile(rf"\+({KEY})@", re.IGNORECASE)
_IN_MESSAGE_ID = re.compile(rf"<({KEY})@", re.IGNORECASE)
_ENVELOPE_HEADERS = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
_THREAD_HEADERS = ("In-Reply-To", "References")
_SENDERS = re.compile(r"mailer-daemon|postmaster", re.IGNORECASE)
LONGEST_TEXT = 300


@dataclass(frozen=True, slots=True)
class Returned:
    """What a mail in the returned mailbox says: the keys of our mails it names; `failed` when the server
    has given up; `status` as 5.1.1, and the server's words."""

    keys: tuple[str, ...]
    failed: bool
    status: str = ""
    text: str = ""


def read_returned(raw: bytes) -> Returned:
    """A mail's bytes → what it says. Never raises for odd mails: what cannot be read is no bounce.

    Only keys count, which nobody can guess: a forged report that names an address changes nothing.
    """
    message = BytesParser(policy=policy.compat32).parsebytes(raw)
    keys = tuple(dict.fromkeys(_keys(message)))
    reports = list(_reports(message))
    if reports:
        worst = next((one for one in reports if _header(one, "Action").lower() == "failed"), reports[0])
        failed = _header(worst, "Action").lower() == "failed"
        words = _header(worst, "Diagnostic-Code").partition(";")[2] or _header(worst, "Diagnostic-Code")
        return Returned(keys, failed, _header(worst, "Status").split(" ")[0][:9], _one_line(words))
    if _SENDERS.search(_header(message, "From")):
        return Returned(keys, True, "", _one_line(_header(message, "Subject")))
    return Returned(keys, False)


def key_of(message_id: str) -> str:
    """The key in one of our Message-IDs; empty for any other."""
    found = _IN_MESSAGE_ID.search(message_id)
    return found.group(1).lower() if found else ""


def _keys(message: Message) -> Iterator[str]:
    """The address it came to names the mail (VERP); else the mail that it encloses or answers."""
    for name in _ENVELOPE_HEADERS:
        for value in message.get_all(name, []):
            yield from (found.lower() for found in _IN_ADDRESS.findall(str(value)))
    for part in _enclosed(message):
        yield from (found.lower() for found in _IN_MESSAGE_ID.findall(_header(part, "Message-ID")))
    for name in _THREAD_HEADERS:
        yield from (found.lower() for found in _IN_MESSAGE_ID.findall(_header(message, name)))


def _enclosed(message: Message) -> Iterator[Message]:
    for part in message.walk():
        kind = part.get_content_type()
        payload = part.get_payload()
        if kind == "message/rfc822" and isinstance(payload, list):
            yield from (one for one in payload if isinstance(one, Message))
        elif kind == "text/rfc822-headers" and isinstance(payload, str):
            raw = part.get_payload(decode=True)
            yield BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(
                raw if isinstance(raw, bytes) else payload.encode()
            )


def _reports(message: Message) -> Iterator[Message]:
    """The per-recipient blocks of a delivery report."""
    for part in message.walk():
        payload = part.get_payload()
        if part.get_content_type() == "message/delivery-status" and isinstance(payload, list):
            yield from (block for block in payload if isinstance(block, Message) and block.get("Final-Recipient"))


def _header(message: Message, name: str) -> str:
    return str(message.get(name, "")).strip()


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()[:LONGEST_TEXT]
