"""The neighbourhood of a member's own office."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.enums import Role
from accounts.permissions import audience, signed_in_user
from adoption.documents.near import near_map
from adoption.permissions import offices_with_neighbours_for
from adoption.queries.reach import OTHER_NAMES, RINGS, Neighbourhood, neighbourhood, other_sides
from adoption.rules.reach import NEAR_KM
from offices.models import Office


@audience(Role.OFFICE_STAFF, own={Role.OFFICE_STAFF: "office"})
@require_safe
def near(request: HttpRequest, business_number: str) -> HttpResponse:
    office = _office(request, business_number)
    sides = other_sides(office, request.today)  # type: ignore[attr-defined]
    found = _asked(request, office, sides)
    uses = request.GET.get("uses", "")
    numbered = list(enumerate(found.neighbours, 1)) if found else []
    shown = [pair for pair in numbered if not uses or pair[1].uses == (uses == "yes")]
    context = {"office": office, "found": found, "shown": shown, "uses": uses, "rings": RINGS,
               "sides": [(side, OTHER_NAMES[side]) for side in sides], "map": near_map(found) if found else None}  # fmt: skip
    return render(request, "adoption/near.html", context)


@audience(Role.OFFICE_STAFF, own={Role.OFFICE_STAFF: "office"})
@require_safe
def part(request: HttpRequest, business_number: str) -> HttpResponse:
    """The few lines of it that stand on the office's own page."""
    office = _office(request, business_number)
    sides = other_sides(office, request.today)  # type: ignore[attr-defined]
    found = neighbourhood(office, request.today, other=sides[0])  # type: ignore[attr-defined]
    return render(request, "adoption/near_part.html", {"office": office, "found": found})


def _office(request: HttpRequest, business_number: str) -> Office:
    own = offices_with_neighbours_for(signed_in_user(request), request.today)  # type: ignore[attr-defined]
    return get_object_or_404(own, business_number=business_number)


def _asked(request: HttpRequest, office: Office, sides: list[str]) -> Neighbourhood | None:
    side = request.GET.get("side", "")
    km = next((ring for ring in RINGS if f"{ring:g}" == request.GET.get("km")), NEAR_KM)
    return neighbourhood(office, request.today, other=side if side in sides else sides[0], km=km)  # type: ignore[attr-defined]
