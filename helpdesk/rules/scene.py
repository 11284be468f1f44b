"""What the sentences of the helpdesk are made from: an office on a day, and a filing that waits for its proof."""

from dataclasses import dataclass
from datetime import date

from campaigns.rules import Assessment
from careplan_portal.lib.dates import Period
from helpdesk.rules.spoken import spoken
from licenses.rules import PAID, Plan, Policy


@dataclass(frozen=True, slots=True)
class Unproved:
    """A filing whose identity is not proved (R16). `term` is the free year of its own day of filing, as recorded,
    never of today; `stated` what its receipt shows where the applicant stated other dates; `fits` is False where the
    record does not allow a filing, so that proof would decline it."""

    filed_on: date
    term: Period
    prove_by: date
    stated: Period | None = None
    fits: bool = True

    def free_with(self, plan: Plan) -> Period:
        """The free year that proof would bring: a paid term begun meanwhile turns free with its own dates."""
        current = plan.current
        if current is not None and current.pricing == PAID and self.term.starts_on <= current.ends_on:
            return Period(current.starts_on, current.ends_on)
        return self.term


@dataclass(frozen=True, slots=True)
class Scene:
    """An office on a day. `plan` is None while its record is set aside; `unproved` is the filing without proof whose
    deadline is the nearest."""

    today: date
    plan: Plan | None
    assessment: Assessment | None
    policy: Policy
    window: Period
    unproved: Unproved | None = None

    @property
    def prove_by(self) -> date | None:
        return self.unproved.prove_by if self.unproved else None

    def day(self, day: date) -> str:
        return spoken(day, self.today)

    def span(self, days: Period) -> str:
        return f"{self.day(days.starts_on)}から{self.day(days.ends_on)}まで"
