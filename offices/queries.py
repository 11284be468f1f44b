"""Everything that is read of the register, for screens and for other apps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, TextField, Value, When

from accounts.enums import Role
from accounts.models import User
from careplan_portal.lib.japan import business_number, kana, phone
from careplan_portal.lib.prepared import prepared
from offices.enums import IN_SCOPE, MunicipalityKind, ServiceSource, VanishedState
from offices.models import (
    Area,
    ImportRun,
    Invitation,
    Membership,
    Municipality,
    Office,
    OfficeCorrection,
    OfficeEvent,
    OfficeService,
    VanishedOffice,
)
from offices.rules.catalogue import ScopeAnswer, scope_of_codes

SHORTEST_PHONE = 4
"""Digits from which a word may be a telephone number."""

__all__ = [
    "ScopeAnswer",
    "areas_listed",
    "areas_of",
    "colleagues_of",
    "corrections_of",
    "events_of",
    "has_service_in_scope",
    "import_runs",
    "invitations_open",
    "members_now",
    "members_of",
    "municipalities_named",
    "municipalities_of",
    "near_offices_for",
    "office_by_number",
    "office_ids",
    "office_services",
    "offices_in_scope",
    "scope_of_codes",
    "search_offices",
    "services_listed",
    "successor_candidates",
    "vanished_offices",
]


_scope_of = prepared(lambda office_id: Office.objects.filter(pk=office_id).values_list("scope", flat=True))


def has_service_in_scope(office_id: int, on: date) -> bool | None:
    """Whether the office has a service inside the data standard (R11); None when no service of it
    is known. ``on`` is the day asked; services carry no history, so it only names the question."""
    scope = _scope_of.first(office_id)
    return None if not scope else scope in IN_SCOPE


def members_of(office_id: int, on: date) -> QuerySet[Membership]:
    """Who acts for the office on the day ``on``, the manager first."""
    members = Membership.objects.current(on).filter(office=office_id)
    return members.select_related("user", "office").order_by("role", "joined_on", "pk")


members_now = prepared(members_of)


def invitations_open(office_id: int) -> QuerySet[Invitation]:
    """Invitations to the office that were neither used nor taken back, the newest first; they may
    have expired."""
    return Invitation.objects.filter(office=office_id, accepted_by=None, withdrawn_at=None)


# --- finding offices ---------------------------------------------------------------


def offices_of_number(number: str) -> QuerySet[Office]:
    """The office of a normalised number, or none, with where it is and whose it is."""
    found = Office.objects.select_related("municipality", "prefecture", "corporation")
    return found.filter(business_number=number)


_of_number = prepared(offices_of_number)


def office_by_number(typed: str) -> Office | None:
    """The office a person means by a number in any spelling; None when there is none, or when the
    text is no business number."""
    return _of_number.first(business_number.normalize(typed))


def office_ids(numbers: Iterable[str]) -> dict[str, int]:
    """Ids of the offices with these (normalised) numbers; unknown numbers are left out."""
    return dict(Office.objects.filter(business_number__in=set(numbers)).values_list("business_number", "pk"))


def near_offices_for(typed: str, limit: int = 5) -> list[Office]:
    """Offices whose number is one character or one swap away from what was typed, those in the same
    municipality digits first. For "did you mean"; which digit is wrong cannot be told."""
    number = business_number.normalize(typed)
    found = Office.objects.select_related("municipality").filter(
        business_number__in=business_number.near_numbers(number)
    )
    same_place = [office for office in found if office.business_number[3:5] == number[3:5]]
    others = [office for office in found if office not in same_place]
    return [*_by_number(same_place), *_by_number(others)][:limit]


def _by_number(offices: list[Office]) -> list[Office]:
    return sorted(offices, key=lambda office: office.business_number)


def search_offices(text: str, *, municipality: str = "", prefecture: str = "") -> QuerySet[Office]:
    """Offices that match everything a person typed, best first; none for an empty text.

    Each word is the start of a business number, a telephone number from its start, part of a name
    or of its kana in any spelling (also of the names that single services are listed with), or the
    start of a municipality's name. ``municipality`` and ``prefecture`` are six-digit codes that
    narrow the search; a city includes its wards. Closed offices come last.
    """
    words = text.split()
    if not words:
        return Office.objects.none()
    found = Office.objects.select_related("municipality", "prefecture")
    for word in words:
        found = found.filter(pk__in=_matching(word))
    if municipality:
        found = found.filter(Q(municipality=municipality) | Q(municipality__rolled_up=municipality))
    if prefecture:
        found = found.filter(prefecture=prefecture)
    return found.order_by(F("closed_on").asc(nulls_first=True), _best_first(words[0]), "name", "business_number")


def _matching(word: str) -> QuerySet[Any, Any]:
    """Ids of the offices that one word may mean. A union, so that each arm uses its own index."""
    arms = [_by_name(word), _by_place(word)]
    number, digits = business_number.normalize(word), phone.digits(word)
    if number.isascii() and number[:2].isdigit():
        arms.append(Office.objects.filter(business_number__startswith=number))
    if len(digits) >= SHORTEST_PHONE and number == digits:
        arms.append(Office.objects.filter(phone_digits__startswith=digits))
        called = OfficeService.objects.filter(phone_digits__startswith=digits)
        arms.append(Office.objects.filter(pk__in=called.values("office")))
    first, *others = (arm.order_by().values("pk") for arm in arms)
    return first.union(*others)


def _by_name(word: str) -> QuerySet[Office]:
    key = kana.search_key(word)
    if not key:
        return Office.objects.none()
    found = Office.objects.filter(search_key__contains=key)
    if len(key) == 1:  # No index helps: every row is read.
        return found
    pairs = Func(F("search_key"), function="offices_bigrams", output_field=ArrayField(TextField()))
    return found.alias(pairs=pairs).filter(pairs__contains=sorted(kana.bigrams(key)))  # type: ignore[misc]


def _by_place(word: str) -> QuerySet[Office]:
    named = Q(name__startswith=word) | Q(kana__startswith=kana.hiragana(word))
    return Office.objects.filter(municipality__in=Municipality.objects.filter(named).values("pk"))


def _best_first(word: str) -> Case:
    return Case(
        When(business_number=business_number.normalize(word), then=Value(0)),
        When(name__startswith=word, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


# --- one office --------------------------------------------------------------------


def office_services(office_id: int) -> QuerySet[OfficeService]:
    """Every row that the office is or was listed with, what is listed now first; declared ones only
    where the register has no row for the same kind of service."""
    listed = OfficeService.objects.filter(
        office=OuterRef("office"), service_type=OuterRef("service_type"), source=ServiceSource.LISTED
    )
    return (
        OfficeService.objects.filter(office=office_id)
        .exclude(Q(source=ServiceSource.DECLARED) & Exists(listed))
        .select_related("service_type", "municipality")
        .order_by(F("listed_until").desc(nulls_first=True), "service_key", "listing_no")
    )


services_listed = prepared(office_services)


def corrections_of(office_id: int) -> QuerySet[OfficeCorrection]:
    """Corrections that stand, each with what the register says beside it."""
    return OfficeCorrection.objects.filter(office=office_id, withdrawn_at=None).select_related("by").order_by("field")


def events_of(office_id: int) -> QuerySet[OfficeEvent]:
    """What happened to the office, the newest first."""
    return OfficeEvent.objects.filter(office=office_id).select_related("by", "run").order_by("-at", "-pk")


# --- many offices ------------------------------------------------------------------


def offices_in_scope(on: date) -> QuerySet[Office]:
    """Open on the day, with at least one service inside the data standard: the denominator of every
    rate. An office that left the register stays until an operator confirms that it closed."""
    return Office.objects.in_scope_on(on)


def vanished_offices() -> QuerySet[VanishedOffice]:
    """Offices that an import lacked and about which nobody has decided yet."""
    return (
        VanishedOffice.objects.filter(state=VanishedState.PENDING)
        .select_related("office__municipality", "run")
        .order_by("-as_of", "office__business_number")
    )


def import_runs() -> QuerySet[ImportRun]:
    """Every import, the last first."""
    return ImportRun.objects.select_related("by", "job").order_by("-pk")


def successor_candidates(office: Office, limit: int = 5) -> list[Office]:
    """Open offices at the same telephone or address: who may carry on. The newest in the register first."""
    same = Q(pk__in=[])
    if office.phone_digits:
        same |= Q(phone_digits=office.phone_digits)
    if office.address:
        same |= Q(address=office.address)
    found = Office.objects.filter(same, closed_on=None, listed_until=None).exclude(pk=office.pk)
    return list(found.order_by(F("listed_from").desc(nulls_last=True), "business_number")[:limit])


def areas_of(user: User) -> QuerySet[Area]:
    """The areas that an officer looks after."""
    return Area.objects.filter(officers=user).order_by("code")


def colleagues_of(user: User) -> QuerySet[User]:
    """The officers whom a person, as an administrator of an area, may help back in: those who look after one of the
    areas that the person looks after and administers; never the person."""
    administered = Area.objects.filter(administrators=user, officers=user)
    return (
        User.objects.filter(areas__in=administered, role=Role.OFFICER, is_active=True)
        .exclude(pk=user.pk)
        .distinct()
        .order_by("name", "pk")
    )


def areas_listed() -> QuerySet[Area]:
    """All areas with their officers, for the operator's page."""
    return Area.objects.prefetch_related("officers", "administrators", "municipalities").order_by("code")


def municipalities_named(words: str) -> tuple[list[str], list[str]]:
    """Codes of the municipalities that lines of text name, and the lines that name none or several: a six-digit
    code, 鳥取県米子市, 米子市 where only one is called so, or a prefecture for all of its municipalities."""
    known = list(
        Municipality.objects.filter(kind=MunicipalityKind.MUNICIPALITY).values_list("code", "name", "prefecture__name")
    )
    named: dict[str, list[str]] = {}
    for code, name, prefecture in known:
        for word in (code, name, f"{prefecture}{name}"):
            named.setdefault(word, []).append(code)
    whole = {prefecture: [code for code, _, home in known if home == prefecture] for *_, prefecture in known}
    found, unknown = [], []
    for line in filter(None, (line.strip() for line in words.splitlines())):
        codes = whole.get(line) or named.get(line, [])
        if codes and (line in whole or len(codes) == 1):
            found += codes
        else:
            unknown.append(line)
    return list(dict.fromkeys(found)), unknown


def municipalities_of(areas: Iterable[Area]) -> QuerySet[Municipality]:
    """The municipalities of some areas, each once; wards are inside their city."""
    return Municipality.objects.filter(kind=MunicipalityKind.MUNICIPALITY, areas__in=areas).distinct().order_by("code")
