"""An answer in plain words: what stands on top of the page, and what else to know.

The same words on the check page, at filing, and wherever an answer is shown to people.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from campaigns.rules.assessing import (
    ALREADY_RESERVED,
    ALREADY_USED,
    APPLY_LATER,
    APPLY_NOW,
    RENEWAL_OUTSIDE_WINDOW,
    RENEWS_PAID,
    STOPS,
    WINDOW_CLOSED,
    Assessment,
    Situation,
)
from careplan_portal.lib.dates import Period, day_after, day_before, next_month_start, year_from
from careplan_portal.lib.words import ja_date, ja_day, ja_short, until, weekday, yen
from licenses.rules import FREE_PASS, Policy, Term

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
    fees, and the day it is told on."""

    answer: Assessment
    situation: Situation
    window: Period
    policy: Policy
    today: date

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


def tell(matter: Matter) -> Told:
    """The answer in words; every outcome of CONTRACT has its own."""
    outcome = matter.answer.outcome
    if matter.answer.alternative is not None:
        return _two_ways(matter)
    return {
        APPLY_NOW: _now,
        APPLY_LATER: _later,
        ALREADY_RESERVED: _reserved,
        ALREADY_USED: _used,
        RENEWAL_OUTSIDE_WINDOW: _outside,
        WINDOW_CLOSED: _closed,
    }[outcome](matter)


# --- it may be filed, now or later ---------------------------------------------------------


def _now(m: Matter) -> Told:
    term = _free(m)
    if m.answer.warnings:
        return Told(
            "alert",
            "申請の前に、確かめてください",
            "申請はできますが、このサービスはいまのデータ連携の対象ではありません",
            _free_facts(m, term),
            "この番号に登録されているサービスの予定と実績は、このシステムではやりとりできません。無料の1年は1回だけなので、使わないまま終わることがあります。",
            tuple(_points(m)),
            can_file=True,
        )
    return Told("free", "はい、対象です", _now_title(m), _free_facts(m, term), "", tuple(_points(m)), can_file=True)


def _now_title(m: Matter) -> str:
    if m.answer.rule == "R3":
        return "きょう申請すると、きょうから1年間無料になります"
    assert m.answer.no_gap_until is not None
    last = m.short(m.answer.no_gap_until)
    if m.answer.rule == "R6":
        return f"{last}までに申請すると、いまの1年が0円になります"
    return f"{last}までに申請すると、切れ目なく1年間無料になります"


def _later(m: Matter) -> Told:
    term = _free(m)
    assert m.answer.apply_from is not None
    first = m.short(m.answer.apply_from)
    if m.answer.rule == "R3":
        title = f"{first}から申請できます。申請した日から1年間無料になります"
    else:
        assert m.answer.no_gap_until is not None
        title = f"{first}から{m.short(m.answer.no_gap_until)}までに申請すると、切れ目なく1年間無料になります"
    return Told("wait", "対象です。申請の日は、まだ先です", title, _free_facts(m, term), "", tuple(_points(m)))


def _free(m: Matter) -> Period:
    assert m.answer.free_term is not None
    return m.answer.free_term


def _free_facts(m: Matter, term: Period) -> tuple[Fact, ...]:
    begun = m.answer.rule == "R6"
    return (
        ("いつから", ja_day(term.starts_on), _start_note(m, term)),
        (
            "いつまで",
            ja_day(term.ends_on),
            f"{weekday(term.ends_on)}。{'変わりません' if begun else 'ちょうど1年間です'}",
        ),
        ("いくら", "0円", _cost_note(m, term)),
    )


def _start_note(m: Matter, term: Period) -> str:
    if m.answer.rule == "R6":
        return "いまの期間の始まりの日。変わりません"
    if m.answer.rule == "R3":
        return "きょう。申請した日から始まります" if term.starts_on == m.today else "この日に申請したとき"
    return f"{weekday(term.starts_on)}。期間が終わった次の日です"


