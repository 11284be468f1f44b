"""Invented offices on real municipalities, as register files that the real import reads.

Names, numbers, telephones and owners are made up; telephone numbers use exchange 00, which nobody
has. The same seed makes the same country every time.
"""

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from careplan_portal.lib.csvfile import write_csv
from careplan_portal.lib.japan import corporate_number
from careplan_portal.lib.japan.business_number import check_digits
from careplan_portal.lib.japan.kana import katakana
from offices.rules.catalogue import Place, places, prefecture_by_number

HEADER = [
    "都道府県コード又は市町村コード",
    "No",
    "都道府県名",
    "市区町村名",
    "事業所名",
    "事業所名カナ",
    "サービスの種類",
    "住所",
    "方書（ビル名等）",
    "緯度",
    "経度",
    "電話番号",
    "FAX番号",
    "法人番号",
    "法人の名称",
    "事業所番号",
    "利用可能曜日",
    "利用可能曜日特記事項",
    "定員",
    "URL",
    "高齢者の方と障害者の方が同時一体的に利用できるサービス",
    "介護保険の通常の指定基準を満たしている",
    "障害福祉の通常の指定基準を満たしている",
    "備考",
]

# Service of the open data, how often, and how its offices are called, with the reading.
KINDS = {
    "居宅介護支援": (
        26,
        (("居宅介護支援事業所", "キョタクカイゴシエンジギョウショ"), ("ケアプランセンター", "ケアプランセンター")),
    ),
    "訪問介護": (22, (("ヘルパーステーション", "ヘルパーステーション"), ("訪問介護", "ホウモンカイゴ"))),
    "地域密着型通所介護": (16, (("デイサービス", "デイサービス"), ("リハビリデイ", "リハビリデイ"))),
    "通所介護": (14, (("デイサービスセンター", "デイサービスセンター"), ("デイサービス", "デイサービス"))),
    "訪問看護": (9, (("訪問看護ステーション", "ホウモンカンゴステーション"),)),
    "福祉用具貸与": (5, (("福祉用具", "フクシヨウグ"),)),
    "短期入所生活介護": (4, (("ショートステイ", "ショートステイ"),)),
    "介護老人福祉施設": (4, (("特別養護老人ホーム", "トクベツヨウゴロウジンホーム"),)),
}
FIRST = [
    "あおば",
    "ひだまり",
    "みなと",
    "はまなす",
    "こもれび",
    "さくら",
    "すずかぜ",
    "つばさ",
    "ほのか",
    "やわらぎ",
    "ゆうなぎ",
    "わかば",
    "なごみ",
    "しおさい",
    "ふじみ",
    "まつかぜ",
    "あさひ",
    "せせらぎ",
    "こだま",
    "のぞみ",
]
SECOND = {
    "の里": "ノサト", "の家": "ノイエ", "の風": "ノカゼ", "の丘": "ノオカ", "園": "エン", "苑": "エン",
    "ハウス": "ハウス", "の森": "ノモリ", "テラス": "テラス", "の泉": "ノイズミ", "の海": "ノウミ", "の木": "ノキ",
}  # fmt: skip
TOWNS = ["みなと町", "緑が丘", "中央", "本町", "東町", "旭町", "若葉台", "川端町", "松原", "桜台", "南町", "新町"]
OWNERS = ["合同会社", "株式会社", "社会福祉法人", "医療法人", "有限会社", "特定非営利活動法人"]

