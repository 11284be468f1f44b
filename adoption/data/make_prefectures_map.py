"""Makes prefectures.json from npm's @svg-maps/japan: `npm pack @svg-maps/japan`, unpack, then

    python adoption/data/make_prefectures_map.py package/index.js

Absolute coordinates on a grid of halves (so that neighbours keep sharing their border), straight lines,
islands below a fifth of a unit left out.
"""

import json
import re
import sys
from pathlib import Path

ROMAN = [
    "hokkaido",
    "aomori",
    "iwate",
    "miyagi",
    "akita",
    "yamagata",
    "fukushima",
    "ibaraki",
    "tochigi",
    "gunma",
    "saitama",
    "chiba",
    "tokyo",
    "kanagawa",
    "niigata",
    "toyama",
    "ishikawa",
    "fukui",
    "yamanashi",
    "nagano",
    "gifu",
    "shizuoka",
    "aichi",
    "mie",
    "shiga",
    "kyoto",
    "osaka",
    "hyogo",
    "nara",
    "wakayama",
    "tottori",
    "shimane",
    "okayama",
    "hiroshima",
    "yamaguchi",
    "tokushima",
    "kagawa",
    "ehime",
    "kochi",
    "fukuoka",
    "saga",
    "nagasaki",
    "kumamoto",
    "oita",
    "miyazaki",
    "kagoshima",
    "okinawa",
]
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


def rings(path: str) -> list[list[tuple[float, float]]]:
    found, x, y = [], 0.0, 0.0
    for part in path.split("m")[1:]:
        numbers = [float(text) for text in NUMBER.findall(part)]
        ring = []
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        found.append(ring)
        x, y = ring[0]
    return found


def area(ring: list[tuple[float, float]]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))) / 2


def text(ring: list[tuple[float, float]]) -> str:
    points: list[str] = []
    for x, y in ring:
        point = f"{round(x * 2) / 2:g} {round(y * 2) / 2:g}"
        if not points or points[-1] != point:
            points.append(point)
    return "M" + "L".join(points) + "Z"


def main(source: Path) -> None:
    body = source.read_text(encoding="utf-8")
    data = json.loads(body[body.index("{") : body.rindex("}") + 1])
    paths = {row["id"]: rings(row["path"]) for row in data["locations"]}
    result = {
        "view_box": data["viewBox"],
        "source": "@svg-maps/japan 2.0.0（Victor Cazanave、CC BY 4.0）を加工",
        "paths": {
            f"{number:02}": "".join(text(ring) for ring in paths[name] if area(ring) > 0.2)
            for number, name in enumerate(ROMAN, 1)
        },
    }
    target = Path(__file__).with_name("prefectures.json")
    target.write_text(json.dumps(result, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
