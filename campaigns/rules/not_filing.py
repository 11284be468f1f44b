"""Answers under which nothing can be filed: what is, why, and what can be done all the same."""

from campaigns.rules.assessing import RENEWS_PAID
from campaigns.rules.matter import Fact, Matter, Told, cost_note, if_nothing
from careplan_portal.lib.dates import day_before, next_month_start
from careplan_portal.lib.words import ja_day, until, weekday, yen
from licenses.rules import FREE_PASS, Term


def reserved(m: Matter) -> Told:
    """R8: a Free Pass is reserved for the next renewal."""
    term = m.answer.free_term
    assert term is not None
    last = m.short(day_before(term.starts_on))
    facts = (
        ("いつから", ja_day(term.starts_on), f"{weekday(term.starts_on)}。いまの期間が終わった次の日です"),
        ("いつまで", ja_day(term.ends_on), f"{weekday(term.ends_on)}。ちょうど1年間です"),
        ("いくら", "0円", cost_note(m, term)),
    )
    points: tuple[str, ...] = (
        f"予約は、{last}までなら、サインインして取り下げられます。取り下げると、フリーパスの1回は使わなかったことになります。",
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


def used(m: Matter) -> Told:
    """R8: the one Free Pass of the number is in use or was used."""
    current = m.situation.current
    if current is None:
        return Told(
            "none",
            "今回は対象になりません",
            "フリーパスは、もう使いました。使えるのは1回だけです",
            (_paid_start(m),),
            points=_paid_how(m),
        )
    if current.pricing != FREE_PASS:
        return Told(
            "none",
            "今回は対象になりません",
            "フリーパスは、もう使いました。使えるのは1回だけです",
            _turn_facts(m, current),
            points=(if_nothing(m, current),),
        )
    stops = m.situation.stop_requested
    then = (
        "そこで利用が終わります"
        if stops
        else f"{m.short(current.renewal_on)}から年{m.fee(current.renewal_on)}になります"
    )
    points = [f"無料の1年を使っているので、2回目の申請はできません。{if_nothing(m, current)}"]
    if not stops:
        points.append(
            f"続けないときは、{m.short(current.ends_on)}までに、サインインして「利用をやめる」を押してください。費用はかからず、その日まで使えます。"
        )
    return Told(
        "free",
        "無料の1年を使っているところです",
        f"無料なのは{m.short(current.ends_on)}までです。{then}",
        _turn_facts(m, current),
        points=tuple(points),
    )


def outside(m: Matter) -> Told:
    """R7: the next renewal comes after the window."""
    current = m.situation.current
    assert current is not None
    by_itself = m.situation.renews_by_itself
    points = [
        f"{m.short(current.ends_on)}までは、このまま使えます。{if_nothing(m, current)}",
        "ほかの事業所番号では、答えがちがうことがあります。番号ごとに調べてください。",
        "日付がちがう、手続きが間に合わなかったなどのときは、電話で事情をお聞かせください。",
    ]
    if by_itself:
        points.insert(
            1,
            f"やめるときは、{m.short(current.ends_on)}までに、サインインして「利用をやめる」を押してください。追加の費用はなく、その日まで使えます。",
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
    then = "自動で更新します" if paid else "この日から使えなくなります"
    cost: Fact = ("いくら", "かかりません", "続けるには、有償の更新の申し込みが要ります")
    if paid and event:
        cost = ("いくら", m.fee(event.on), f"{bill}に請求します")
    elif m.renewal_unknown:
        then = "自動更新なら続き、手動更新なら使えなくなります"
        cost = ("いくら", f"{m.fee(current.renewal_on)}か0円", "自動更新のときだけかかります")
    elif m.situation.stop_requested:
        cost = ("いくら", "かかりません", "利用停止を届けてあります")
    return (
        (ends, ja_day(current.ends_on), f"{weekday(current.ends_on)}。{until(current.ends_on, m.today)}です"),
        (
            "次の1年" if paid else "その次の日",
            ja_day(current.renewal_on),
            then,
        ),
        cost,
    )


def closed(m: Matter) -> Told:
    """R1: the window is over."""
    current = m.situation.current
    last = m.window.ends_on
    facts: tuple[Fact, ...] = (
        ("受付の最終日", ja_day(last), f"{weekday(last)}で終わりました"),
        ("次の受付", "未定です", "決まったらお知らせします"),
    )
    third: Fact = _paid_start(m) if current is None else _turn_facts(m, current)[0]
    points = [f"{m.short(last)}までに受け付けた申請と予約は、そのまま有効です。"]
    if current is None:
        points += _paid_how(m)
    else:
        points.append(if_nothing(m, current))
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


def _paid_how(m: Matter) -> tuple[str, ...]:
    """R12: what a paid start is, and how one gets there: it is for proved members, or by the helpdesk (R16)."""
    if not m.policy.allows_term_on(m.today):
        return ()
    return (
        "有償で始めると、その日から1年間使えます。始めた期間の途中では取り消せず、お金は戻りません。",
        "始めるには、この事業所で手続きする人がサインインして、「わたしの事業所」の「有償で利用を始める」を押してください。",
        "サインインがないときは、お電話でも始められます。ヘルプデスクが事業所の方だと確かめて、代わりに手続きします。",
    )
