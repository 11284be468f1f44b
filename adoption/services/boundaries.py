"""Loading the outlines of municipalities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from adoption.models import AreaShape
from adoption.queries.places import public_places
from adoption.rules.boundaries import Ring, on_plane, path_of, rings_by_place
from careplan_portal.lib.jobs import enqueue_on_commit
from offices.rules.catalogue import places

SOURCE = "国土交通省 国土数値情報（行政区域）を加工"


@transaction.atomic
def boundaries_load(*, data: Mapping[str, Any], source: str = SOURCE) -> tuple[int, list[str]]:
    """Put the outlines of a file in place of those that were there, wards in their city. Returns how many
    municipalities have one now, and the codes in the file that nobody knows. Raises BoundaryFileError."""
    six = {code[:5]: place for code, place in places().items()}
    rings: dict[str, list[Ring]] = defaultdict(list)
    unknown = []
    for code, found in rings_by_place(data).items():
        place = six.get(code)
        if place is None:
            unknown.append(code)
            continue
        rings[place.rolled_up] += [on_plane(ring) for ring in found]
    shapes = [_shape(code, found, source) for code, found in rings.items() if code in public_places()]
    AreaShape.objects.bulk_create(
        shapes, update_conflicts=True, unique_fields=["area_code"],
        update_fields=["prefecture_code", "path", "left", "top", "right", "bottom", "source"],
    )  # fmt: skip
    # Pages that are kept until the next night would show no boundaries before it.
    enqueue_on_commit("adoption.tasks.pages_prepare")
    return len(shapes), sorted(unknown)


def _shape(code: str, rings: list[Ring], source: str) -> AreaShape:
    xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
    prefecture = public_places()[code].prefecture_code
    return AreaShape(
        area_code=code, prefecture_code=prefecture, path=path_of(rings), left=min(xs), top=min(ys), right=max(xs),
        bottom=max(ys), source=source,
    )  # fmt: skip
