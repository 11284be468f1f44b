"""The answer to one person's question, ready to be told: to a visitor from what was said, to a
member from the licence's own dates."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.functional import cached_property

from campaigns import rules
from campaigns.enums import ScopePolicy
from campaigns.models import Campaign
from campaigns.queries.answers import OfficeAnswer, offer_on, office_answer, window_of
from campaigns.rules import Assessment, Claims, Matter, Situation, Told
from careplan_portal.lib import charts
from licenses.queries import policy


@dataclass(frozen=True)
class Answered:
    """`problem` is set, and nothing else is told, when the licence's record is set aside."""

    campaign: Campaign
    matter: Matter | None
    problem: str = ""

    @cached_property
    def told(self) -> Told | None:
        return rules.tell(self.matter) if self.matter else None

    @cached_property
    def timeline(self) -> charts.Timeline | None:
        return charts.timeline(rules.bars(self.matter), today=self.matter.today) if self.matter else None

    @property
    def filing(self) -> rules.Filing | None:
        """What filing today brings; None where it may not be filed."""
        if self.matter is None or self.is_out_of_scope:
            return None
        return rules.filing(self.matter.answer)

    @property
    def is_out_of_scope(self) -> bool:
        """R11 under the policy `refuse`: no service within the data standard, so no filing."""
        warned = self.matter is not None and bool(self.matter.answer.warnings)
        return warned and self.campaign.scope_policy == ScopePolicy.REFUSE

    @property
    def fingerprint(self) -> str:
        """What a person agrees to; the filing is made only while it still holds."""
        return rules.fingerprint(self.matter.answer, self.matter.situation) if self.matter else ""

    @property
    def questions(self) -> list[int]:
        """Numbers of the questions that the reasons rest on."""
        if self.matter is None:
            return []
        return sorted({number for reason in self.matter.answer.explanations for number in reason.questions})


def answered_claims(claims: Claims, in_scope: bool | None, today: date) -> Answered:
    """To a visitor, from what was said. Raises Campaign.DoesNotExist without a campaign."""
    campaign, fees = offer_on(today)
    situation = rules.situation_claimed(claims, in_scope)
    answer = rules.assess(situation, window_of(campaign), fees, today)
    window = rules.window_cut(window_of(campaign), fees)
    unknown = claims.ends_on is not None and claims.renewal == rules.UNKNOWN
    return Answered(campaign, Matter(answer, situation, window, fees, today, unknown))


def answered_office(office_id: int, today: date) -> Answered:
    """To a member, from the licence as it stands on the day."""
    answer = office_answer(office_id, today)
    if answer.assessment is None or answer.situation is None:
        return Answered(answer.campaign, None, answer.problem)
    fees = policy()
    window = rules.window_cut(window_of(answer.campaign), fees)
    return Answered(answer.campaign, Matter(answer.assessment, answer.situation, window, fees, today))


def claimed_answer(recorded: OfficeAnswer, claims: Claims, today: date) -> OfficeAnswer:
    """The office's answer as it was told to a visitor: from the claims instead of the record."""
    in_scope = recorded.situation.in_scope if recorded.situation else None
    situation: Situation = rules.situation_claimed(claims, in_scope)
    assessment: Assessment = rules.assess(situation, window_of(recorded.campaign), policy(), today)
    return replace(recorded, situation=situation, assessment=assessment)