def _cost_note(m: Matter, term: Period) -> str:
    if m.answer.rule == "R6" and m.situation.current is not None:
        return f"{yen(m.policy.fee_on(m.situation.current.starts_on).yen)}の請求はなくなります"
    after = day_after(term.ends_on)
    if not m.policy.allows_term_on(after):
        return "そのあとは、事業が終わるため使えません"
    return f"何もしないと、次の1年は{m.fee(after)}"


def _points(m: Matter) -> Iterator[str]:
    """What else to know before filing; the rules' own reasons stand beside it."""
    if m.answer.rule == "R3":
        yield (
            f"申請できるのは{ja_day(m.window.ends_on)}までです。あとで申請すると、始まりも終わりもその分あとになります。"
        )
    if m.situation.current is not None:
        yield from _points_of_term(m, m.situation.current)
    term = m.answer.free_term
    if term is not None and m.policy.fee_is_undecided(day_after(term.ends_on)):
        yield "次の1年の利用料は未定です（決まったらお知らせします）。出ているのは、いまの金額です。"


def _points_of_term(m: Matter, current: Term) -> Iterator[str]:
    if m.situation.stop_requested:
        yield "利用停止の届けが出ています。申請すると、この届けは取り下げられます。"
    if m.situation.renewal_filed:
        yield "申し込んである有償の更新は、フリーパスに置きかわります。"
    if m.answer.rule == "R6":
        bill = m.short(next_month_start(m.today))
        yield f"何もしないと、{bill}に利用料を請求します。{bill}からあとは、この期間を無料にできません。"
    elif m.answer.rule == "R4":
        yield _if_nothing(m, current)
        yield from _after_a_gap(m, current)


def _if_nothing(m: Matter, current: Term) -> str:
    event = m.answer.next_event
    first, last = m.short(current.renewal_on), m.short(current.ends_on)
    if event is not None and event.event == RENEWS_PAID:
        how = "申し込んだとおりに" if m.situation.renewal_filed else "自動で"
        return f"何もしないと、{first}に{how}更新し、{m.fee(event.on)}がかかります。"
    if event is not None and event.event == STOPS:
        return f"何もしないと、{last}で利用が終わります。費用はかかりません。"
    return f"何もしないと、{last}で期限切れになり、{first}から使えません。費用はかかりません。"


def _after_a_gap(m: Matter, current: Term) -> Iterator[str]:
    end = m.answer.apply_until
    if m.situation.renews_by_itself or end is None or end <= current.renewal_on:
        return
    first = m.short(day_after(current.renewal_on))
    yield (
        f"{first}から{m.short(end)}までに申請したときは、申請した日から1年間です。その間の日は使えません。"
        f"{m.short(day_after(end))}からあとは申請できません。"
    )


# --- R5: two ways --------------------------------------------------------------------------


def _two_ways(m: Matter) -> Told:
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


# --- it may not be filed -------------------------------------------------------------------


def _reserved(m: Matter) -> Told:
    term = _free(m)
    last = m.short(day_before(term.starts_on))
    facts = (
        ("いつから", ja_day(term.starts_on), f"{weekday(term.starts_on)}。いまの期間が終わった次の日です"),
        ("いつまで", ja_day(term.ends_on), f"{weekday(term.ends_on)}。ちょうど1年間です"),
        ("いくら", "0円", _cost_note(m, term)),
    )
    points: tuple[str, ...] = (
        f"予約は、{last}までなら取り下げられます。取り下げると、フリーパスの1回は使わなかったことになります。",
        f"{m.short(term.starts_on)}に始まったあとは、取り下げられません。期間の途中でやめても、1回使ったことになります。",
    )
    if m.situation.stop_requested:
        points = (f"利用停止の届けが出ているので、{last}で利用が終わり、予約はなくなります。", *points)
    return Told(
        "free",
        "予約ずみです。することはありません",
        f"{m.short(term.starts_on)}から1年間、無料になります",
        facts,
        "",
        points,
    )


