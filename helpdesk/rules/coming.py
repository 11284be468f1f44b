"""What comes next for an office, as the helpdesk's list of dated lines."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from careplan_portal.lib.dates import Period, day_after
from helpdesk.rules.scene import Scene
from helpdesk.rules.unproved import free_once_proved
from licenses.rules import (
    FREE_PASS,
    LAPSED,
    RENEWED_FREE,
    RENEWED_PAID,
    STOPPED,
    Change,
    Plan,
    Policy,
    bill_month,
)

NOTICE_DAYS = (60, 30, 7)
"""The notices before a term's last day (DOMAIN, "Notices")."""

ONCE, UNLESS = "確認が済むと：", "確認が済まないと："

_TONES = {RENEWED_FREE: "free", RENEWED_PAID: "wait", STOPPED: "none", LAPSED: "alert"}


@dataclass(frozen=True, slots=True)
class Coming:
    """One dated line. `tone` is free, paid, wait, alert or none, as everywhere on the screens."""

    on: date
    what: str
    fee: str = ""
    body: str = ""
    tone: str = "none"


def coming(plan: Plan, changes: Sequence[Change], policy: Policy, today: date, count: int = 5) -> tuple[Coming, ...]:
    """The next `count` lines from `today` on, by day: the ends of terms, what opens, the bill, the
    next notice. `changes` as from licenses.rules.outlook."""
    return _nearest(_lines(plan, changes, policy, today), today, count)


def coming_unproved(scene: Scene, changes: Sequence[Change], count: int = 6) -> tuple[Coming, ...]:
    """The same while a filing waits for its proof (R16): its last day, what proof would bring by the filing's own
    dates, and what happens without it."""
    assert scene.plan is not None
    assert scene.unproved is not None
    free, today = free_once_proved(scene), scene.today
    deadline = Coming(scene.unproved.prove_by, "事業所の確認の期限", body="過ぎると、申請は無効です", tone="wait")
    if free is None:
        return _nearest([deadline, *_lines(scene.plan, changes, scene.policy, today)], today, count)
    without = [replace(line, what=f"{UNLESS}{line.what}") for line in _changes(changes[:1], scene.policy)]
    lines = [deadline, *_running(scene.plan), *without, *_once_proved(free, scene.policy)]
    return _nearest(lines, today, count)


def _once_proved(free: Period, policy: Policy) -> Iterator[Coming]:
    yield Coming(free.starts_on, f"{ONCE}フリーパス開始", "0円", f"{free.ends_on.isoformat()}まで", "free")
    yield Coming(free.ends_on, f"{ONCE}フリーパスの期間のおわり", tone="free")
    after = day_after(free.ends_on)
    if policy.allows_term_on(after):
        yield Coming(after, f"{ONCE}自動更新", _fee(policy, after, policy.fee_on(after).yen), tone="wait")


def _nearest(lines: Iterable[Coming], today: date, count: int) -> tuple[Coming, ...]:
    ordered = sorted(lines, key=lambda line: line.on)
    return tuple(line for line in ordered if line.on >= today)[:count]


def _lines(plan: Plan, changes: Sequence[Change], policy: Policy, today: date) -> Iterator[Coming]:
    current = plan.current
    if current is None:
        return
    yield from _running(plan)
    yield from _notice(current.ends_on, today)
    yield from _changes(changes, policy)
    for change in changes:
        if change.opens is not None:
            yield from _notice(change.opens.ends_on, today)


def _running(plan: Plan) -> Iterator[Coming]:
    current = plan.current
    if current is not None:
        free = current.pricing == FREE_PASS
        kind = "フリーパス" if free else "有償"
        yield Coming(current.ends_on, f"{kind}の期間のおわり", tone="free" if free else "paid")


def _changes(changes: Sequence[Change], policy: Policy) -> Iterator[Coming]:
    return (_opening(change, policy) for change in changes)


def _opening(change: Change, policy: Policy) -> Coming:
    if change.kind == STOPPED:
        return Coming(change.on, "停止", body="この日から使えません", tone="none")
    if change.kind == LAPSED:
        return Coming(change.on, "期限切れ", body="この日から使えません", tone="alert")
    assert change.opens is not None
    if change.kind == RENEWED_FREE:
        return Coming(change.on, "フリーパス開始", "0円", f"{change.opens.ends_on.isoformat()}まで", "free")
    fee = _fee(policy, change.on, change.opens.fee_yen)
    what = "有償で更新" if change.uses_reservation else "自動更新"
    return Coming(change.on, what, fee, f"請求 {bill_month(change.on, change.on).isoformat()}", _TONES[change.kind])


def _fee(policy: Policy, on: date, yen: int) -> str:
    return f"料金は未定（いまは{yen:,}円）" if policy.fee_is_undecided(on) else f"{yen:,}円"


def _notice(ends_on: date, today: date) -> Iterator[Coming]:
    """The next of the notices before a last day, which names those after it."""
    first, *later = [days for days in NOTICE_DAYS if ends_on - timedelta(days=days) >= today] or [0]
    if first:
        body = "、".join(f"{days}日前（{_short(ends_on - timedelta(days=days))}）" for days in later)
        on = ends_on - timedelta(days=first)
        yield Coming(on, f"{first}日前のお知らせ", body=f"{body}にも知らせます" if body else "", tone="wait")


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"
