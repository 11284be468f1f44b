"""What an office's page says: how the licence stands, and what comes next, with day and cost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from campaigns.rules.assessing import GRANTED, RESERVED
from campaigns.rules.telling import Matter
from careplan_portal.lib.dates import day_before
from careplan_portal.lib.words import ja_day, until, weekday
from licenses.rules import (
    FREE_PASS,
    LAPSED,
    OFFICE_CLOSED,
    PROGRAMME_ENDED,
    RENEWED_FREE,
    RENEWED_PAID,
    STOPPED,
    Change,
    Plan,
    Term,
    bill_month,
)

UNDECIDED = "この1年の利用料は未定です（決まったらお知らせします）。"
STOP_REASONS = {
    OFFICE_CLOSED: "廃止の届けが出ているためです。",
    PROGRAMME_ENDED: "事業が終わるためです。",
}


@dataclass(frozen=True, slots=True)
class Coming:
    """One dated sentence with its cost, for the list of what comes next."""

    on: date
    what: str
    body: str = ""
    fee: str = ""
    tone: str = "none"
    icon: str = ""
    aside: str = ""


def coming(matter: Matter, plan: Plan, changes: Sequence[Change], count: int = 3) -> tuple[Coming, ...]:
    """The next `count` events from today on, in order: the current term's last day, what opens or
    ends after it, and the last day of the Free Pass where the licence ends. `changes` as from
    licenses.rules.outlook. Empty without a valid term."""
    if plan.current is None:
        return ()
    events = list(_events(matter, plan, plan.current, changes))
    return tuple(sorted(events, key=lambda event: event.on)[:count])


def _events(m: Matter, plan: Plan, current: Term, changes: Sequence[Change]) -> Iterator[Coming]:
    if plan.next_change is not None:
        yield _last_day(m, current, plan.next_change)
    for change in changes:
        yield _turn(m, change)
    if changes and changes[0].kind in (STOPPED, LAPSED) and plan.facts.closed_on is None:
        last = free_again_until(m, changes[0].on)
        if last is not None:
            yield _event(
                m,
                last,
                "フリーパスを申請できる最後の日です",
                "申請すると、その日から1年間無料になります。",
                tone="wait",
            )


def _event(m: Matter, on: date, what: str, body: str = "", fee: str = "", tone: str = "none", icon: str = "") -> Coming:
    return Coming(on, what, body, fee, tone, icon, f"{weekday(on)}・{until(on, m.today)}")


def _last_day(m: Matter, current: Term, change: Change) -> Coming:
    free = current.pricing == FREE_PASS
    name = "無料の1年" if free else "有償の期間"
    what, body = f"{name}が終わります", "何もしなくてかまいません。"
    if change.kind == RENEWED_PAID:
        body = "次の1年は申し込みずみです。" if change.uses_reservation else ""
    elif change.kind == STOPPED:
        what = "使えるおわりの日です"
        body = "この日までなら、やめるのを取り消せます。" if current.stop_requested else "この日までは使えます。"
    elif change.kind == LAPSED:
        what = "使えるおわりの日です"
        body = "手続きをしないと、次の日から使えません。"
    return _event(m, current.ends_on, what, body, tone="free" if free else "paid")


def _turn(m: Matter, change: Change) -> Coming:
    if change.kind == RENEWED_FREE and change.opens is not None:
        body = f"{ja_day(change.opens.ends_on)}まで無料です。"
        return _event(m, change.on, "フリーパスが始まります", body, "0円", "free")
    if change.kind == RENEWED_PAID and change.opens is not None:
        return _paid(m, change)
    if change.kind == LAPSED:
        return _event(m, change.on, "期限が切れ、使えなくなります", "費用はかかりません。", tone="alert", icon="lapsed")
    what = "利用が止まり、予約が外れます" if change.releases_reservation else "利用が止まります"
    body = STOP_REASONS.get(change.reason, "費用はかかりません。")
    if change.releases_reservation and m.situation.free_pass == RESERVED:
        body = "フリーパスの1回は、使わなかったことになります。"
    return _event(m, change.on, what, body, icon="stop")


def _paid(m: Matter, change: Change) -> Coming:
    what = "有償で更新します" if change.uses_reservation else "自動で更新します"
    body = f"請求は{ja_day(bill_month(change.on, change.on))}です。"
    if not change.uses_reservation:
        body += f"続けないときは、{ja_day(day_before(change.on))}までに「利用をやめる」を届け出てください。"
    if m.policy.fee_is_undecided(change.on):
        body = UNDECIDED + body
    return _event(m, change.on, what, body, m.fee(change.on), "wait")


def free_again_until(m: Matter, ended_on: date) -> date | None:
    """The last day on which the office could file for a Free Pass from scratch (R3) after its
    licence ended on `ended_on`; None when it was used up (R8) or the window closes before."""
    if m.situation.free_pass == GRANTED or m.window.ends_on < ended_on:
        return None
    return m.window.ends_on


def standing_says(m: Matter, plan: Plan) -> tuple[str, ...]:
    """How the licence stands, in one or two sentences in large type."""
    current, change = plan.current, plan.next_change
    if current is None:
        return _without_term(m, plan)
    if change is None:
        return (f"{m.short(current.ends_on)}まで使えます。",)
    if change.kind == STOPPED:
        return (f"{m.short(current.ends_on)}まで使えます。", f"{m.short(change.on)}に利用が止まります。")
    if change.kind == RENEWED_FREE:
        return (f"{m.short(change.on)}から1年間、無料になります。", "手続きは終わっています。")
    if change.kind == LAPSED:
        return (f"{m.short(current.ends_on)}まで使えます。", "手続きをしないと、そのあとは使えません。")
    return _renews_paid(m, current, change)


def _renews_paid(m: Matter, current: Term, change: Change) -> tuple[str, ...]:
    until_then = "無料です" if current.pricing == FREE_PASS else "使えます"
    fee = m.fee(change.on)
    if change.uses_reservation:
        return (f"{m.short(current.ends_on)}まで{until_then}。", f"次の1年も申し込みずみです。年{fee}です。")
    return (f"{m.short(current.ends_on)}まで{until_then}。", f"そのあとは自動で更新し、年{fee}です。")


def _without_term(m: Matter, plan: Plan) -> tuple[str, ...]:
    past = [term for term in plan.facts.terms if term.ends_on < m.today]
    if not past:
        return ("まだ使っていません。",)
    last = past[-1].ends_on
    day = m.short(last) if last.year == m.today.year else ja_day(last)
    word = "止まっています" if past[-1].closing == STOPPED else "期限が切れています"
    return (f"{day}で利用が終わり、いまは{word}。",)
