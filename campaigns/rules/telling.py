"""An answer in plain words: what stands on top of the page, and what else to know.

The same words on the check page, at filing, and wherever an answer is shown to people.
"""

from collections.abc import Iterator

from campaigns.rules import not_filing
from campaigns.rules.assessing import (
    ALREADY_RESERVED,
    ALREADY_USED,
    APPLY_LATER,
    APPLY_NOW,
    RENEWAL_OUTSIDE_WINDOW,
    WINDOW_CLOSED,
)
from campaigns.rules.matter import Fact, Matter, Told, Way, cost_note, fee_words, if_nothing
from campaigns.rules.two_ways import two_ways
from careplan_portal.lib.dates import Period, day_after, next_month_start
from careplan_portal.lib.words import ja_day, weekday
from licenses.rules import Term

__all__ = ["Fact", "Matter", "Told", "Way", "fee_words", "tell"]


def tell(matter: Matter) -> Told:
    """The answer in words; every outcome of CONTRACT has its own."""
    outcome = matter.answer.outcome
    if matter.answer.alternative is not None:
        return two_ways(matter)
    return {
        APPLY_NOW: _now,
        APPLY_LATER: _later,
        ALREADY_RESERVED: not_filing.reserved,
        ALREADY_USED: not_filing.used,
        RENEWAL_OUTSIDE_WINDOW: not_filing.outside,
        WINDOW_CLOSED: not_filing.closed,
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
        ("いくら", "0円", cost_note(m, term)),
    )


def _start_note(m: Matter, term: Period) -> str:
    if m.answer.rule == "R6":
        return "いまの期間の始まりの日。変わりません"
    if m.answer.rule == "R3":
        return "きょう。申請した日から始まります" if term.starts_on == m.today else "この日に申請したとき"
    return f"{weekday(term.starts_on)}。期間が終わった次の日です"


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
        yield "無料の1年のあとの利用料は未定です（決まったらお知らせします）。出ているのは、いまの金額です。"


def _points_of_term(m: Matter, current: Term) -> Iterator[str]:
    if m.situation.stop_requested:
        yield "利用停止の届けが出ています。申請すると、この届けは取り消しになります。"
    if m.situation.renewal_filed:
        yield "申し込んである有償の更新は、フリーパスに置きかわります。"
    if m.answer.rule == "R6":
        bill = m.short(next_month_start(m.today))
        yield f"何もしないと、{bill}に利用料を請求します。{bill}以降は、この期間を無料にできません。"
    elif m.answer.rule == "R4":
        yield if_nothing(m, current)
        yield from _after_renewal(m, current)
        yield from _after_a_gap(m, current)


def _after_renewal(m: Matter, current: Term) -> Iterator[str]:
    """R6: who is renewed by itself files until the month's end and is free from the renewal on all the same."""
    end = m.answer.apply_until
    if m.situation.renews_by_itself and end is not None and end >= current.renewal_on:
        first = m.short(current.renewal_on)
        yield f"{first}に更新したあとでも、{m.short(end)}までに申請すれば、{first}にさかのぼって無料になります。"


def _after_a_gap(m: Matter, current: Term) -> Iterator[str]:
    end = m.answer.apply_until
    if m.situation.renews_by_itself or end is None or end <= current.renewal_on:
        return
    first = m.short(day_after(current.renewal_on))
    yield (
        f"{first}から{m.short(end)}までに申請したときは、申請した日から1年間です。その間の日は使えません。"
        f"{m.short(day_after(end))}以降は申請できません。"
    )
