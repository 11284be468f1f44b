"""The figures once more, the slow way: office by office in Python, from rows and rules, with no SQL of the app."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from licenses import rules
from licenses.models import License, LicenseEvent, LicenseTerm
from licenses.queries import load_facts, policy
from offices.models import Office, OfficeService

DAY = timedelta(days=1)


@dataclass
class State:
    pricing: str = ""
    started: bool = False
    ended: str = ""


@dataclass
class Tally:
    numbers: Counter[str] = field(default_factory=Counter)

    def add(self, state: State) -> None:
        self.numbers["offices_in_scope"] += 1
        self.numbers["offices_using"] += bool(state.pricing)
        self.numbers["free"] += state.pricing == "free_pass"
        self.numbers["paid"] += state.pricing == "paid"
        self.numbers["started"] += state.started
        self.numbers["stopped"] += state.ended == "stopped"
        self.numbers["lapsed"] += state.ended == "lapsed"


class Ledger:
    """All rows, read once; every question is answered from them one by one."""

    def __init__(self) -> None:
        self.license_of = {license.office_id: license.pk for license in License.objects.all()}
        self.terms: dict[int, list[LicenseTerm]] = defaultdict(list)
        for term in LicenseTerm.objects.all():
            self.terms[term.license_id].append(term)
        events = LicenseEvent.objects.filter(kind="term_made_free")
        self.made_free = {event.term_id: event.recorded_on for event in events}
        self.facts = {one.license_id: one.facts for one in load_facts(list(self.license_of.values()))}
        self.policy = policy()

    def pricing_on(self, license_id: int, day: date, known: date) -> str:
        """The pricing of the term that covers the day, as known then; empty without one."""
        for term in self.terms[license_id]:
            if not term.starts_on <= day <= term.ends_on:
                continue
            if term.recorded_on > known and term.origin != "renewal":
                continue
            made_free_on = self.made_free.get(term.pk)
            return "paid" if made_free_on is not None and made_free_on > known else str(term.pricing)
        last = self.facts[license_id].last
        if last is not None and last.closing == "" and last.ends_on < day:
            current = rules.plan(self.facts[license_id], self.policy, day).current
            return current.pricing if current else ""
        return ""

    def renewal_of(self, license_id: int, day: date, known: date) -> date | None:
        """The day after the term that covers the day, as known then."""
        for term in self.terms[license_id]:
            if term.starts_on <= day <= term.ends_on and (term.recorded_on <= known or term.origin == "renewal"):
                return term.ends_on + DAY
        if self.pricing_on(license_id, day, known):
            current = rules.plan(self.facts[license_id], self.policy, day).current
            return current.ends_on + DAY if current else None
        return None

    def ending_of(self, license_id: int, day: date) -> str:
        """How the use that ended the day before ended."""
        term = next(term for term in self.terms[license_id] if term.ends_on == day - DAY)
        return str(term.closing) or rules.plan(self.facts[license_id], self.policy, day).status

    def state_of(self, office: Office, day: date, known: date) -> State:
        license_id = self.license_of.get(office.pk)
        if license_id is None:
            return State()
        state, first = State(self.pricing_on(license_id, day, known)), day.replace(day=1)
        while first <= day:
            now, before = (bool(self.pricing_on(license_id, d, known)) for d in (first, first - DAY))
            if now and not before:
                state.started = True
            if before and not now:
                state.ended = self.ending_of(license_id, first)
            first += DAY
        return state


def cuts_of(office: Office, day: date) -> set[str]:
    cuts = {"all"}
    for service in OfficeService.objects.filter(office=office).select_related("service_type"):
        kind = service.service_type
        if kind is None or kind.in_scope == "no" or (service.listed_until and service.listed_until < day):
            continue
        cuts |= {kind.code, "cm" if kind.side == "care_manager" else "pr"}
    return cuts


def in_scope(day: date) -> Iterator[Office]:
    for office in Office.objects.select_related("municipality"):
        if office.scope in ("yes", "short_stay") and (office.closed_on is None or office.closed_on > day):
            yield office


def figures(day: date, known: date) -> dict[tuple[str, str], Counter[str]]:
    """Every (area, cut) with its counts."""
    ledger = Ledger()
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for office in in_scope(day):
        state = ledger.state_of(office, day, known)
        for area in areas_of(office):
            for cut in cuts_of(office, day):
                tallies[area, cut].add(state)
    return {key: tally.numbers for key, tally in tallies.items()}


def months(day: date, known: date) -> dict[tuple[str, str], tuple[int, int]]:
    """Free and paid by area and renewal month: of the terms of the day (y), and of those whose renewal
    date lay in the day's month, by whether use went on (k) or not (x)."""
    ledger = Ledger()
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for office in in_scope(day):
        license_id = ledger.license_of.get(office.pk)
        if license_id is None:
            continue
        told = []
        if pricing := ledger.pricing_on(license_id, day, known):
            renews = ledger.renewal_of(license_id, day, known)
            assert renews is not None
            told.append((f"y{renews:%y%m}", pricing))
        first = day.replace(day=1)
        while first <= day:
            if ledger.renewal_of(license_id, first - DAY, known) == first:
                # What a term was told as at the end is what counts for its cohort.
                kept = bool(ledger.pricing_on(license_id, first, known))
                told.append((f"{'k' if kept else 'x'}{first:%y%m}", ledger.pricing_on(license_id, first - DAY, known)))
            first += DAY
        for cut, pricing in told:
            for area in areas_of(office):
                found[area, cut][pricing == "paid"] += 1
    return {key: (free, paid) for key, (free, paid) in found.items()}