# Roughly where people live, so that neighbours are neighbours; other places lie around their capital.
CENTRES = {
    "312011": (35.501, 134.235), "312029": (35.428, 133.331), "312037": (35.430, 133.826),
    "312045": (35.540, 133.233), "313025": (35.577, 134.332), "313254": (35.404, 134.401),
    "313289": (35.264, 134.208), "313297": (35.407, 134.245), "313645": (35.405, 133.895),
    "313700": (35.497, 133.865), "313718": (35.492, 133.733), "313726": (35.497, 133.762),
    "313840": (35.454, 133.406), "313866": (35.511, 133.496), "313891": (35.376, 133.401),
    "313904": (35.380, 133.360), "314013": (35.163, 133.307), "314021": (35.241, 133.443),
    "314030": (35.283, 133.488),
    "322016": (35.468, 133.049), "322024": (34.899, 132.080), "322032": (35.367, 132.755),
    "322041": (34.675, 131.843), "322059": (35.192, 132.500), "322067": (35.431, 133.251),
    "322075": (35.012, 132.222), "322091": (35.288, 132.900), "323438": (35.198, 133.003),
    "323861": (34.998, 132.714), "324418": (34.990, 132.492), "324485": (35.076, 132.590),
    "324493": (34.894, 132.438), "325015": (34.468, 131.773), "325058": (34.357, 131.930),
    "325252": (36.097, 133.097), "325261": (36.093, 133.010), "325279": (36.013, 133.039),
    "325287": (36.209, 133.321),
}  # fmt: skip
CAPITALS = dict(
    zip(
        (f"{number:02d}" for number in range(1, 48)),
        [
            (43.06, 141.35), (40.82, 140.74), (39.70, 141.15), (38.27, 140.87), (39.72, 140.10), (38.24, 140.36),
            (37.75, 140.47), (36.34, 140.45), (36.57, 139.88), (36.39, 139.06), (35.86, 139.65), (35.61, 140.12),
            (35.69, 139.69), (35.45, 139.64), (37.90, 139.02), (36.70, 137.21), (36.59, 136.63), (36.07, 136.22),
            (35.66, 138.57), (36.65, 138.18), (35.39, 136.72), (34.98, 138.38), (35.18, 136.91), (34.73, 136.51),
            (35.00, 135.87), (35.02, 135.76), (34.69, 135.52), (34.69, 135.18), (34.69, 135.83), (34.23, 135.17),
            (35.50, 134.24), (35.47, 133.05), (34.66, 133.93), (34.40, 132.46), (34.19, 131.47), (34.07, 134.56),
            (34.34, 134.04), (33.84, 132.77), (33.56, 133.53), (33.61, 130.42), (33.25, 130.30), (32.74, 129.87),
            (32.79, 130.74), (33.24, 131.61), (31.91, 131.42), (31.56, 130.56), (26.21, 127.68),
        ],
        strict=True,
    )
)  # fmt: skip

# Offices of one prefecture in detail, its neighbours thinner, the rest of the country thin.
NEAR, BESIDE, FAR = 34, 8, 1
HOME, NEIGHBOURS = "31", ("32", "28", "33", "34")
BIG = {"312029": 150, "312011": 150, "312037": 50, "312045": 40}


@dataclass(frozen=True, slots=True)
class Invented:
    """One row of the register."""

    number: str
    service: str
    cells: tuple[str, ...]


STORY = ("3170201432", "デイサービス みなとの風", "デイサービスミナトノカゼ", "合同会社みなとの風")
# A corporation with many offices, for its clerk.
GROUP = ("社会福祉法人ひだまり共生会", 38)


def files(folder: Path, seed: int = 20260403, missing: Collection[str] = ()) -> list[Path]:
    """Write the invented register into `folder`, a file a service, without the numbers in `missing`; their paths."""
    drawn = _rows(random.Random(seed))  # noqa: S311 - invented data, nothing to guess
    rows = [row for row in drawn if row.number not in missing]
    paths = []
    for at, service in enumerate(KINDS):
        path = folder / f"demo_{at}.csv"
        write_csv(path, HEADER, (row.cells for row in rows if row.service == service))
        paths.append(path)
    return paths


def _rows(draw: random.Random) -> Iterator[Invented]:
    taken = {STORY[0][:9]}
    yield _story()
    group_left, group_number = GROUP[1], _corporate_number(draw)
    for place in (place for place in places().values() if place.kind == "municipality"):
        for _ in range(_how_many(place, draw)):
            service = draw.choices(list(KINDS), [weight for weight, _ in KINDS.values()])[0]
            owner = None
            if group_left and place.code[:2] == HOME and service != "訪問看護" and draw.random() < 0.08:
                owner, group_left = (group_number, GROUP[0]), group_left - 1
            yield _row(draw, place, service, taken, owner)


