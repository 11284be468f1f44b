"""What stopping, or taking it back, would change: shown before anything is sent (R10).

Both futures are computed by `plan` itself, once with the stop on file and once without.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from campaigns.rules.assessing import APPLY_NOW, GRANTED, RESERVED
from campaigns.rules.coming import free_again_until
from campaigns.rules.telling import Fact, Matter, tell
from careplan_portal.lib.words import ja_day, weekday, yen
from licenses.rules import (
    FREE_PASS,
    LAPSED,
    RENEWED_FREE,
    RENEWED_PAID,
    STOPPED,
    Change,
    Plan,
    Term,
    bill_month,
    turn,
    turn_with_stop,
)


@dataclass(frozen=True, slots=True)
class Future:
    """One line of the two futures beside each other; a cell is (in bold, below it)."""

    when: str
    stop: tuple[str, str]
    go_on: tuple[str, str]

    @property
    def cells(self) -> tuple[tuple[str, str], tuple[str, str]]:
        return (self.stop, self.go_on)


@dataclass(frozen=True, slots=True)
class Better:
    """A way that costs less or brings more than stopping; `files` where it is to file for the Free Pass today."""

    title: str
    say: str
    files: bool = False


@dataclass(frozen=True, slots=True)
class StopAhead:
    """What stopping means for an office: `last` is the last day of use, `after` the first day
    without; `without` names the other future; `nothing` what happens without a stop; `undone` what
    taking it back brings."""

    last: date
    after: date
    title: str
    lead: str
    facts: tuple[Fact, ...]
    futures: tuple[Future, ...]
    without: str
    nothing: str
    undone: str
    whatif: str
    better: Better | None
    releases: bool
    lost: str
    from_then: str
    done_title: str
    go_on: Change


def stop_ahead(matter: Matter, plan: Plan) -> StopAhead | None:
    """What a stop filed today (or the one on file) does; None without a valid term."""
    current = plan.current
    go_on = turn_with_stop(plan, matter.policy, stop=False)
    stopped = turn_with_stop(plan, matter.policy, stop=True)
    if current is None or go_on is None or stopped is None:
        return None
    ahead = _Ahead(matter, current, go_on, stopped)
    return StopAhead(
        last=current.ends_on,
        after=stopped.on,
        title=ahead.title(),
        lead=ahead.lead(),
        facts=ahead.facts(),
        futures=tuple(ahead.futures()),
        without=ahead.without(),
        nothing=f"何もしないと、{ahead.goes_on()}。",
        undone=f"{ahead.undone()}。{ahead.bill()}",
        whatif=ahead.whatif(),
        better=ahead.better(),
        releases=stopped.releases_reservation,
        lost=ahead.lost(),
        from_then=f"{ahead.on}から",
        done_title=f"やめる届けを受け付けました。{ahead.last}まで使えます",
        go_on=go_on,
    )


class _Ahead:
    def __init__(self, matter: Matter, current: Term, go_on: Change, stopped: Change):
        self.m, self.current, self.go, self.stopped = matter, current, go_on, stopped
        self.last, self.on = matter.short(current.ends_on), matter.short(stopped.on)
        self.free = current.pricing == FREE_PASS
        self.free_again = free_again_until(matter, stopped.on)

    def title(self) -> str:
        if self.go.kind == RENEWED_FREE:
            return f"やめると、{self.on}からの無料の1年は始まりません"
        if self.go.kind in (LAPSED, STOPPED):
            return f"届け出なくても、{self.last}で利用は終わります"
        if self.free:
            return f"やめても、{self.last}までは使えます。お金はかかりません"
        return f"やめても、{self.last}までは使えます。次の1年の{self.fee()}はかかりません"

    def fee(self) -> str:
        return self.m.fee(self.go.on)

    def lead(self) -> str:
        if self.go.kind == RENEWED_FREE:
            return (
                f"{self.last}までは使えます。フリーパスの予約は、{self.on}に外れます。"
                "無料の1回は使わなかったことになります。"
            )
        if self.go.kind == LAPSED:
            return (
                "この事業所は自動では更新しません。届け出なくてもかまいません。届け出ると、更新のお知らせが止まります。"
            )
        return ""

    def facts(self) -> tuple[Fact, ...]:
        kind = "無料の1年のおわりです" if self.free else "有償の期間のおわりです"
        back = (
            "取り消すと、予約も元のままです"
            if self.stopped.releases_reservation
            else "何回でも、事業所の画面でできます"
        )
        cost = "途中でやめる費用もありません"
        if not self.free and self.current.fee_yen:
            cost = f"払った{yen(self.current.fee_yen)}は戻りません"
        return (
            ("使えるおわりの日", ja_day(self.current.ends_on), f"{weekday(self.current.ends_on)}。{kind}"),
            ("やめると、いくら", "0円", cost),
            ("取り消せるのは", f"{self.last}まで", back),
        )

    def futures(self) -> Iterator[Future]:
        now = ("0円", "使えます") if self.free else ("", "使えます")
        yield Future(f"{self.last}まで", now, now)
        lost = "予約は外れます" if self.stopped.releases_reservation else "相手とデータを送り合えません"
        yield Future(f"{self.on}から", ("使えません", lost), self._then())
        if self.go.kind == RENEWED_PAID:
            bill = ja_day(bill_month(self.go.on, self.go.on))
            yield Future("請求", ("", "ありません"), ("", bill))
        # A free year that is to come has an end of its own to tell of.
        after = "そのあと" if self.go.kind == RENEWED_FREE else "また使うとき"
        yield Future(after, ("", self.again()), ("", self._later()))

    def _then(self) -> tuple[str, str]:
        opens = self.go.opens
        if self.go.kind == RENEWED_FREE and opens is not None:
            return ("1年間 0円", f"{ja_day(opens.ends_on)}まで")
        if self.go.kind == RENEWED_PAID:
            return (f"年{self.fee()}", "有償で更新" if self.go.uses_reservation else "自動で更新")
        if self.go.kind == LAPSED:
            return ("使えません", "更新か申請をしないとき")
        return ("使えません", "自動の更新がありません")

    def without(self) -> str:
        """The head of the other column: without a stop a licence that ends all the same does not go on."""
        if self.go.kind in (LAPSED, STOPPED):
            return "届け出ない"
        return "続ける（いまの予約）" if self.stopped.releases_reservation else "続ける"

    def _later(self) -> str:
        opens = self.go.opens
        if self.go.kind == RENEWED_FREE and opens is not None:
            return f"{ja_day(opens.renewal_on)}に自動で更新し、年{self.m.fee(opens.renewal_on)}です"
        return "そのまま使えます" if opens is not None else self.again()

    def again(self) -> str:
        if self.free_again is None:
            used = "フリーパスは、1回使ったことになります" if self.m.situation.free_pass == GRANTED else ""
            return "いつでも有償で始められます" + (f"。{used}" if used else "")
        word = "申請し直せます" if self.m.situation.free_pass == RESERVED else "申請できます"
        return f"{self.m.short(self.free_again)}までなら、フリーパスを{word}。申請した日から1年間、無料です"

    def goes_on(self) -> str:
        opens = self.go.opens
        if self.go.kind == RENEWED_FREE and opens is not None:
            return f"{self.on}から{ja_day(opens.ends_on)}まで、無料で使えます"
        if self.go.kind == RENEWED_PAID:
            how = "有償で更新し" if self.go.uses_reservation else "自動で更新し"
            return f"{self.on}に{how}、年{self.fee()}がかかります"
        return f"{self.last}で利用が終わります。費用はかかりません"

    def undone(self) -> str:
        if self.go.kind == LAPSED:
            return f"届け出る前にもどります。自動では更新しないので、{self.goes_on()}"
        return self.goes_on()

    def bill(self) -> str:
        if self.go.kind != RENEWED_PAID:
            return ""
        return f"請求は{ja_day(bill_month(self.go.on, self.go.on))}です。"

    def lost(self) -> str:
        """The reservation that goes with a stop; coming back is said with it."""
        opens = self.go.opens
        if self.go.kind == RENEWED_FREE and opens is not None:
            years = f"{ja_day(opens.starts_on)}から{ja_day(opens.ends_on)}まで"
            return f"{years}、0円の予約。フリーパスの1回は使わなかったことになります"
        return "有償の更新の申し込み" if self.stopped.releases_reservation else ""

    def whatif(self) -> str:
        lost = "フリーパスの予約は外れます。" if self.go.kind == RENEWED_FREE else ""
        if self.stopped.releases_reservation and self.go.kind == RENEWED_PAID:
            lost = "有償の更新の申し込みは外れます。"
        paid = "" if self.free or not self.current.fee_yen else "払ったお金は戻りません。"
        return f"{ja_day(self.current.ends_on)}まで使えて、そこで終わります。{lost}{paid}追加の費用はありません。"

    def better(self) -> Better | None:
        opens = self.go.opens
        if self.go.kind == RENEWED_FREE and opens is not None:
            say = f"続けて、{ja_day(opens.ends_on)}までに「利用をやめる」を届け出れば、費用は0円のままです。"
            return Better("無料の1年を使ってから、やめることもできます", say)
        if self.m.answer.outcome == APPLY_NOW and not self.m.answer.warnings:
            return Better("やめなくても、フリーパスを申請できます（0円）", f"{tell(self.m).title}。", files=True)
        return None


def refund_line(term: Term) -> str:
    """What happens to money already paid: nothing comes back inside a term."""
    if term.pricing == FREE_PASS or not term.fee_yen:
        return "無料の1年は、おわりの日まで0円のままです。追加の費用もありません"
    return f"追加の費用はありません。払った{yen(term.fee_yen)}は戻りません"


@dataclass(frozen=True, slots=True)
class WithdrawalAhead:
    """What taking a reservation back means: `instead` what happens at the term's end then, `again`
    until when the Free Pass can be filed for anew, empty when it cannot."""

    last: date
    instead: str
    again: str


def withdrawal_ahead(m: Matter, plan: Plan) -> WithdrawalAhead | None:
    """What a withdrawal filed today does (R8); None without a reservation."""
    reservation = plan.facts.reservation
    if plan.current is None or reservation is None:
        return None
    without = turn(replace(plan.facts, reservation=None), m.policy)
    again = ""
    if reservation.kind == FREE_PASS and m.today in m.window:
        again = f"フリーパスは使わなかったことになります。{ja_day(m.window.ends_on)}までなら、また申請できます。"
    return WithdrawalAhead(plan.current.ends_on, _instead(m, plan.current, without), again)


def _instead(m: Matter, current: Term, without: Change) -> str:
    if without.kind == RENEWED_PAID:
        bill = ja_day(bill_month(without.on, without.on))
        return f"{m.short(without.on)}に自動で更新し、年{m.fee(without.on)}がかかります。請求は{bill}です。"
    return f"{m.short(current.ends_on)}で利用が終わります。費用はかかりません。"
