"""One table of boundaries for the rule and for its SQL twin: facts, day, status.

Fees are 21,000 yen; the programme's end is None unless the case gives one.
"""

from dataclasses import dataclass, field
from datetime import date

from licenses.rules import (
    AUTO,
    FREE_PASS,
    MANUAL,
    PAID,
    Fee,
    LicenseFacts,
    Policy,
    Reservation,
    Term,
)

D = date.fromisoformat
FEES = (Fee(D("2000-01-01"), 21000),)
POLICY = Policy(FEES)


def term(start: str, end: str, pricing: str = PAID, closing: str = "", stop: bool = False) -> Term:
    return Term(D(start), D(end), pricing, 21000 if pricing == PAID else 0, closing, stop)


def facts(*terms: Term, mode: str = AUTO, reserved: str = "", closed: str = "") -> LicenseFacts:
    reservation = Reservation(reserved, terms[-1].renewal_on) if reserved else None
    return LicenseFacts(terms, mode, reservation, D(closed) if closed else None)


@dataclass(frozen=True)
class Case:
    name: str
    facts: LicenseFacts
    status_on: dict[str, str]
    ends_on: date | None = None
    kinds: tuple[str, ...] = field(default=())

    @property
    def policy(self) -> Policy:
        return Policy(FEES, self.ends_on)


YEAR = ("2025-04-15", "2026-04-14")

CASES = [
    Case("nothing yet", facts(), {"2025-06-01": "none"}),
    Case(
        "automatic renewal goes on for years",
        facts(term(*YEAR)),
        {
            "2025-04-14": "none",
            "2025-04-15": "active_paid",
            "2026-04-14": "active_paid",
            "2026-04-15": "active_paid",
            "2029-04-15": "active_paid",
        },
    ),
    Case(
        "manual lapses",
        facts(term(*YEAR), mode=MANUAL),
        {"2026-04-14": "active_paid", "2026-04-15": "lapsed", "2028-01-01": "lapsed"},
    ),
    Case(
        "a stop ends it after the last day",
        facts(term(*YEAR, stop=True)),
        {"2026-04-14": "active_paid", "2026-04-15": "stopped"},
    ),
    Case(
        "a stop outweighs a reservation",
        facts(term(*YEAR, stop=True), reserved=FREE_PASS),
        {"2026-04-14": "active_paid", "2026-04-15": "stopped"},
    ),
    Case(
        "a stop of a manual office is a stop",
        facts(term(*YEAR, stop=True), mode=MANUAL),
        {"2026-04-15": "stopped"},
    ),
    Case(
        "reserved free year, then automatic",
        facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS),
        {
            "2026-04-14": "active_paid",
            "2026-04-15": "active_free",
            "2027-04-14": "active_free",
            "2027-04-15": "active_paid",
            "2030-01-01": "active_paid",
        },
    ),
    Case(
        "filed paid renewal of a manual office lasts one year",
        facts(term(*YEAR), mode=MANUAL, reserved=PAID),
        {"2026-04-15": "active_paid", "2027-04-14": "active_paid", "2027-04-15": "lapsed"},
    ),
    Case(
        "filed paid renewal of an automatic office",
        facts(term(*YEAR), reserved=PAID),
        {"2026-04-15": "active_paid", "2027-04-15": "active_paid"},
    ),
    Case(
        "free year with a stop",
        facts(term("2025-06-10", "2026-06-09", FREE_PASS, stop=True)),
        {"2026-06-09": "active_free", "2026-06-10": "stopped"},
    ),
    Case(
        "leap day: the next year starts on 1 March",
        facts(term("2027-03-01", "2028-02-28"), reserved=FREE_PASS),
        {
            "2028-02-28": "active_paid",
            "2028-02-29": "active_free",
            "2029-02-28": "active_free",
            "2029-03-01": "active_paid",
            "2032-02-29": "active_paid",
        },
    ),
    Case(
        "programme ends on the renewal date: one more year",
        facts(term(*YEAR)),
        {"2026-04-15": "active_paid", "2027-04-14": "active_paid", "2027-04-15": "stopped"},
        ends_on=D("2026-04-15"),
    ),
    Case(
        "programme ends the day before the renewal date",
        facts(term(*YEAR), reserved=FREE_PASS),
        {"2026-04-14": "active_paid", "2026-04-15": "stopped"},
        ends_on=D("2026-04-14"),
    ),
    Case(
        "a manual office lapses although the programme has ended",
        facts(term(*YEAR), mode=MANUAL),
        {"2026-04-15": "lapsed"},
        ends_on=D("2026-01-01"),
    ),
    Case(
        "programme ends within the third year",
        facts(term(*YEAR)),
        {"2027-04-15": "active_paid", "2028-04-14": "active_paid", "2028-04-15": "stopped"},
        ends_on=D("2028-04-14"),
    ),
    Case(
        "leap day and programme end on 28 February",
        facts(term("2027-03-01", "2028-02-28")),
        {"2028-02-29": "active_paid", "2029-02-28": "active_paid", "2029-03-01": "stopped"},
        ends_on=D("2029-02-28"),
    ),
    Case(
        "closed on the renewal date",
        facts(term(*YEAR), closed="2026-04-15"),
        {"2026-04-14": "active_paid", "2026-04-15": "stopped"},
    ),
    Case(
        "closed the day after the renewal date",
        facts(term(*YEAR), closed="2026-04-16"),
        {"2026-04-15": "active_paid", "2027-04-14": "active_paid", "2027-04-15": "stopped"},
    ),
    Case(
        "closed manual office with a filed renewal",
        facts(term(*YEAR), mode=MANUAL, reserved=PAID, closed="2027-04-15"),
        {"2027-04-14": "active_paid", "2027-04-15": "stopped"},
    ),
    Case(
        "closed manual office",
        facts(term(*YEAR), mode=MANUAL, closed="2026-01-01"),
        {"2026-04-14": "active_paid", "2026-04-15": "stopped"},
    ),
    Case(
        "recorded lapse and a restart after a gap",
        facts(
            term("2024-04-15", "2025-04-14", closing="lapsed"),
            term("2025-06-10", "2026-06-09", FREE_PASS),
        ),
        {"2025-04-14": "active_paid", "2025-06-09": "lapsed", "2025-06-10": "active_free"},
    ),
    Case(
        "recorded stop",
        facts(term(*YEAR, closing="stopped", stop=True)),
        {"2026-04-15": "stopped", "2028-04-15": "stopped"},
    ),
    Case(
        "recorded renewal",
        facts(term("2024-04-15", "2025-04-14", closing="renewed"), term(*YEAR, FREE_PASS)),
        {"2025-04-14": "active_paid", "2025-04-15": "active_free", "2026-04-15": "active_paid"},
    ),
]
