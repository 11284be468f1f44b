"""What others published (adoption/data/published.csv), and the packaged map: read once and kept."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, slots=True)
class Published:
    """One figure as somebody else published it: their day, name and value, and where."""

    on: str
    code: str
    name: str
    what: str
    value: str
    note: str
    source: str


@cache
def published() -> tuple[Published, ...]:
    """Newest first."""
    with (DATA / "published.csv").open(encoding="utf-8", newline="") as file:
        rows = [Published(**row) for row in csv.DictReader(file, strict=True)]
    return tuple(sorted(rows, key=lambda row: row.on, reverse=True))


@cache
def prefecture_map() -> tuple[str, dict[str, str], str]:
    """View box, paths by the prefectures' two digits, and whom to credit."""
    data = json.loads((DATA / "prefectures.json").read_text(encoding="utf-8"))
    return data["view_box"], data["paths"], data["source"]
