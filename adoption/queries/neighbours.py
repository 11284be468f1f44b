"""Which municipalities lie next to a place, by the middle of their offices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from adoption.models import AreaPlace
from adoption.queries.figures import Run
from adoption.queries.places import Place
from adoption.rules.reach import kilometres


def middles(run: Run) -> dict[str, tuple[float, float]]:
    """Latitude and longitude of every municipality that has offices; kept in the process."""
    return _middles(run.made_at)


@lru_cache(maxsize=2)
def _middles(made_at: datetime) -> dict[str, tuple[float, float]]:
    return {
        code: (latitude, longitude)
        for code, latitude, longitude in AreaPlace.objects.values_list("area_code", "latitude", "longitude")
    }


def nearest(place: Place, run: Run, count: int = 5) -> Sequence[str]:
    """Codes of the nearest municipalities, the place's own left out; none where its offices' position
    is not known."""
    found = middles(run)
    own = [found[code] for code in place.members if code in found]
    if not own:
        return []
    latitude, longitude = (sum(part) / len(own) for part in zip(*own, strict=True))
    others = [(kilometres(latitude, longitude, *at), code) for code, at in found.items() if code not in place.members]
    return [code for _, code in sorted(others)[:count]]