def _how_many(place: Place, draw: random.Random) -> int:
    prefecture = place.code[:2]
    if place.code in BIG:
        return BIG[place.code]
    if prefecture == HOME:
        return draw.randint(4, NEAR // 2)
    if prefecture in NEIGHBOURS:
        return draw.randint(2, BESIDE)
    return draw.choice((0, 0, FAR, FAR, 2))


def _row(draw: random.Random, place: Place, service: str, taken: set[str], owner: tuple[str, str] | None) -> Invented:
    number = _number(draw, place, service, taken)
    first, second = draw.choice(FIRST), draw.choice(list(SECOND))
    kind, reading = draw.choice(KINDS[service][1])
    name, read = f"{kind} {first}{second}", f"{reading} {katakana(first)}{SECOND[second]}"
    owned = owner or (
        _corporate_number(draw),
        f"{draw.choice(OWNERS)}{first}{draw.choice(('会', '福祉', 'ケア', 'サポート'))}",
    )
    latitude, longitude = _where(draw, place)
    address = f"{draw.choice(TOWNS)}{draw.randint(1, 5)}丁目{draw.randint(1, 20)}番{draw.randint(1, 30)}号"
    return Invented(
        number,
        service,
        _cells(place, number, name, read, service, address, (latitude, longitude), _phone(draw, place), owned),
    )


def _story() -> Invented:
    number, name, kana, owner = STORY
    place = places()["312029"]
    owned = ("6270001000999", owner)
    cells = _cells(
        place, number, name, kana, "通所介護", "みなと町1丁目2番3号", (35.4301, 133.3325), "0859-00-0123", owned
    )
    return Invented(number, "通所介護", cells)


def _cells(
    place: Place,
    number: str,
    name: str,
    kana: str,
    service: str,
    address: str,
    where: tuple[float, float],
    phone: str,
    owner: tuple[str, str],
) -> tuple[str, ...]:
    prefecture = prefecture_by_number()[place.code[:2]].name
    full = f"{prefecture}{place.name}{address}"
    latitude, longitude = (f"{value:.6f}" for value in where)
    return (
        place.code, number, prefecture, place.name, name, kana, service, full, "", latitude, longitude, phone,
        "", *owner, number, "平日", "", "20", "", "", "", "", "",
    )  # fmt: skip


def _number(draw: random.Random, place: Place, service: str, taken: set[str]) -> str:
    kind = {"訪問看護": "6", "地域密着型通所介護": "9"}.get(service, "7")
    while True:
        nine = f"{place.code[:2]}{kind}{draw.randint(1, 60):02d}{draw.randint(1, 9999):04d}"
        if nine not in taken:
            taken.add(nine)
            return f"{nine}{min(check_digits(nine))}"


def _corporate_number(draw: random.Random) -> str:
    last = f"{draw.randint(10**11, 10**12 - 1)}"
    return f"{corporate_number.check_digit(last)}{last}"


def _where(draw: random.Random, place: Place) -> tuple[float, float]:
    latitude, longitude = CENTRES.get(place.code) or _around(place)
    return latitude + draw.gauss(0, 0.02), longitude + draw.gauss(0, 0.025)


def _around(place: Place) -> tuple[float, float]:
    latitude, longitude = CAPITALS[place.code[:2]]
    near = random.Random(place.code)  # noqa: S311 - the same place lies in the same spot every time
    return latitude + near.uniform(-0.25, 0.25), longitude + near.uniform(-0.3, 0.3)


def _phone(draw: random.Random, place: Place) -> str:
    area = "0859" if place.code[:2] == HOME else f"0{draw.randint(20, 98)}9"
    return f"{area}-00-{draw.randint(1000, 9999)}"
