"""What comes next for an office, as the helpdesk's list of dated lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

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

_TONES = {RENEWED_FREE: "free", RENEWED_PAID: "wait", STOPPED: "none", LAPSED: "alert"}


@dataclass(frozen=True, slots=True)
class Coming:
    """One dated line. `tone` is free, paid, wait, alert or none, as everywhere on the screens."""

    on: date
    what: str
    fee: str = ""
    body: str = ""
    tone: str = "none"


def coming(
    plan: Plan, changes: Sequence[Change], policy: Policy, today: date, count: int = 5, prove_by: date | None = None
) -> tuple[Coming, ...]:
    """The next `count` lines from `today` on, by day: the ends of terms, what opens, the bill, the
    next notice, the last day of an unproved filing (`prove_by`, R16). `changes` as from
    licenses.rules.outlook."""
    deadline = (
        []
        if prove_by is None
        else [Coming(prove_by, "事業所の確認の期限", body="過ぎると、申請は無効です", tone="wait")]
    )
    lines = sorted([*deadline, *_lines(plan, changes, policy, today)], key=lambda line: line.on)
    return tuple(line for line in lines if line.on >= today)[:count]


def _lines(plan: Plan, changes: Sequence[Change], policy: Policy, today: date) -> Iterator[Coming]:
    current = plan.current
    if current is None:
        return
    kind = "フリーパス" if current.pricing == FREE_PASS else "有償"
    yield Coming(current.ends_on, f"{kind}の期間のおわり", tone="free" if current.pricing == FREE_PASS else "paid")
    yield from _notice(current.ends_on, today)
    for change in changes:
        yield _opening(change, policy)
        if change.opens is not None:
            yield from _notice(change.opens.ends_on, today)


def _opening(change: Change, policy: Policy) -> Coming:
    if change.kind == STOPPED:
        return Coming(change.on, "停止", body="この日から使えません", tone="none")
    if change.kind == LAPSED:
        return Coming(change.on, "期限切れ", body="この日から使えません", tone="alert")
    assert change.opens is not None
    if change.kind == RENEWED_FREE:
        return Coming(change.on, "フリーパス開始", "0円", f"{change.opens.ends_on.isoformat()}まで", "free")
    fee = f"{change.opens.fee_yen:,}円"
    if policy.fee_is_undecided(change.on):
        fee = f"未定（いまの額は{fee}）"
    what = "有償で更新" if change.uses_reservation else "自動更新"
    return Coming(change.on, what, fee, f"請求 {bill_month(change.on, change.on).isoformat()}", _TONES[change.kind])


def _notice(ends_on: date, today: date) -> Iterator[Coming]:
    """The next of the notices before a last day, which names those after it."""
    first, *later = [days for days in NOTICE_DAYS if ends_on - timedelta(days=days) >= today] or [0]
    if first:
        body = "、".join(f"{days}日前（{_short(ends_on - timedelta(days=days))}）" for days in later)
        on = ends_on - timedelta(days=first)
        yield Coming(on, f"{first}日前のお知らせ", body=f"{body}にも知らせます" if body else "", tone="wait")


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"
