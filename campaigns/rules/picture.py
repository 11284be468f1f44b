"""The dates of an answer as bars for the drawing and its table (visual standard, "Charts")."""

from collections.abc import Iterator
from datetime import date

from campaigns.rules.assessing import APPLY_LATER, APPLY_NOW, RENEWS_PAID
from campaigns.rules.telling import Matter
from careplan_portal.lib.charts import Bar
from careplan_portal.lib.dates import Period, day_after, day_before, year_from
from careplan_portal.lib.words import ja_day, ja_short, yen
from licenses.rules import FREE_PASS, Term

OWN = "この事業所"
LICENCE = "ライセンス"


def bars(matter: Matter) -> tuple[Bar, ...]:
    """The window, the days on which this office can file, and its licence, in order of time."""
    return (_window(matter), *_apply(matter), *_licence(matter))


def _window(m: Matter) -> Bar:
    text = f"{ja_day(m.window.starts_on)}から{ja_day(m.window.ends_on)}まで"
    first, last = m.window.starts_on, m.window.ends_on
    return Bar("申請の受付", "window", first, max(first, last), text, sub="全国共通", name="申請の受付（全国）")


def _apply(m: Matter) -> Iterator[Bar]:
    answer = m.answer
    if answer.outcome not in (APPLY_NOW, APPLY_LATER) or answer.apply_from is None or answer.apply_until is None:
        return
    first, last = answer.apply_from, answer.no_gap_until or answer.apply_until
    if answer.rule == "R3":
        first = max(first, m.today)
    gap = " （切れ目なし）" if answer.no_gap_until else ""
    end = f"{last.day}日" if (first.year, first.month) == (last.year, last.month) else _short(m, last)
    name = "切れ目なく申請できる日" if answer.no_gap_until else "申請できる日"
    yield Bar("申請できる日", "apply", first, last, f"{_short(m, first)}から{end}まで{gap.strip()}", sub=OWN, name=name)


def _short(m: Matter, day: date) -> str:
    return ja_short(day) if day.year == m.today.year else ja_day(day)


def _licence(m: Matter) -> Iterator[Bar]:
    current, free = m.situation.current, m.answer.free_term
    if current is not None and not (free and free.starts_on == current.starts_on):
        yield _current(m, current)
    if free is None:
        yield from _without_free(m, current)
        return
    if current is not None:
        yield from _between(m, current, free)
    yield Bar(LICENCE, "free", free.starts_on, free.ends_on, "フリーパス", fee="0円", sub=OWN)
    after = day_after(free.ends_on)
    if m.policy.allows_term_on(after):
        yield _going_on(m, after, "続ける場合")


def _going_on(m: Matter, day: date, text: str) -> Bar:
    """The years after: drawn to the edge; 未定 where the amount only goes on (R14)."""
    word = f"{text}（未定）" if m.policy.fee_is_undecided(day) else text
    return Bar(LICENCE, "next", day, None, word, fee=f"年{yen(m.policy.fee_on(day).yen)}", sub=OWN)


def _current(m: Matter, current: Term) -> Bar:
    if current.pricing == FREE_PASS:
        return Bar(LICENCE, "free", current.starts_on, current.ends_on, "フリーパス", fee="0円", sub=OWN)
    fee = yen(current.fee_yen or m.policy.fee_on(current.starts_on).yen)
    return Bar(LICENCE, "paid", current.starts_on, current.ends_on, "いまの有償期間", fee=fee, sub=OWN)


def _between(m: Matter, current: Term, free: Period) -> Iterator[Bar]:
    """R5: the paid years that come before the free one."""
    start = current.renewal_on
    while start < free.starts_on:
        year = year_from(start)
        last = min(year.ends_on, day_before(free.starts_on))
        yield Bar(LICENCE, "paid", start, last, "有償の更新", fee=m.fee(start), sub=OWN)
        start = day_after(year.ends_on)


def _without_free(m: Matter, current: Term | None) -> Iterator[Bar]:
    event = m.answer.next_event
    if current is None or event is None:
        return
    if event.event == RENEWS_PAID:
        yield _going_on(m, event.on, "更新して続ける")
    else:
        yield Bar(LICENCE, "gap", event.on, None, "使えません", sub=OWN, name="使えない日（ここから）")
