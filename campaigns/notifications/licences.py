"""What an office is told about its licence; built here, queued by services.

One matter a notice. The first lines say what happens, what it costs, how to stop or go on (visual standard, 16). Links
lead to pages with a button. Every sentence is made from the same `plan` that the night writes down.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse

from campaigns.queries import Mine
from campaigns.rules import APPLY_LATER, APPLY_NOW
from campaigns.rules.coming import STOP_REASONS
from campaigns.rules.matter import Matter
from campaigns.rules.noticing import REMINDER, RENEWAL_MONTH, TOLD_RENEWED, Due, reminder_days
from campaigns.rules.telling import tell
from careplan_portal.lib.dates import month_start
from careplan_portal.lib.japan.business_number import grouped
from careplan_portal.lib.words import ja_date, ja_day, ja_short, weekday, yen
from licenses.rules import (
    FREE_PASS,
    LAPSED,
    RENEWED_FREE,
    RENEWED_PAID,
    STOP_REQUESTED,
    Change,
    Plan,
    Term,
    bill_month,
)
from notices.rules import Content, Outgoing, Postal, Section

UNDECIDED = "利用料は未定です（決まったらお知らせします）。"


def licence_notice(
    due: Due, one: Mine, *, to: Sequence[str], leads: Sequence[int], recorded_on: date | None
) -> Outgoing:
    """The finished notice for an office that stands as `one` says; `one.matter` is not None, `recorded_on` the
    day on which its open term was recorded."""
    plan = one.answer.standing.plan
    assert plan is not None
    assert one.matter is not None
    title, content = _Writer(due, one, one.matter, plan, leads, recorded_on).written()
    office = one.office
    address = f"{office.address}\n{office.building}".strip()
    return Outgoing(
        kind=due.kind,
        subject=due.subject,
        title=title,
        content=content,
        office_id=office.pk,
        to=tuple(to),
        postal=Postal(office.name, office.postal_code, address) if office.closed_on is None else None,
        in_portal=True,
    )


class _Writer:
    """One notice. `_day` says 6月9日（火）, with the year where it is another one."""

    def __init__(self, due: Due, one: Mine, matter: Matter, plan: Plan, leads: Sequence[int], recorded_on: date | None):
        self.due, self.office, self.m, self.plan, self.leads = due, one.office, matter, plan, leads
        self.recorded_on = recorded_on or matter.today
        self.term, self.number = due.term, one.office.business_number

    def written(self) -> tuple[str, Content]:
        if self.due.kind == RENEWAL_MONTH:
            return self._renewal_month()
        if self.due.kind == REMINDER:
            return self._reminder()
        return self._renewed() if self.due.kind == TOLD_RENEWED else self._ended()

    # --- before the end ---------------------------------------------------------------

    def _reminder(self) -> tuple[str, Content]:
        change = self._change()
        write = {RENEWED_PAID: self._renews_paid, RENEWED_FREE: self._renews_free, LAPSED: self._lapses}
        return write.get(change.kind, self._stops)(change)

    def _change(self) -> Change:
        assert self.plan.next_change is not None, "a running term has an end"
        return self.plan.next_change

    def _renews_paid(self, change: Change) -> tuple[str, Content]:
        on, last = self.m.short(change.on), self.m.short(self.term.ends_on)
        how = "申し込みのとおり有償で" if change.uses_reservation else "自動で"
        title = f"{on}に更新（{self._title_fee(change.on)}）。やめるなら{last}まで"
        lead = (
            f"{on}に{how}更新し、{self._costs(change.on)}",
            f"やめるときは、{self._day(self.term.ends_on)}までです。",
        )
        facts = (*self._ends(), *self._next_year(change))
        return title, self._content(
            lead, self._stop_link(), ("続けるときは、何もしなくてかまいません。",), facts, self._when_stopping()
        )

    def _renews_free(self, change: Change) -> tuple[str, Content]:
        assert change.opens is not None
        on = self.m.short(change.on)
        title = f"{on}から1年間、無料になります（フリーパス）"
        lead = (
            f"{on}から{ja_day(change.opens.ends_on)}まで、フリーパスで0円です。",
            f"やめるときは、{self._day(self.term.ends_on)}までです。",
        )
        after = Section("無料の1年のあと", (self._after_free(change.opens),))
        facts = (*self._ends(), *self._next_year(change))
        calm = ("続けるときは、何もしなくてかまいません。",)
        return title, self._content(lead, self._stop_link(), calm, facts, (*self._when_stopping(), after))

    def _stops(self, change: Change) -> tuple[str, Content]:
        last = self.m.short(self.term.ends_on)
        if change.reason != STOP_REQUESTED:
            lead = (
                f"{self._day(self.term.ends_on)}で利用が終わります。{STOP_REASONS.get(change.reason, '')}",
                "費用はかかりません。",
            )
            return f"{last}で利用が終わります（費用はかかりません）", self._content(
                lead, self._my_link(), ("手続きは要りません。",), self._ends()
            )
        lead = (
            f"届け出のとおり、{self._day(self.term.ends_on)}で利用が終わります。費用はかかりません。",
            f"続けるときは、{last}までなら取り消せます。",
        )
        link = ("やめるのを取り消す手続き", self._path("campaigns:my-stop-withdraw"))
        title = f"{last}で利用が終わります。取り消すなら{last}まで"
        return title, self._content(lead, link, ("このままでよければ、何もしなくてかまいません。",), self._ends())

    def _lapses(self, change: Change) -> tuple[str, Content]:
        last, on = self.m.short(self.term.ends_on), self.m.short(change.on)
        first = f"{self._day(self.term.ends_on)}で期限が切れ、{on}から使えません。費用はかかりません。"
        paid = f"{self._day(self.term.ends_on)}までに申し込んでください。"
        free_until = self.m.answer.no_gap_until if self._may_be_free() else None
        if free_until is None:
            lead = (first, f"続けるときは、有償の更新を{paid}")
            title = f"{last}で期限が切れます。続けるなら{last}までに有償の更新を"
        else:
            # R6 gives the Free Pass its renewal date as well: the same day here as on the office's page.
            lead = (first, f"続けるときは、フリーパスなら{self._day(free_until)}までに申請し、有償なら{paid}")
            title = f"{last}で期限が切れます。切れ目なく無料にするなら、{self.m.short(free_until)}までに申請を"
        calm = ("やめるときは、何もしなくてかまいません。",)
        return title, self._content(lead, self._going_on_link(), calm, self._ends(), tuple(self._ways_on()))

    def _renewal_month(self) -> tuple[str, Content]:
        change = self._change()
        month = f"{self.term.renewal_on.month}月"
        outcome = self.m.answer.outcome
        if outcome == APPLY_NOW:
            told = tell(self.m)
            title = f"{month}は更新月です。フリーパスを申請できます（0円）"
            lead = (f"{told.title}。", self._if_nothing(change))
            return title, self._content(
                lead, self._file_link(), self._how_to_stop(change), (*self._ends(), *self._next_year(change))
            )
        title = f"{month}は更新月です。{self._in_short(change)}"
        link = self._stop_link() if change.kind == RENEWED_PAID else self._going_on_link()
        told_so: tuple[str, ...] = (self._if_nothing(change), *self._how_to_stop(change))
        facts = (*self._ends(), *self._next_year(change))
        return title, self._content(told_so, link, (), facts, tuple(self._ways_on()))

    def _if_nothing(self, change: Change) -> str:
        on, last = self.m.short(change.on), self.m.short(self.term.ends_on)
        if change.kind == RENEWED_PAID:
            return f"何もしないと、{on}に自動で更新し、{self._costs(change.on)}"
        if change.kind == LAPSED:
            return f"何もしないと、{last}で期限が切れ、{on}から使えません。費用はかかりません。"
        return f"{last}で利用が終わります。{STOP_REASONS.get(change.reason, '')}費用はかかりません。"

    def _how_to_stop(self, change: Change) -> tuple[str, ...]:
        if change.kind == RENEWED_PAID:
            return (f"やめるときは、{self._day(self.term.ends_on)}までに届け出てください。",)
        return ("やめるときは、何もしなくてかまいません。",) if change.kind == LAPSED else ()

    def _in_short(self, change: Change) -> str:
        last = self.m.short(self.term.ends_on)
        if change.kind == RENEWED_PAID:
            return f"{self.m.short(change.on)}に更新（{self._title_fee(change.on)}）"
        return f"{last}で期限が切れます" if change.kind == LAPSED else f"{last}で利用が終わります"

    # --- after the end ----------------------------------------------------------------

    def _renewed(self) -> tuple[str, Content]:
        term, on = self.term, self.m.short(self.term.starts_on)
        last = ja_day(term.ends_on)
        calm: tuple[str, ...] = (f"やめるときは、{ja_date(term.ends_on)}までに届け出てください。",)
        if term.pricing == FREE_PASS:
            title = f"フリーパスが始まりました。{last}まで0円です"
            lead = (f"{on}から、フリーパスで使っています。{last}まで0円です。", self._after_free(term))
            return title, self._content(lead, self._stop_link(), calm, self._this_year())
        title = f"{on}に更新しました（{yen(term.fee_yen)}）。{last}まで使えます"
        lead = (
            f"{on}に更新しました。利用料は{yen(term.fee_yen)}です。{last}まで使えます。",
            f"請求は{self._day(bill_month(term.starts_on, self.recorded_on))}です。",
        )
        calm = (*calm, "途中でやめても、払いもどしはありません。")
        return title, self._content(lead, self._stop_link(), calm, self._this_year(), tuple(self._ways_on()))

    def _ended(self) -> tuple[str, Content]:
        last = self.m.short(self.term.ends_on)
        if self.term.closing == LAPSED:
            title = f"{last}で期限が切れました。いまは使えません"
            first = f"{last}で期限が切れ、いまは使えません。費用はかかりません。"
        else:
            title = f"{last}で利用が終わりました"
            first = f"{self._why_ended()}{last}で利用が終わりました。費用はかかりません。"
        again = self.m.policy.allows_term_on(self.m.today) and self.office.closed_on is None
        link = (
            (self._file_link() if self.m.answer.outcome == APPLY_NOW else self._pay_link())
            if again
            else self._my_link()
        )
        lead = (first, "また使うときは、いつでも始められます。") if again else (first,)
        return title, self._content(
            lead, link, ("使わないときは、何もしなくてかまいません。",), self._ends(), tuple(self._ways_on())
        )

    def _why_ended(self) -> str:
        if self.term.stop_requested:
            return "届け出のとおり、"
        return "事業所の廃止の届けにより、" if self.office.closed_on else "事業が終わったため、"

    # --- parts ------------------------------------------------------------------------

    def _content(
        self,
        lead: Sequence[str],
        link: tuple[str, str],
        calm: Sequence[str],
        facts: Sequence[tuple[str, str]],
        sections: Sequence[Section] = (),
    ) -> Content:
        number = ("事業所番号", grouped(self.number))
        name = self.office.name or "名前の登録がない事業所"
        return Content(tuple(lead), link, tuple(calm), name, (number, *facts), (*sections, *self._next_reminders()))

    def _ends(self) -> tuple[tuple[str, str], ...]:
        name = "無料の1年のおわり" if self.term.pricing == FREE_PASS else "期間のおわり"
        return ((name, ja_date(self.term.ends_on)),)

    def _next_year(self, change: Change) -> tuple[tuple[str, str], ...]:
        if change.opens is None:
            return ()
        years = f"{ja_date(change.opens.starts_on)}から{ja_date(change.opens.ends_on)}まで"
        if change.kind == RENEWED_FREE:
            return (("次の1年", years), ("次の1年の利用料", "0円"))
        bill = ja_date(bill_month(change.on, change.on))
        return (("次の1年", years), ("次の1年の利用料", self.m.fee(change.on)), ("請求する日", bill))

    def _this_year(self) -> tuple[tuple[str, str], ...]:
        years = f"{ja_date(self.term.starts_on)}から{ja_date(self.term.ends_on)}まで"
        return (("期間", years), ("利用料", yen(self.term.fee_yen)))

    def _costs(self, on: date) -> str:
        fee = yen(self.m.policy.fee_on(on).yen)
        return f"{UNDECIDED}いまの額は{fee}です。" if self.m.policy.fee_is_undecided(on) else f"{fee}かかります。"

    def _title_fee(self, on: date) -> str:
        return "利用料は未定" if self.m.policy.fee_is_undecided(on) else yen(self.m.policy.fee_on(on).yen)

    def _after_free(self, term: Term) -> str:
        if not self.m.policy.allows_term_on(term.renewal_on):
            return "そのあとは、事業が終わるため使えません。"
        return f"終わると自動で更新し、年{self.m.fee(term.renewal_on)}がかかります。"

    def _when_stopping(self) -> tuple[Section, ...]:
        last = ja_short(self.term.ends_on)
        lines = [f"{last}まで使えます。費用はかかりません。", f"{last}までなら、取り消せます。"]
        if self.term.pricing == FREE_PASS:
            lines.append("フリーパスは、1回使ったことになります。")
        elif self.plan.is_reserved and self._change().kind == RENEWED_FREE:
            lines.append("フリーパスの予約は外れます。1回は、使わなかったことになります。")
        return (Section("やめると", tuple(lines)),)

    def _may_be_free(self) -> bool:
        return self.m.answer.outcome in (APPLY_NOW, APPLY_LATER) and self.m.answer.alternative is None

    def _ways_on(self) -> Iterator[Section]:
        """How it can go on for nothing, where it can."""
        if self._may_be_free():
            yield Section(
                "フリーパス（1年間無料）",
                (f"{tell(self.m).title}。申請のページは、次のとおりです。", self._absolute(self._file_link()[1])),
            )
        change = self.plan.next_change
        if change is not None and change.kind == LAPSED:
            first = month_start(self.term.renewal_on)
            when = "いま" if self.m.today >= first else self.m.short(first)
            yield Section(
                "有償で続けるとき",
                (f"{when}から{self.m.short(self.term.ends_on)}までに申し込めます。年{self.m.fee(change.on)}です。",),
            )

    def _next_reminders(self) -> Iterator[Section]:
        if self.due.kind != REMINDER:
            return
        days = [
            f"{lead}日前（{self.m.short(day)}）" for lead, day in reminder_days(self.term, self.leads, self.m.today)
        ]
        if days:
            yield Section("次のお知らせ", ("と".join(days) + "です。",))

    def _day(self, day: date) -> str:
        return f"{self.m.short(day)}（{weekday(day)[0]}）"

    def _path(self, name: str) -> str:
        return reverse(name, args=[self.number])

    def _absolute(self, path: str) -> str:
        return f"{settings.PORTAL_BASE_URL}{path}"

    def _stop_link(self) -> tuple[str, str]:
        return "やめる手続き", self._path("campaigns:my-stop")

    def _my_link(self) -> tuple[str, str]:
        return "いまの状態を見る", self._path("campaigns:my-office")

    def _pay_link(self) -> tuple[str, str]:
        return "有償で始める手続き", self._path("campaigns:my-pay")

    def _file_link(self) -> tuple[str, str]:
        return "フリーパスを申請する", f"{reverse('campaigns:check-result')}?number={self.number}"

    def _going_on_link(self) -> tuple[str, str]:
        if self.m.answer.outcome == APPLY_NOW:
            return self._file_link()
        if self.m.today >= month_start(self.term.renewal_on):
            return "続ける手続き", self._path("campaigns:my-pay")
        return self._my_link()
