"""The body of a page of figures, kept from one night to the next: its figures change only when
they are made anew, so it is put together once, by the first reader or by the task after the night."""

from __future__ import annotations

import hashlib
import zlib
from datetime import date
from functools import cache as cache_once
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from adoption.documents.card import cut_choices, cut_name, place_url
from adoption.documents.page import page_of
from adoption.documents.planner import PLAN, Plan
from adoption.enums import ALL
from adoption.queries.board import board
from adoption.queries.figures import Run, country_on, run_days
from adoption.queries.places import Place, place_of_area, public_places
from offices.models import Area

HOURS = 26 * 60 * 60
TEMPLATE = "adoption/body.html"


def body_of(
    place: Place, run: Run, cut: str, today: date, query: str = "", plan: Plan = PLAN, *, anew: bool = False
) -> SafeString:
    """Sentences, figures and cards of a place. What everybody sees first is kept: nothing in it depends
    on who reads. `query` stands behind the addresses of files when something else was chosen; `anew` writes
    what is kept again."""
    if query or plan != PLAN:
        return _written(place, run, cut, today, query, plan)
    # Everything that it is made from: the figures, the day that tells how late they are, and who writes it.
    key = f"adoption-body:{writer()}:{_who(place)}:{run.day}:{run.made_at.timestamp()}:{today}"
    packed = None if anew else cache.get(key)
    if packed is None:
        packed = zlib.compress(_written(place, run, cut, today, query, plan).encode(), 6)
        cache.set(key, packed, HOURS)
    return _unpacked(packed)


def _who(place: Place) -> str:
    """What tells the place from every other. An operator may rename an officers' area or change what it holds."""
    if place.level != "area":
        return place.code
    told = "|".join((place.code, place.name, *place.members))
    return f"area-{hashlib.sha256(told.encode()).hexdigest()[:32]}"


@cache_once
def writer() -> str:
    """The state of the code and the templates that write a body: what an earlier release kept is not shown."""
    root = Path(settings.BASE_DIR)
    files = [*(root / "adoption").rglob("*.py"), *(root / "templates" / "adoption").rglob("*.html")]
    found = hashlib.sha256()
    for file in sorted(files):
        found.update(file.read_bytes())
    return found.hexdigest()[:16]


@lru_cache(maxsize=64)
def _unpacked(packed: bytes) -> SafeString:
    """The nation and the prefectures are asked for again and again."""
    return mark_safe(zlib.decompress(packed).decode())  # noqa: S308 - written by our own template


def _written(place: Place, run: Run, cut: str, today: date, query: str, plan: Plan) -> SafeString:
    found = board(place, run, cut)
    context = {"place": place, "page": page_of(found, today, plan), "board": found, "plan": plan, "cut_name": cut_name(cut),
               "query": query, "base": place_url(place), "cuts": cut_choices(), "days": run_days(today)}  # fmt: skip
    return render_to_string(TEMPLATE, context)


def bodies_prepare(run: Run, today: date) -> int:
    """Write the pages of every place that has offices, and of the officers' areas; returns how many. Doing it twice
    changes nothing. Anew, because somebody may have read between two jobs of the night."""
    country = country_on(run)
    places = [place for code, place in public_places().items() if code in country]
    places += [place_of_area(area) for area in Area.objects.order_by("code")]
    for place in places:
        body_of(place, run, ALL, today, anew=True)
    return len(places)