def _used(m: Matter) -> Told:
    current = m.situation.current
    if current is None:
        return Told(
            "none",
            "今回は対象になりません",
            "フリーパスは、もう使っています。使えるのは1回だけです",
            (_paid_start(m),),
            points=("有償なら、きょうからでも始められます。",),
        )
    if current.pricing != FREE_PASS:
        return Told(
            "none",
            "今回は対象になりません",
            "フリーパスは、もう使っています。使えるのは1回だけです",
            _turn_facts(m, current),
            points=(_if_nothing(m, current),),
        )
    stops = m.situation.stop_requested
    then = "そこで利用が終わります" if stops else f"そのあとは年{m.fee(current.renewal_on)}になります"
    points = [f"無料の1年を使っているので、2回目の申請はできません。{_if_nothing(m, current)}"]
    if not stops:
        points.append(
            f"続けないときは、{m.short(current.ends_on)}までに「利用をやめる」を押してください。費用はかからず、その日まで使えます。"
        )
    return Told(
        "free",
        "無料の1年を使っているところです",
        f"無料なのは{m.short(current.ends_on)}までです。{then}",
        _turn_facts(m, current),
        points=tuple(points),
    )


def _outside(m: Matter) -> Told:
    current = m.situation.current
    assert current is not None
    by_itself = m.situation.renews_by_itself
    points = [
        f"このまま使えます。{_if_nothing(m, current)}",
        "ほかの事業所番号では、答えがちがうことがあります。番号ごとに調べてください。",
        "日付がちがう、手続きが間に合わなかったなどのときは、電話で事情をお聞かせください。",
    ]
    if by_itself:
        points.insert(
            1,
            f"やめるときは、{m.short(current.ends_on)}までに「利用をやめる」を押してください。追加の費用はなく、その日まで使えます。",
        )
    return Told(
        "none",
        "今回は対象になりません",
        f"次の更新日（{m.short(current.renewal_on)}）が受付の最終日より後なので、いまは無料にできません",
        _turn_facts(m, current),
        points=tuple(points),
    )


def _turn_facts(m: Matter, current: Term) -> tuple[Fact, ...]:
    event = m.answer.next_event
    paid = event is not None and event.event == RENEWS_PAID
    ends = "無料のおわり" if current.pricing == FREE_PASS else "いまの期間のおわり"
    bill = m.short(next_month_start(current.renewal_on))
    return (
        (ends, ja_day(current.ends_on), f"{weekday(current.ends_on)}。{until(current.ends_on, m.today)}です"),
        (
            "次の1年" if paid else "その次の日",
            ja_day(current.renewal_on),
            "自動で更新します" if paid else "この日から使えなくなります",
        ),
        (
            "いくら",
            m.fee(event.on) if paid and event else "0円",
            f"{bill}に請求します" if paid else "費用はかかりません",
        ),
    )


def _closed(m: Matter) -> Told:
    current = m.situation.current
    last = m.window.ends_on
    facts: tuple[Fact, ...] = (
        ("受付の最終日", ja_day(last), f"{weekday(last)}で終わりました"),
        ("次の受付", "未定です", "決まったらお知らせします"),
    )
    third: Fact = _paid_start(m) if current is None else _turn_facts(m, current)[0]
    points = [f"{m.short(last)}までに受け付けた申請と予約は、そのまま生きています。"]
    if current is None:
        points.append("有償で始めると、その日から1年間使えます。始めた期間の途中では取り消せず、お金は戻りません。")
    else:
        points.append(_if_nothing(m, current))
    return Told(
        "none",
        "受付は終わりました",
        f"フリーパスの申請は、{m.short(last)}で締め切りました",
        (*facts, third),
        points=tuple(points),
    )


def _paid_start(m: Matter) -> Fact:
    if not m.policy.allows_term_on(m.today):
        return ("有償で始める", "できません", "事業が終わりました")
    return ("有償で始める", f"年{yen(m.policy.fee_on(m.today).yen)}", "きょうからでも始められます")


def date_line(term: Period) -> str:
    """2026年4月15日（水）から2027年4月14日（水）まで, for lists and papers."""
    return f"{ja_date(term.starts_on)}から{ja_date(term.ends_on)}まで"
