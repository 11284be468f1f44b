"""What an answer is told from, and the sentences that several answers share."""

from dataclasses import dataclass
from datetime import date

from campaigns.rules.assessing import RENEWS_PAID, STOPS, Assessment, Situation
from careplan_portal.lib.dates import Period, day_after
from careplan_portal.lib.words import ja_day, ja_short, yen
from licenses.rules import Policy, Term

Fact = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Way:
    """One of R5's two roads."""

    title: str
    cost: str
    note: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """`tone` colours the page, `say` is the short yes or no, `title` the sentence to remember;
    three `facts` (label, value, note); `points` what else to know; `ways` only under R5."""

    tone: str
    say: str
    title: str
    facts: tuple[Fact, ...] = ()
    lead: str = ""
    points: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()
    can_file: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """What an answer is told from: the answer itself, what it was made of, the offer's window,
    fees, and the day it is told on. `renewal_unknown`: a visitor who does not know how the licence
    renews; the answer is then that of a renewal by hand, and both ends are told."""

    answer: Assessment
    situation: Situation
    window: Period
    policy: Policy
    today: date
    renewal_unknown: bool = False

    def fee(self, day: date) -> str:
        """The yearly fee of a term from `day` on, with 未定 where it only goes on (R14)."""
        if not self.policy.allows_term_on(day):
            return "事業が終わるため、ありません"
        return fee_words(self.policy, day)

    def short(self, day: date) -> str:
        """4月15日 within this year, else with the year."""
        return ja_short(day) if day.year == self.today.year else ja_day(day)


def fee_words(policy: Policy, day: date) -> str:
    """The yearly fee from `day` on; an amount that only goes on is shown with 未定 (R14). Raises
    licenses.rules.BadRecord where none is on file."""
    amount = yen(policy.fee_on(day).yen)
    return f"{amount}（未定）" if policy.fee_is_undecided(day) else amount


def cost_note(m: Matter, term: Period) -> str:
    """What stands under 0円: what is saved, or what the year after costs."""
    if m.answer.rule == "R6" and m.situation.current is not None:
        return f"{yen(m.policy.fee_on(m.situation.current.starts_on).yen)}の請求はなくなります"
    after = day_after(term.ends_on)
    if not m.policy.allows_term_on(after):
        return "そのあとは、事業が終わるため使えません"
    return going_on(m.fee(after))


def going_on(fee: str) -> str:
    """What the years after the free one cost: "the next year" would be another one for each reader."""
    return f"無料の1年のあとも続けると、年{fee}"


def if_nothing(m: Matter, current: Term) -> str:
    """What happens at the end of the current term if nobody does anything, and what it costs."""
    event = m.answer.next_event
    first, last = m.short(current.renewal_on), m.short(current.ends_on)
    if event is not None and event.event == RENEWS_PAID:
        how = "申し込んだとおりに" if m.situation.renewal_filed else "自動で"
        return f"何もしないと、{first}に{how}更新し、{m.fee(event.on)}がかかります。"
    if event is not None and event.event == STOPS:
        return f"何もしないと、{last}で利用が終わります。費用はかかりません。"
    if m.renewal_unknown:
        fee = m.fee(current.renewal_on)
        return f"何もしないと、自動更新なら{first}に更新して{fee}がかかり、手動更新なら{last}で期限切れになります。"
    return f"何もしないと、{last}で期限切れになり、{first}から使えません。費用はかかりません。"
