"""Offices of an area by name, with whether each uses the system. For who may see the area."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from adoption.enums import ALL, SIDES
from adoption.queries.places import Place, municipality_codes
from careplan_portal.lib.japan import business_number, kana
from licenses.models import License
from licenses.rules import ACTIVE_FREE, ACTIVE_PAID
from offices.enums import IN_SCOPE
from offices.models import Office, OfficeService
from offices.rules.catalogue import service_kinds


def licences_in_use(on: date) -> Q:
    """A condition on Office: a valid term covers the day, whether or not the night has run."""
    due = License.objects.filter(terms__closing="", terms__ends_on__lt=on).with_status(on)
    # After the night there are none or few; they are asked for apart, because the status rule's SQL
    # names its table and fits into no inner query.
    renewed = list(due.filter(Q(status__in=(ACTIVE_FREE, ACTIVE_PAID))).values_list("office", flat=True))
    covered = License.objects.filter(terms__starts_on__lte=on, terms__ends_on__gte=on).values("office")
    return Q(pk__in=covered) | Q(pk__in=renewed)


def area_offices(
    place: Place, on: date, *, text: str = "", municipality: str = "", cut: str = ALL, uses: str = ""
) -> QuerySet[Office]:
    """Offices in scope of a place on a day, by municipality and name, narrowed as asked; each with its
    services in scope (`counted_services`). Filters that fit nothing find nothing."""
    codes = set(municipality_codes(place))
    if municipality:
        codes &= {municipality}
    found = Office.objects.in_scope_on(on).filter(municipality__rolled_up__in=codes)
    if text:
        number = business_number.normalize(text)
        found = found.filter(Q(search_key__contains=kana.search_key(text)) | Q(business_number__startswith=number))
    if cut and cut != ALL:
        found = found.filter(pk__in=services_in_cut(cut, on).values("office"))
    if uses == "yes":
        found = found.filter(licences_in_use(on))
    elif uses == "no":
        found = found.exclude(licences_in_use(on))
    return found.select_related("municipality__rolled_up").order_by(
        "municipality__rolled_up", "kana", "business_number"
    )


def services_in_cut(cut: str, on: date) -> QuerySet[OfficeService]:
    """Listed services of a side or of one kind, as the figures count them."""
    listed = OfficeService.objects.filter(service_type__in_scope__in=IN_SCOPE)
    listed = listed.filter(Q(listed_until__isnull=True) | Q(listed_until__gte=on))
    return listed.filter(service_type__side=SIDES[cut]) if cut in SIDES else listed.filter(service_type=cut)


def service_names(office_ids: Iterable[int], on: date) -> dict[int, list[str]]:
    """Names of the services in scope of some offices, in the order of codes. An office that left the
    register is in scope until somebody confirms that it closed (R15): it has the services it left with."""
    rows = (
        OfficeService.objects.filter(office__in=list(office_ids), service_type__in_scope__in=IN_SCOPE)
        .values_list("office", "service_type", "listed_until")
        .order_by("office", "service_type", "listed_until")
    )
    listed: dict[int, dict[str, date]] = {}
    for office, code, until in rows:
        services = listed.setdefault(office, {})
        services[str(code)] = max(until or date.max, services.get(str(code), date.min))
    return {office: _named(services, on) for office, services in listed.items()}


def _named(services: dict[str, date], on: date) -> list[str]:
    """Services by their last day in the register: those listed on a day, else those listed last."""
    newest = min(max(services.values()), on)
    gone = "" if newest == on else f"（{newest.isoformat()}まで名簿）"
    return [service_kinds()[code].name + gone for code, until in services.items() if until >= newest]
