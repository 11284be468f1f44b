"""A year of the demo: licences of every kind, their history made by the real services, day by day."""

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import structlog
from django.db.models import QuerySet

from campaigns import rules as campaign_rules
from campaigns import services as campaigns
from campaigns.queries import office_answer
from careplan_portal.lib import clock, policies
from careplan_portal.lib.acting import HELPDESK, MEMBER, VISITOR, Acting
from careplan_portal.lib.dates import days, term_end
from careplan_portal.management.demo.register import GROUP, STORY
from careplan_portal.nightly import run_all
from licenses import services as licenses
from licenses.services import Refused, licenses_take_over
from offices.models import Office

log = structlog.get_logger(__name__)

FIRST_DAY = date(2025, 4, 1)
OPENS = date(2025, 6, 1)
TODAY = date(2026, 4, 3)

# How many of a hundred offices join in the year: at home, beside it, elsewhere.
JOINING = {"31": 40, "32": 26, "28": 24, "33": 22, "34": 22}
ELSEWHERE = 15
PEOPLE = [
    "山本 恵",
    "中村 誠",
    "小林 直子",
    "加藤 徹",
    "吉田 美咲",
    "松田 進",
    "井口 花",
    "石川 智",
    "長谷 豊",
    "藤井 由美",
    "髙﨑 純",
    "岡 光",
]

Act = Callable[[date], object]


