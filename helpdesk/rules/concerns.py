"""What to watch for with an office: the short list beside its dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from licenses.rules import LAPSED, STOPPED, Plan

NEAR_DAYS = 30
"""A renewal this near, in days, is worth a word."""
PROOF_DAYS = 7
"""A deadline of identity this near, in days, is marked as pressing."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A filing whose identity is not proved, and its last day."""

    receipt_number: str
    prove_by: date


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an office besides its licence. `vanished_on` is the day of the register
    that lacks it; `bounced` are mail addresses that do not work, `letters_back` receipt numbers whose letter
    the post brought back, `unconfirmed` whether an act could not be confirmed by mail, `promised` days on which somebody
    said they would come back, the oldest first, `applicants` addresses of whoever filed."""

    unlisted: bool = False
    vanished_on: date | None = None
    closed_on: date | None = None
    in_scope: bool | None = None
    has_members: bool = False
    set_aside: str = ""
    pending: tuple[Pending, ...] = ()
    bounced: tuple[str, ...] = ()
    letters_back: tuple[str, ...] = ()
    unconfirmed: bool = False
    promised: tuple[date, ...] = ()
    applicants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concern:
    """One line: a tone (wait, alert, error, none), a word, a sentence, and a code for links."""

    code: str
    tone: str
    word: str
    text: str


def concerns(known: Known, plan: Plan | None, today: date) -> tuple[Concern, ...]:
    """Everything to watch for, the most pressing first."""
    found = [
        *_about_record(known),
        *_about_filings(known, today),
        *_about_promises(known, today),
        *_about_renewal(known, plan, today),
        *_about_office(known),
    ]
    order = {"error": 0, "alert": 1, "wait": 2, "none": 3}
    return tuple(sorted(found, key=lambda concern: order[concern.tone]))


def _about_record(known: Known) -> Iterator[Concern]:
    if known.set_aside:
        yield Concern("set_aside", "error", "保留", f"{known.set_aside}直るまで、手続きはできません。")
    for address in known.bounced:
        yield Concern("bounced", "alert", "戻った", f"{address}へのメールが戻りました。宛先を確かめてください。")
    for receipt in known.letters_back:
        text = f"{receipt} の手紙が戻りました。登録の電話で確かめるか、住所を直して刷り直してください。"
        yield Concern("letter_back", "alert", "手紙が戻った", text)
    if known.unconfirmed:
        yield Concern(
            "unconfirmed", "alert", "手紙で確認", "メールの宛先がなく、電話で受けた手続きの確認が届けられていません。"
        )


def _about_filings(known: Known, today: date) -> Iterator[Concern]:
    for pending in known.pending:
        left = (pending.prove_by - today).days
        tone = "alert" if left <= PROOF_DAYS else "wait"
        text = f"{pending.receipt_number} の確認は {pending.prove_by.isoformat()} まで（あと{left}日）。"
        yield Concern(
            "provisional", tone, "仮受付", text if left >= 0 else f"{pending.receipt_number} は期限を過ぎました。"
        )


def _about_promises(known: Known, today: date) -> Iterator[Concern]:
    if known.promised:
        first, *others = known.promised
        more = f"（ほか{len(others)}件）" if others else ""
        tone = "alert" if first <= today else "wait"
        yield Concern("promised", tone, "連絡の約束", f"{first.isoformat()}に連絡する約束があります{more}。")


def _about_renewal(known: Known, plan: Plan | None, today: date) -> Iterator[Concern]:
    if plan is None or plan.next_change is None or plan.current is None:
        return
    change = plan.next_change
    left = (change.on - today).days
    if change.kind == LAPSED:
        tone = "alert" if left <= NEAR_DAYS else "wait"
        why = "仮受付の確認が済まないと" if known.pending else "予約がないので"
        last = plan.current.ends_on
        yield Concern(
            "manual", tone, "手動更新", f"{why}、{last.isoformat()}で切れます（あと{(last - today).days}日）。"
        )
    elif left <= NEAR_DAYS:
        word = "停止まで" if change.kind == STOPPED else "更新まで"
        yield Concern("near", "wait", f"{word}{left}日", f"{change.on.isoformat()}{_what(change.kind)}")


def _what(kind: str) -> str:
    return {
        "renewed_free": "から無料になります。予約があるので切れません。",
        "renewed_paid": "に有償で更新します。",
        "stopped": "から使えなくなります。",
    }[kind]


def _about_office(known: Known) -> Iterator[Concern]:
    if known.closed_on is not None:
        yield Concern("closed", "error", "閉じた事業所", f"{known.closed_on.isoformat()}に閉じたと確認されています。")
    elif known.vanished_on is not None:
        text = f"{known.vanished_on.isoformat()}の名簿に載っていません。閉じたかどうかは、まだ確かめていません。"
        yield Concern("vanished", "alert", "名簿にない", text)
    if known.unlisted:
        yield Concern("unlisted", "alert", "台帳にない番号", "名前・住所・サービスを、公表資料で確かめてください。")
    if known.in_scope is False:
        yield Concern("out_of_scope", "wait", "標準の対象外", "データ連携の対象になるサービスがありません。")
    if not known.has_members:
        text = "更新や期限のお知らせは手紙になります。"
        if known.applicants:
            text += f"申請と電話での手続きの控えは、申請した人のメール（{'、'.join(known.applicants)}）に送ります。"
        yield Concern("no_members", "none", "メンバーなし", text)