def areas_of(office: Office) -> list[str]:
    place = office.municipality
    if place is not None:
        return ["000000", place.rolled_up_id, place.prefecture_id]
    return ["000000", office.prefecture_id] if office.prefecture_id else ["000000"]


def pairs(day: date, known: date, area: str) -> tuple[int, int]:
    """Care manager and provider of one municipality, two different offices: all pairs, and those that both use."""
    ledger = Ledger()
    found = [
        (office.pk, cuts_of(office, day), bool(ledger.state_of(office, day, known).pricing))
        for office in in_scope(day)
        if office.municipality is not None and office.municipality.rolled_up_id == area
    ]
    both = [(a, b) for a in found for b in found if a[0] != b[0] and "cm" in a[1] and "pr" in b[1]]
    return len(both), sum(a[2] and b[2] for a, b in both)


def reach(day: date, codes: set[str], side: str, other: str) -> tuple[int, int, int, int, int, int]:
    """Offices of a side in these municipalities with somebody of the other within 3 km; for how many half of
    those use it; pairs, pairs whose partner uses it; partners near any, of them using. Every distance by itself."""
    ledger = Ledger()
    seen = [
        (office, cuts_of(office, day), bool(ledger.state_of(office, day, day).pricing))
        for office in in_scope(day)
        if office.latitude is not None
    ]
    offices = reached = pairs = both = 0
    around: dict[int, bool] = {}
    for office, cuts, _ in seen:
        place = office.municipality
        if side not in cuts or place is None or place.rolled_up_id not in codes:
            continue
        near = [(o.pk, u) for o, c, u in seen if other in c and o.pk != office.pk and apart(office, o) <= 3]
        offices += bool(near)
        reached += bool(near) and 2 * sum(u for _, u in near) >= len(near)
        pairs, both = pairs + len(near), both + sum(u for _, u in near)
        around |= dict(near)
    return offices, reached, pairs, both, len(around), sum(around.values())


def apart(one: Office, other: Office) -> float:
    """Kilometres by the law of cosines: not the formula of the app."""
    a, b, c, d = (math.radians(x or 0) for x in (one.latitude, one.longitude, other.latitude, other.longitude))
    cosine = math.sin(a) * math.sin(c) + math.cos(a) * math.cos(c) * math.cos(b - d)
    return 6371.0088 * math.acos(max(-1.0, min(1.0, cosine)))
