"""Years of random acts, outages and changed policies, done to the portal and to the naive model alike."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

from campaigns import rules as offer_rules
from campaigns import services as campaigns
from campaigns.models import Campaign
from campaigns.queries import office_answer
from careplan_portal.lib.acting import HELPDESK, MEMBER, NIGHT, OPERATOR, VISITOR, Acting
from licenses import services as licenses
from licenses.models import License, LicenseTerm
from licenses.services import Refused
from offices.models import Office
from offices.services.offices import office_close
from tests.licenses.naive import Naive, World, Year, year_end

BEGIN = date(2025, 4, 1)
MEMBERS = Acting(None, MEMBER, "くり返しの試験")
OPERATORS = Acting(None, OPERATOR, "くり返しの試験")
APPLICANT = campaigns.Applicant("山根 涼子", "0859-00-0123", "", "2", "1")
ACTS = ("start_paid", "stop", "unstop", "file_paid", "file_free", "file_unproved", "withdraw", "grant", "close")
WEIGHTS = (14, 20, 9, 12, 30, 12, 6, 3, 2)
# Acts for which most offices are never ready, and how one is that may be.
FEW: dict[str, Callable[[Naive, date], bool]] = {
    "withdraw": lambda twin, today: twin.reserved == "free",
    "file_paid": lambda twin, today: any(
        0 < (year.end - today).days < 31 and not twin.automatic for year in twin.years
    ),
    "file_free": lambda twin, today: not twin.used and any(-5 < (year.end - today).days < 31 for year in twin.years),
}
TRIES = 60
# day it is decided: what changes
EXTENSIONS = {date(2026, 4, 20): date(2027, 3, 31), date(2027, 3, 1): date(2027, 9, 30)}
FEES = {
    date(2027, 1, 10): (date(2027, 4, 1), 22_000),
    date(2029, 11, 5): (date(2030, 4, 1), 0),
    date(2031, 6, 1): (date(2032, 1, 1), 15_000),
}
LAST_DAY = {date(2033, 6, 1): date(2034, 3, 31)}


class Years:
    """The same history twice. `offices` are ids; `model` is the naive twin of each."""

    def __init__(self, licences: int, seed: int) -> None:
        self.chance = random.Random(seed)
        self.world = World(date(2025, 6, 1), date(2026, 5, 31), {date(2000, 1, 1): 21_000})
        self.model: dict[int, Naive] = {}
        self.applications: dict[int, int] = {}
        self.did: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.nights = 0
        self._take_over(licences)

    def _take_over(self, count: int) -> None:
        rows, twins = [], {}
        for number in range(1, count + 1):
            start = date(2024, 4, 1) + timedelta(days=self.chance.randrange(366))
            # Some have ended before the portal begins, as in an earlier system; a few have a stop on file.
            first = start - timedelta(days=self.chance.choice((0, 0, 0, 400)))
            mode = self.chance.choice(("manual", "manual", "auto"))
            stop = start + timedelta(days=40) if self.chance.random() < 0.1 else None
            key = f"317{number:07d}"
            rows.append(
                {
                    "business_number": key,
                    "first_licensed_on": first.isoformat(),
                    "starts_on": start.isoformat(),
                    "ends_on": year_end(start).isoformat(),
                    "pricing": "paid",
                    "renewal_mode": mode,
                    "stop_requested_on": stop.isoformat() if stop else "",
                }
            )
            twins[key] = Naive(mode == "auto", [Year(start, year_end(start), free=False, fee=21_000, stop_on=stop)])
        taken = licenses.licenses_take_over(rows=enumerate(rows, 2), today=BEGIN, acting=OPERATORS)
        assert (taken.licenses, taken.rejects) == (count, [])
        # As many offices again that never had a licence.
        for number in range(count + 1, count + count // 10 + 1):
            twins[f"317{number:07d}"] = Naive(automatic=False)
        Office.objects.bulk_create(Office(business_number=key, name=key) for key in list(twins)[count:])
        Office.objects.update(scope="yes")
        self.model = {pk: twins[key] for pk, key in Office.objects.values_list("pk", "business_number")}
        self.offices = sorted(self.model)
        for twin in self.model.values():
            # Ends that lie before the first day.
            for day in range(367):
                twin.midnight(BEGIN - timedelta(days=366 - day), self.world)

    # one day ---------------------------------------------------------------------------------

    def day(self, today: date, acts: int, *, night: bool) -> None:
        for twin in self.model.values():
            twin.midnight(today, self.world)
        self._decisions(today)
        if night:
            self.night(today)
        for office_id, twin in self._unproved():
            if self.chance.random() < 0.08:
                self._act("prove", office_id, twin, today)
        for _ in range(acts):
            name = self.chance.choices(ACTS, WEIGHTS)[0]
            office_id = self._pick(name, today)
            self._act(name, office_id, self.model[office_id], today)

    def _pick(self, name: str, today: date) -> int:
        """Any office; for an act that few could do, mostly one that may be able to."""
        for _ in range(TRIES if name in FEW else 1):
            office_id = self.chance.choice(self.offices)
            if name in FEW and FEW[name](self.model[office_id], today):
                break
        return office_id

    def night(self, today: date) -> None:
        done = licenses.roll_over(on=today, acting=NIGHT)
        assert (done.proof, done.counts["set_aside"]) == ("ok", 0), f"{today}: {done.as_dict()}"
        campaigns.applications_expire(today=today)
        self.nights += 1

    def _unproved(self) -> list[tuple[int, Naive]]:
        return [
            (office_id, self.model[office_id])
            for office_id in sorted(self.applications)
            if self.model[office_id].filing
        ]

    def _decisions(self, today: date) -> None:
        if today in EXTENSIONS:
            self.world.closes = EXTENSIONS[today]
            campaigns.campaign_change(
                campaign=Campaign.objects.get(), today=today, acting=OPERATORS, closes_on=EXTENSIONS[today]
            )
        if today in FEES:
            start, yen = FEES[today]
            self.world.fees[start] = yen
            licenses.fee_set(starts_on=start, yen=yen, decided_until=None, note="", today=today, acting=OPERATORS)
        if today in LAST_DAY:
            self.world.ends = LAST_DAY[today]
            licenses.programme_end_set(ends_on=LAST_DAY[today], today=today, acting=OPERATORS)

    # one act ---------------------------------------------------------------------------------

    def _act(self, name: str, office_id: int, twin: Naive, today: date) -> None:
        if twin.closed or (twin.filing and name not in ("stop", "unstop", "prove")):
            return
        before = repr(twin)
        wanted = getattr(twin, name)(today, self.world)
        try:
            self._really(name, office_id, today)
            got = True
        except Refused:
            got = False
        assert got == wanted, f"{today} {name}: the portal says {got}, the model {wanted} of {before}"
        (self.did if got else self.refused)[name] += 1

    def _really(self, name: str, office_id: int, today: date) -> None:
        common = {"office_id": office_id, "today": today, "acting": MEMBERS}
        plain: dict[str, Callable[..., object]] = {
            "start_paid": licenses.license_start_paid,
            "stop": licenses.stop_file,
            "unstop": licenses.stop_withdraw,
            "file_paid": licenses.paid_renewal_file,
        }
        if name in plain:
            plain[name](**common)
        elif name == "file_free":
            self._file(office_id, today, "member")
        elif name == "file_unproved":
            self._file(office_id, today, "")
        elif name == "grant":
            made = campaigns.free_pass_grant(reason="災害", form_key=uuid4(), **common)
            self.applications[office_id] = made.pk
        elif name == "close":
            office_close(office_id=office_id, closed_on=today, acting=OPERATORS)
        elif office_id not in self.applications:
            raise Refused("none", "")
        elif name == "withdraw":
            self._withdraw(office_id, today)
        else:
            helpdesk = Acting(None, HELPDESK, "折り返し")
            campaigns.application_prove(
                application_id=self.applications[office_id], proof="call_back", today=today, acting=helpdesk
            )

    def _withdraw(self, office_id: int, today: date) -> None:
        held = License.objects.filter(office_id=office_id, reservations__state="open", reservations__kind="free_pass")
        if not held.exists():
            raise Refused("no_reservation", "")
        campaigns.application_withdraw(application_id=self.applications[office_id], today=today, acting=MEMBERS)

    def _file(self, office_id: int, today: date, proof: str) -> None:
        answer = office_answer(office_id, today)
        assert answer.assessment is not None
        assert answer.situation is not None
        made = campaigns.application_file(
            office_id=office_id,
            applicant=APPLICANT,
            channel="member" if proof else "visitor",
            shown=offer_rules.fingerprint(answer.assessment, answer.situation),
            form_key=uuid4(),
            today=today,
            acting=Acting(None, MEMBER if proof else VISITOR, "くり返しの試験"),
            proof=proof,
        )
        self.applications[office_id] = made.pk

    # what both say ---------------------------------------------------------------------------

    def compare_statuses(self, today: date) -> int:
        """Every licence as it stands on the day, whether or not a night has run."""
        said = dict(License.objects.with_status(today).values_list("office_id", "status"))
        for office_id, twin in self.model.items():
            wanted, got = twin.status(today), said.get(office_id, "none")
            assert got == wanted, f"{today} office {office_id}: the portal says {got}, the model {wanted} of {twin}"
        return len(said)

    def compare_ledgers(self) -> int:
        """Every term that both have, after a night: days, pricing, fee, stop, and how it ended."""
        rows: dict[int, list[tuple[object, ...]]] = {office_id: [] for office_id in self.model}
        terms = LicenseTerm.objects.order_by("license", "starts_on").values_list(
            "license__office_id", "starts_on", "ends_on", "pricing", "fee_yen", "stop_requested_on", "closing"
        )
        for office_id, *row in terms:
            rows[office_id].append(tuple(row))
        for office_id, twin in self.model.items():
            wanted = [
                (year.start, year.end, "free_pass" if year.free else "paid", year.fee, year.stop_on, year.how)
                for year in twin.years
            ]
            assert rows[office_id] == wanted, f"office {office_id}: {rows[office_id]} instead of {wanted}"
        modes = dict(License.objects.values_list("office_id", "renewal_mode"))
        wrong = [
            pk for pk, mode in modes.items() if self.model[pk].years and (mode == "auto") != self.model[pk].automatic
        ]
        assert not wrong, f"renewal modes differ: {wrong[:5]}"
        return sum(map(len, rows.values()))
