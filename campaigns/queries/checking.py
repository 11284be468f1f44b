"""The check code of an acknowledgement, and what the public page says of one.

The code is made from the receipt number and signed, as the address of the receipt page is: of its eight characters a
part is the number drawn for the filing, a part its signature. So nothing is kept, every filing has one, and none can be
guessed: a try hits with less than one in a million.
"""

from datetime import date

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from campaigns import rules
from campaigns.models import FreePassApplication
from campaigns.queries.answers import application_by_receipt, application_state
from careplan_portal.lib import checkcode
from licenses.enums import PaperState
from licenses.queries.papers import Verified, masked

PREFIX = "RC"
LABEL = "受付票"
_SIGNED = checkcode.CAPACITY // rules.SERIALS

_STANDS = {
    rules.PROVISIONAL: "申請を仮に受け付けています。事業所の確認は、まだ済んでいません。",
    rules.RESERVED: "申請を受け付け、事業所の確認も済んでいます。",
    rules.GRANTED: "申請を受け付け、フリーパスを認めました。",
}
_ENDED = {
    rules.WITHDRAWN: "この申請は、発行のあとに取り下げられました。",
    rules.SUPERSEDED: "この事業所の別の申請が、先に確認されました。この申請は使われません。",
    rules.EXPIRED: "事業所の確認の期限が過ぎたので、この申請は無効になりました。",
    rules.DECLINED: "登録の日付と合わなかったので、この申請は使われません。",
    rules.RELEASED: "この申請の予約は、使われずに終わりました。",
}


def receipt_code(application: FreePassApplication) -> str:
    """What the acknowledgement shows and the public page takes: RC-2604-7K3M-9XPA-6."""
    year, month, serial = rules.receipt_parts(application.receipt_number)
    value = serial * _SIGNED + _signature(application.receipt_number, settings.SECRET_KEY)
    return checkcode.make(PREFIX, year, month, checkcode.letters_of(value))


def receipt_verified(code: str, today: date) -> Verified | None:
    """What a code (as `checkcode.parse` gives it) says of its filing; None when it is not one of ours."""
    year, month = 2000 + int(code[3:5]), int(code[5:7])
    serial, signature = divmod(checkcode.number_of(code), _SIGNED)
    if serial >= rules.SERIALS or not 1 <= month <= 12:
        return None
    number = rules.receipt_number(year, month, serial)
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(constant_time_compare(str(signature), str(_signature(number, key))) for key in keys):
        return None
    application = application_by_receipt(number)
    return _told(application, code) if application is not None else None


def _signature(number: str, key: str | bytes) -> int:
    signed: str = salted_hmac("campaigns.receipt.code", number, key, algorithm="sha256").hexdigest()
    return int(signed[:16], 16) % _SIGNED


def _told(application: FreePassApplication, code: str) -> Verified:
    state = application_state(application)
    text = _STANDS.get(state)
    return Verified(
        label=LABEL,
        code=code,
        issued_on=application.filed_on,
        on=application.filed_on,
        state=PaperState.VALID if text else PaperState.CHANGED,
        text=text or _ENDED[state],
        masked_number=masked(application.office.business_number),
    )
