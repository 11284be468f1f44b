"""The number of an inquiry: `TO-2604-731-846-K`, made and checked like a 受付番号."""

import re
import unicodedata

from campaigns.rules import NotAReceiptNumber, receipt_number, receipt_parse

PREFIX = "TO"


class NotATicket(ValueError):
    """The text is not the number of an inquiry, or its check character does not fit."""


def ticket_number(year: int, month: int, serial: int) -> str:
    """The number of the `serial`-th draw (0 to 999,999) of a month."""
    return PREFIX + receipt_number(year, month, serial)[2:]


def ticket_parse(text: str) -> str:
    """The number as stored, from any spelling. Raises NotATicket: `TO` must stand in front, for
    without it the number could be a 受付番号."""
    plain = re.sub(r"^\s+", "", unicodedata.normalize("NFKC", text)).upper()
    if not plain.startswith(PREFIX):
        raise NotATicket(text)
    try:
        return PREFIX + receipt_parse(plain[len(PREFIX) :])[2:]
    except NotAReceiptNumber as error:
        raise NotATicket(text) from error
