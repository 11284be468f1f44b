"""The reasons for an answer, in plain Japanese, with the rule and the question numbers."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from careplan_portal.lib.dates import Period, day_before
from careplan_portal.lib.words import ja_date
from licenses.rules import FREE_PASS

if TYPE_CHECKING:
    from campaigns.rules.assessing import Assessment, Situation


@dataclass(frozen=True, slots=True)
class Explanation:
    """One reason: the rule of DOMAIN.md, a sentence or two, and the questions it rests on."""

    rule: str
    text: str
    questions: tuple[int, ...]


ONCE = Explanation("R8", "無料になるのは、事業所番号ごとに1回、1年間だけです。", (12, 43))
AUTO_AFTER = Explanation(
    "R9",
    "無料の1年が終わると、自動で更新し、利用料がかかります。続けないときは、無料の期間の最後の日までに「利用をやめる」を届け出てください。",
    (11, 12),
)
OUTSIDE = Explanation(
    "R11",
    "施設系のサービスは、データ連携の標準仕様の対象外です。申請はできますが、やりとりできる相手や書類を先に確かめてください。",
    (5, 39),
)


def explain(answer: "Assessment", situation: "Situation", window: Period) -> tuple[Explanation, ...]:
    """The reasons for `answer`: first the rule that decided, then what else to know."""
    reasons = [_deciding(answer, situation, window)]
    if answer.free_term is not None:
        reasons += [ONCE, AUTO_AFTER]
    if answer.warnings:
        reasons.append(OUTSIDE)
    return tuple(reasons)


def _deciding(answer: "Assessment", situation: "Situation", window: Period) -> Explanation:
    outcome = answer.outcome
    if outcome == "already_used":
        in_use = situation.current is not None and situation.current.pricing == FREE_PASS
        used = "いま使っています" if in_use else "もう使いました"
        return Explanation("R8", f"この事業所番号では、フリーパスを{used}。使えるのは1回だけです。", (12, 43))
    if outcome == "already_reserved" and answer.free_term is not None:
        start = ja_date(answer.free_term.starts_on)
        return Explanation("R8", f"フリーパスは予約できています。{start}から無料になります。", (6, 12))
    if outcome == "window_closed":
        return Explanation("R1", f"申請の受付は、{ja_date(window.ends_on)}で終わりました。", (9,))
    if answer.rule == "R3":
        return Explanation(
            "R3",
            f"いま有効なライセンスがないので、受付期間の{_span(window)}のどの日でも申請でき、申請した日から1年間無料です。",
            (8, 9),
        )
    if answer.rule == "R6":
        return Explanation(
            "R6",
            "今月に始まった有償の期間は、まだ請求していません。今月中に申請すると、始まりの日から無料に変わります。期間の日付は変わりません。",
            (6, 7),
        )
    return _by_renewal(answer, situation, window)


def _by_renewal(answer: "Assessment", situation: "Situation", window: Period) -> Explanation:
    assert situation.current is not None  # R3 has answered for everyone else
    renewal_on = situation.current.renewal_on
    if answer.rule == "R7":
        return Explanation(
            "R7",
            f"次の更新日の{ja_date(renewal_on)}が、受付の最終日の{ja_date(window.ends_on)}よりあとなので、申請できません。",
            (6, 7, 9),
        )
    if answer.rule == "R5":
        return Explanation("R5", _two_ways(answer, renewal_on, window), (7, 8))
    return Explanation("R4", _at_renewal(answer, renewal_on), (6, 7))


def _two_ways(answer: "Assessment", renewal_on: date, window: Period) -> str:
    first = f"次の更新日の{ja_date(renewal_on)}は受付が始まる前なので、その更新は有償です。"
    if answer.free_term is None:
        later = "そのまま更新を続けると、受付期間のなかに更新日が来ません。"
    else:
        later = f"更新を続けると、{ja_date(answer.free_term.starts_on)}の更新から1年間無料になります。"
    lapse = (
        f"または、{ja_date(day_before(renewal_on))}で期限切れにして、"
        f"{ja_date(window.starts_on)}から申請することもできます。"
    )
    return first + later + lapse


def _at_renewal(answer: "Assessment", renewal_on: date) -> str:
    assert answer.apply_from is not None
    assert answer.no_gap_until is not None
    return (
        f"ライセンスをお持ちの事業所は、次の更新日の{ja_date(renewal_on)}から無料になります。"
        f"申請は{ja_date(answer.apply_from)}から、切れ目なく使うには{ja_date(answer.no_gap_until)}までです。"
    )


def _span(window: Period) -> str:
    return f"{ja_date(window.starts_on)}から{ja_date(window.ends_on)}まで"
