"""R5: the renewal comes before the window, so two roads lead to the free year; the reader chooses."""

from datetime import date

from campaigns.rules.assessing import RENEWS_PAID
from campaigns.rules.matter import Matter, Told, Way
from careplan_portal.lib.dates import Period, day_after, day_before, year_from
from careplan_portal.lib.words import ja_day


def two_ways(m: Matter) -> Told:
    """Go on and wait for a later renewal, or let it end and file from the opening day (A7, A8)."""
    assert m.answer.alternative is not None
    assert m.answer.paid_renewal_first is not None
    first = m.answer.paid_renewal_first
    lapse = m.answer.alternative
    later = m.answer.free_term
    title = f"{m.short(first)}の更新は有償です。待つか、{m.short(lapse.apply_from)}に始め直すかを選べます"
    if later is None:
        title = f"{m.short(first)}の更新は有償です。{m.short(lapse.apply_from)}に始め直すと、無料にできます"
    ways = ((_way_on(m, first, later),) if later else ()) + (_way_lapse(m),)
    event = m.answer.next_event
    nothing = "何もしないと、期間のおわりで使えなくなります。"
    if event is not None and event.event == RENEWS_PAID:
        nothing = f"何もしないと、{m.short(event.on)}に自動で更新し、{m.fee(event.on)}がかかります。"
    say = "対象です。無料にする道が2つあります" if later else "対象になる道が1つあります"
    return Told("wait", say, title, points=(nothing,), ways=ways)


def _way_on(m: Matter, first: date, later: Period) -> Way:
    assert m.answer.apply_from is not None
    assert m.answer.no_gap_until is not None
    by_hand = not m.situation.renews_by_itself
    return Way(
        "更新して、あとの更新から無料にする",
        m.fee(first),
        "使えない日はありません",
        (
            (f"{m.short(first)}からの1年", "有償で使えます"),
            ("申請できる日", f"{ja_day(m.answer.apply_from)}から{ja_day(m.answer.no_gap_until)}まで（切れ目なし）"),
            ("無料の1年", f"{ja_day(later.starts_on)}から{ja_day(later.ends_on)}まで"),
            (
                "いま、すること",
                f"{m.short(day_before(first))}までに、有償の更新を届け出る"
                if by_hand
                else "ありません。自動で更新します",
            ),
        ),
    )


def _way_lapse(m: Matter) -> Way:
    assert m.answer.alternative is not None
    lapse = m.answer.alternative
    free = year_from(lapse.apply_from)
    gap = (lapse.apply_from - day_after(lapse.let_lapse_on)).days
    stop_first = m.situation.renews_by_itself
    return Way(
        f"いったん終わらせて、{m.short(lapse.apply_from)}に申請する",
        "0円",
        f"{gap}日間、使えません" if gap else "使えない日はありません",
        (
            (f"{m.short(day_after(lapse.let_lapse_on))}から", f"{ja_day(day_before(lapse.apply_from))}まで使えません")
            if gap
            else ("使えない日", "ありません"),
            ("申請できる日", f"{ja_day(lapse.apply_from)}から"),
            ("無料の1年", f"{ja_day(free.starts_on)}に申請すると、{ja_day(free.ends_on)}まで"),
            (
                "いま、すること",
                f"{m.short(lapse.let_lapse_on)}までに、利用停止を届け出る" if stop_first else "ありません",
            ),
        ),
    )
