"""The card of partners within reach: how far the other side is, for each side. Sums, no names."""

from __future__ import annotations

from adoption.documents.card import Card
from adoption.documents.sheets import Head, Line, Sheet
from adoption.enums import CARE_MANAGER, PROVIDER
from adoption.queries.around import reach_of
from adoption.queries.board import Board
from adoption.queries.places import municipality_codes
from adoption.rules import definitions
from adoption.rules.comparing import missing_to_half
from adoption.rules.reach import Around
from careplan_portal.lib import words

SIDES = ((CARE_MANAGER, "居宅", "サービス"), (PROVIDER, "サービス", "居宅"))


def reach_card(board: Board) -> Card | None:
    """The newest night's only: the register keeps no earlier positions."""
    found = reach_of(board.place)
    if not any(around.pairs for _, around in found.values()):
        return None
    day = max(day for day, _ in found.values())
    if day > board.run.day:
        return None  # an earlier day was chosen
    heads = [Head("だれから", "text"), Head("相手", "text"), Head("相手が近くにいる事業所"), Head("相手の半分に届いた"),
             Head("近くの相手の利用 ％", "rate"), Head("近くの相手"), Head("うち利用中"), Head("半分まで あと")]  # fmt: skip
    single = len(municipality_codes(board.place)) == 1
    lines = [Line(_line(mine, other, found[cut][1], single)) for cut, mine, other in SIDES if cut in found]
    sheet = Sheet(
        "reach", f"{board.place.full_name}の近くの相手の利用", heads, lines, definitions.REACH, day,
        (("地域", board.place.full_name), ("距離", "3 km以内")),
        ["「近くの相手の利用」は、事業所と3 km以内の相手の組のうち、相手が利用中の組の割合です。"]
        + ([] if single else ["近くの相手の数は、市区町村ごとのページで示します（となりどうしで重なるため）。"]),
    )  # fmt: skip
    return Card(_title({cut: around for cut, (_, around) in found.items()}, single), "3 km以内にいる反対の側の利用", sheet, 12, open_table=True)  # fmt: skip


def _line(mine: str, other: str, around: Around, single: bool) -> tuple[object, ...]:
    rate = around.pairs_using / around.pairs if around.pairs else None
    partners = (around.around, around.around_using, missing_to_half(around.around, around.around_using))
    return mine, other, around.offices, around.reached, rate, *(partners if single else (None, None, None))


def _title(found: dict[str, Around], single: bool) -> str:
    cut, mine, other = max(
        (side for side in SIDES if side[0] in found and found[side[0]].pairs), key=lambda side: found[side[0]].offices
    )
    around = found[cut]
    if single:
        left = missing_to_half(around.around, around.around_using)
        end = f"あと{left:,}か所で半分" if left else "半分を超えた"
        return f"{mine}から3 km以内の{other}{around.around:,}か所のうち{around.around_using:,}か所が利用中。{end}"
    share = words.percent(around.reached / around.offices)
    return f"近くの{other}の半分が使っている{mine}は、{around.offices:,}か所のうち{around.reached:,}か所（{share}）"