class Story:
    """Draws who does what on which day, then lets the days pass."""

    def __init__(self, seed: int = 31):
        self.draw = random.Random(seed)  # noqa: S311 - invented data, nothing to guess
        self.acts: dict[date, list[Act]] = defaultdict(list)
        self.old: list[dict[str, str]] = []

    def tell(self, offices: QuerySet[Office], say: Callable[[str], None]) -> None:
        """Write the year of these offices into an empty ledger. `say` hears a sentence a month."""
        for office in offices.order_by("business_number"):
            self._life_of(office)
        clock.set_demo_day(FIRST_DAY)
        licenses_take_over(
            rows=enumerate(self.old, 2), today=FIRST_DAY, acting=Acting(None, HELPDESK, "前のシステムから引き継ぎ")
        )
        for day in days(FIRST_DAY, TODAY):
            clock.set_demo_day(day)
            run_all(day)
            self._live(day)
            campaigns.application_notices_make(today=day)
            if day.day == 1:
                say(f"demo: {day:%Y-%m}")

    def _live(self, day: date) -> None:
        for act in self.acts.pop(day, []):
            try:
                act(day)
            except (Refused, campaigns.AnswerChanged) as refused:
                # An invented person tried what the rules do not allow: that happens, and leaves nothing.
                log.debug("demo_refused", day=day.isoformat(), why=str(refused))

    def on(self, day: date, act: Act) -> None:
        """Plan an act for a day of the year; what would lie outside of it is left out."""
        if FIRST_DAY <= day <= TODAY:
            self.acts[day].append(act)

    def _day(self, first: date, last: date) -> date:
        """A day of the span, later ones more often: neighbours draw neighbours."""
        span = (last - first).days
        return first + timedelta(days=int(span * self.draw.random() ** 0.75))

    # --- lives --------------------------------------------------------------------

    def _life_of(self, office: Office) -> None:
        if office.business_number == STORY[0]:
            self.on(date(2025, 4, 15), lambda day: self._start_paid(office, day))
            return
        if office.scope == "no" and self.draw.random() < 0.8:
            return
        chance = self.draw.random() * 100
        joining = JOINING.get(office.business_number[:2], ELSEWHERE)
        if office.corporation_name == GROUP[0]:
            joining = 55
        if chance < joining * 0.22:
            self._licensed_before(office)
        elif chance < joining * 0.34:
            self._early_starter(office, self._day(FIRST_DAY, OPENS - timedelta(days=1)))
        elif chance < joining:
            self._joins(office, self._day(OPENS, TODAY))

    def _licensed_before(self, office: Office) -> None:
        """A paid licence of the earlier system, renewed by hand."""
        starts_on = date(2024, 4, 2) + timedelta(days=self.draw.randrange(360))
        ends_on = term_end(starts_on)
        mode = "auto" if self.draw.random() < 0.3 else "manual"
        self.old.append(
            {
                "business_number": office.business_number,
                "first_licensed_on": starts_on.isoformat(),
                "starts_on": starts_on.isoformat(),
                "ends_on": ends_on.isoformat(),
                "pricing": "paid",
                "renewal_mode": mode,
                "stop_requested_on": "",
            }
        )
        self._after_the_old_term(office, ends_on)

    def _after_the_old_term(self, office: Office, ends_on: date) -> None:
        luck = self.draw.random()
        in_renewal_month = (ends_on + timedelta(days=1)).replace(day=1)
        if luck < 0.15:
            self.on(self._day(FIRST_DAY, ends_on), lambda day: self._stop(office, day))
        elif luck < 0.75 and in_renewal_month >= OPENS:
            self._joins(office, in_renewal_month + timedelta(days=self.draw.randrange(5)))
        elif luck < 0.85:
            self.on(in_renewal_month, lambda day: self._renew_paid(office, day))

    def _early_starter(self, office: Office, starts_on: date) -> None:
        """Paid before the window opened; a year later the renewal month is the time to file (R13)."""
        self.on(starts_on, lambda day: self._start_paid(office, day))
        in_renewal_month = (term_end(starts_on) + timedelta(days=1)).replace(day=1)
        day, luck = in_renewal_month + timedelta(days=self.draw.randrange(3)), self.draw.random()
        if luck < 0.5:
            self._joins(office, day)
        elif luck < 0.65:
            self.on(day, lambda on: self._renew_paid(office, on))
        elif luck < 0.8:
            self.on(day, lambda on: self._stop(office, on))

    def _joins(self, office: Office, day: date) -> None:
        """Files for the Free Pass: as a member, or as a visitor who is proved later, or never."""
        if self.draw.random() < 0.45:
            self.on(day, lambda on: self.file(office, on, "member"))
        else:
            self.on(day, lambda on: self.file(office, on, ""))
        if self.draw.random() < 0.07:
            later = day + timedelta(days=self.draw.randrange(20, 200))
            self.on(later, lambda on: self._stop(office, on))
            if self.draw.random() < 0.25:
                self.on(later + timedelta(days=9), lambda on: self._stop_withdraw(office, on))

    # --- acts ---------------------------------------------------------------------

    def file(self, office: Office, day: date, proof: str) -> None:
        """File for the Free Pass as its page does; nothing when the office has no answer."""
        answer = office_answer(office.pk, day)
        if answer.assessment is None or answer.situation is None:
            return
        name = self.draw.choice(PEOPLE)
        application = campaigns.application_file(
            office_id=office.pk,
            applicant=campaigns.Applicant(
                name=name,
                phone=office.phone,
                email=f"office{office.pk}@demo.example",
                terms_version=str(policies.terms(day).version),
                privacy_version=str(policies.privacy(day).version),
            ),
            channel="member" if proof else "visitor",
            shown=campaign_rules.fingerprint(answer.assessment, answer.situation),
            form_key=UUID(int=self.draw.getrandbits(128)),
            today=day,
            acting=Acting(None, MEMBER if proof else VISITOR, f"{name}さんの申請"),
            proof=proof,
        )
        if not proof and self.draw.random() < 0.93:
            proved = day + timedelta(days=self.draw.randrange(1, 21))
            self.on(proved, lambda on: self._prove(application.pk, on))

    def _prove(self, application_id: int, day: date) -> None:
        campaigns.application_prove(
            application_id=application_id,
            proof="call_back",
            today=day,
            acting=Acting(None, HELPDESK, "登録の電話に折り返して確認"),
        )

    def _start_paid(self, office: Office, day: date) -> None:
        licenses.license_start_paid(office_id=office.pk, today=day, acting=Acting(None, MEMBER, "有償で利用開始"))

    def _renew_paid(self, office: Office, day: date) -> None:
        licenses.paid_renewal_file(office_id=office.pk, today=day, acting=Acting(None, MEMBER, "有償の更新"))

    def _stop(self, office: Office, day: date) -> None:
        licenses.stop_file(office_id=office.pk, today=day, acting=Acting(None, MEMBER, "利用停止の届け"))

    def _stop_withdraw(self, office: Office, day: date) -> None:
        licenses.stop_withdraw(office_id=office.pk, today=day, acting=Acting(None, MEMBER, "停止の取り下げ"))
