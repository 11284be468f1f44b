"""What another window or another policy would do to all offices: the same assessment, asked twice.

Pure: groups of offices in, rows of a table out. All ranges include both ends.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from campaigns.rules.assessing import (
    ALREADY_RESERVED,
    ALREADY_USED,
    APPLY_LATER,
    APPLY_NOW,
    GRANTED,
    RENEWAL_OUTSIDE_WINDOW,
    RESERVED,
    Assessment,
    Situation,
    assess,
)
from careplan_portal.lib.dates import Period, same_month
from licenses.rules import FREE_PASS, BadRecord, Policy

CANNOT = "申請できない"


@dataclass(frozen=True, slots=True)
class Offer:
    """A campaign as the rules see it; `window` None: there is none."""

    window: Period | None
    refuses_out_of_scope: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether an office can file now or later, and how that is said in a table."""

    can: bool
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """Offices of one kind: how many, and what they are told before and after the change."""

    label: str
    count: int
    before: Answer
    after: Answer

    @property
    def changes(self) -> bool:
        return self.before != self.after

    @property
    def gains(self) -> bool:
        return self.after.can and not self.before.can

    @property
    def loses(self) -> bool:
        return self.before.can and not self.after.can


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does: its rows, those who can or cannot any more first."""

    rows: tuple[Row, ...]

    @property
    def gained(self) -> int:
        return sum(row.count for row in self.rows if row.gains)

    @property
    def lost(self) -> int:
        return sum(row.count for row in self.rows if row.loses)

    @property
    def changed(self) -> int:
        return sum(row.count for row in self.rows if row.changes)


def answer(situation: Situation, offer: Offer, policy: Policy, today: date) -> Answer:
    """What an office in this situation is told under the offer. Raises BadRecord as `assess` does."""
    if offer.window is None:
        return Answer(False, CANNOT)
    found = assess(situation, offer.window, policy, today)
    if found.outcome == ALREADY_RESERVED:
        return Answer(False, "予約のとおり")
    if found.outcome == ALREADY_USED:
        return Answer(False, f"{CANNOT}（もう使った）")
    if found.outcome not in (APPLY_NOW, APPLY_LATER):
        outside = found.outcome == RENEWAL_OUTSIDE_WINDOW
        return Answer(False, f"{CANNOT}（{'更新日が受付の外' if outside else '受付は終わり'}）")
    if offer.refuses_out_of_scope and situation.in_scope is False:
        return Answer(False, f"{CANNOT}（対象外のサービスだけ）")
    return Answer(True, _can(found, situation))


def _can(found: Assessment, situation: Situation) -> str:
    if situation.current is not None and found.rule != "R6":
        return "更新月に申請できる"
    since = f"{found.apply_from}から" if found.outcome == APPLY_LATER else ""
    return f"{since}{found.apply_until}まで"


def effect(groups: Iterable[tuple[Situation, int]], before: Offer, after: Offer, policy: Policy, today: date) -> Effect:
    """The same groups under both offers; what is told alike is counted together."""
    counted: Counter[tuple[str, Answer, Answer]] = Counter()
    for situation, count in groups:
        try:
            told = answer(situation, before, policy, today), answer(situation, after, policy, today)
        except BadRecord:
            continue
        counted[(_label(situation, before.window or after.window, today), *told)] += count
    rows = [Row(label, count, *told) for (label, *told), count in counted.items()]
    return Effect(tuple(sorted(rows, key=_first)))


def _first(row: Row) -> tuple[bool, bool, int, str, str]:
    """Those who can now and could not, or the other way round; then other changes; then the rest."""
    return not (row.gains or row.loses), not row.changes, -row.count, row.label, row.after.words


def _label(situation: Situation, window: Period | None, today: date) -> str:
    current = situation.current
    if situation.free_pass == GRANTED:
        return "もう使った"
    if situation.free_pass == RESERVED:
        return "次回フリーパスの予約あり"
    if current is None or window is None:
        outside = "（対象外のサービスだけ）" if situation.in_scope is False else ""
        return f"未利用・期限切れ・停止{outside}"
    price = "フリーパス" if current.pricing == FREE_PASS else "有償"
    if same_month(current.starts_on, today) and current.starts_on in window:
        return f"{price}、今月に始まったばかり"
    if current.renewal_on > window.ends_on:
        return f"{price}、更新日が受付のあと"
    return f"{price}、更新日が受付の{'前' if current.renewal_on < window.starts_on else '中'}"
