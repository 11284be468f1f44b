"""The subsidy planner: what so many per cent of the fee for so many months would cost."""

from __future__ import annotations

from dataclasses import dataclass

from adoption.documents.card import Card, filters_of
from adoption.documents.sheets import Head, Line, Sheet
from adoption.queries.board import Board
from adoption.rules import definitions
from adoption.rules.comparing import missing_to_half
from adoption.rules.planning import SHARES, newcomers, subsidy_an_office
from careplan_portal.lib import words
from licenses.queries import policy
from licenses.rules import BadRecord


@dataclass(frozen=True, slots=True)
class Plan:
    """`share` per cent of the fee (1 to 100) for `months` (1 to 36). What was typed and not understood
    stays in its field, with why."""

    share: int = 50
    months: int = 12
    share_typed: str = ""
    months_typed: str = ""
    share_error: str = ""
    months_error: str = ""

    @property
    def in_fields(self) -> tuple[tuple[str, str, object, str], ...]:
        """Name, label, value and error of each field."""
        share = self.share_typed if self.share_error else self.share
        months = self.months_typed if self.months_error else self.months
        return (("share", "補助の割合（％）", share, self.share_error), ("months", "月数", months, self.months_error))


PLAN = Plan()


def planner_card(board: Board, plan: Plan, width: int = 7) -> Card | None:
    """What it would cost, by how many of those who do not use the system begin; None where all do, or
    where no fee is on file."""
    now, fees = board.now, policy()
    waiting = now.offices_in_scope - now.offices_using
    try:
        fee = fees.fee_on(board.run.day)
    except BadRecord:
        return None
    if not waiting:
        return None
    each = subsidy_an_office(fee.yen, plan.share, plan.months)
    heads = [Head("まだの事業所のうち", "text"), Head("使い始める"), Head("補助の合計（円）"), Head("普及率 ％", "rate"),
             Head("半分まで あと")]  # fmt: skip
    lines = []
    for share in SHARES:
        new = newcomers(waiting, share)
        using = now.offices_using + new
        lines.append(
            Line(
                (
                    f"{share}％",
                    new,
                    new * each,
                    using / now.offices_in_scope,
                    missing_to_half(now.offices_in_scope, using),
                )
            )
        )
    notes = [
        f"1事業所あたり {each:,}円（利用料 年{fee.yen:,}円の{plan.share}％を{plan.months}か月分）。"
        + ("先の利用料は未定です。" if fees.fee_is_undecided(board.run.day) or plan.months > 12 else ""),
        "フリーパスをまだ使っていない事業所は、先に無料の1年を使えます。補助はそのあとで足ります。",
    ]
    filters = (*filters_of(board), ("補助の割合", f"{plan.share}％"), ("月数", f"{plan.months}か月"))
    sheet = Sheet(
        "planner", f"{board.place.full_name}の補助の試算", heads, lines, definitions.PLANNER, board.run.day, filters, notes,
    )  # fmt: skip
    title = f"{plan.share}％を{plan.months}か月補助すると、1事業所あたり{words.yen(each)}"
    return Card(title, "利用料を補助するときの費用の目安", sheet, width, open_table=True)
