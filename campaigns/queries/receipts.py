"""An application as its applicant may see it, and the address under which it is seen.

The address is signed and cannot be guessed; it can be bookmarked and needs no sign-in.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.functional import cached_property

from campaigns import rules
from campaigns.enums import PROVED_LATER, Channel
from campaigns.models import FreePassApplication, IdentityLetter
from campaigns.queries.answers import application_state, provisional_applications, window_of
from campaigns.queries.checking import receipt_code
from campaigns.rules import receiving
from campaigns.rules.receiving import Filed, FiledTold, Step
from campaigns.rules.telling import fee_words
from careplan_portal.lib.dates import Period, day_after
from careplan_portal.lib.prepared import prepared
from careplan_portal.lib.templatetags.portal_words import ja_moment
from careplan_portal.lib.words import ja_date
from licenses.queries import policy
from licenses.rules import BadRecord, Policy
from notices.enums import Kind
from notices.models import Notice
from offices.models import Membership

# "~" stands in no receipt number and in no signature.
_SIGNER = signing.Signer(sep="~", salt="campaigns.receipt")


@dataclass(frozen=True)
class Receipt:
    """Everything that receipt page, paper, mails and status page say of an application."""

    application: FreePassApplication
    filed: Filed

    @cached_property
    def told(self) -> FiledTold:
        return receiving.tell_filed(self.filed)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        return receiving.steps_next(self.filed)

    @property
    def is_provisional(self) -> bool:
        return self.filed.state == rules.PROVISIONAL

    @property
    def is_confirmed(self) -> bool:
        return self.filed.state in (rules.RESERVED, rules.GRANTED)

    @property
    def is_superseded(self) -> bool:
        return self.filed.state == rules.SUPERSEDED

    @property
    def has_ended(self) -> bool:
        return not (self.is_provisional or self.is_confirmed)

    @property
    def is_stated(self) -> bool:
        """Whether the dates are those a visitor stated, not yet compared with the register."""
        application = self.application
        return application.claimed is not None and application.proved_on is None

    @property
    def filed_when(self) -> str:
        """Day and time of filing; of a form on paper the day on which it arrived, whose hour nobody noted."""
        application = self.application
        if application.channel == Channel.PAPER:
            return f"{ja_date(application.filed_on)}（紙が届いた日）"
        return ja_moment(application.filed_at)

    @property
    def path(self) -> str:
        return receipt_path(self.application)

    @property
    def check_code(self) -> str:
        """The code under which anybody who is shown the paper can check it."""
        return receipt_code(self.application)

    @property
    def link(self) -> str:
        return f"{settings.PORTAL_BASE_URL}{self.path}"


def receipt_path(application: FreePassApplication) -> str:
    """The address of the receipt page."""
    return reverse("campaigns:receipt", args=[_SIGNER.sign(application.receipt_number)])


def application_by_token(token: str) -> FreePassApplication | None:
    """The application behind a receipt page's address; None for any other text."""
    try:
        number = _SIGNER.unsign(token)
    except signing.BadSignature:
        return None
    return _by_receipt.first(number)


def _with_all() -> QuerySet[FreePassApplication]:
    return FreePassApplication.objects.select_related(
        "office__municipality", "office__prefecture", "reservation", "campaign"
    )


_by_receipt = prepared(lambda number: _with_all().filter(receipt_number=number))


def application_with_all(application_id: int) -> FreePassApplication:
    """An application with what a receipt needs. Raises FreePassApplication.DoesNotExist."""
    return _with_all().get(pk=application_id)


def receipt_of(application: FreePassApplication, today: date) -> Receipt:
    """What the applicant may see of an application on `today`."""
    stated = application.claimed if application.claimed and application.proved_on is None else None
    starts_on = date.fromisoformat(stated["starts_on"]) if stated else application.starts_on
    ends_on = date.fromisoformat(stated["ends_on"]) if stated else application.ends_on
    reasons = application.answer.get("explanations") or [{"text": ""}]
    filed = Filed(
        state=application_state(application),
        effect=stated["effect"] if stated else application.effect,
        filed_on=application.filed_on,
        term=Period(starts_on, ends_on),
        prove_by=application.prove_by,
        today=today,
        fee_after=_fee_after(ends_on, policy()),
        proved_at_once=application.proved_on == application.filed_on and application.channel not in PROVED_LATER,
        reason=reasons[0]["text"],
        window_open=today in window_of(application.campaign),
    )
    return Receipt(application, filed)


def _fee_after(ends_on: date, fees: Policy) -> str:
    after = day_after(ends_on)
    if not fees.allows_term_on(after):
        return ""
    try:
        return fee_words(fees, after)
    except BadRecord:
        return "未定"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What stands beside an application that waits for proof: the day of its newest letter that still counts, when
    the newest other filing for the office came that waits, too, and whether somebody acts for the office already."""

    letter_on: date | None = None
    rival_at: datetime | None = None
    has_members: bool = False


_waiting = prepared(
    lambda key, today: FreePassApplication.objects.filter(pk=key).values_list(
        Subquery(IdentityLetter.objects.filter(applications=OuterRef("pk"), voided_on=None).values("made_on")[:1]),
        Subquery(
            provisional_applications()
            .filter(office=OuterRef("office"))
            .exclude(pk=OuterRef("pk"))
            .order_by("-filed_at")
            .values("filed_at")[:1]
        ),
        Exists(Membership.objects.current(today).filter(office=OuterRef("office"))),
    )
)


def waiting_with(application: FreePassApplication, today: date) -> Waiting:
    """What to say of an application that waits, on `today`; nobody is named."""
    return Waiting(*(_waiting.first(application.pk, today) or ()))


# --- identity ------------------------------------------------------------------------------


def letters_open(business_number: str) -> QuerySet[IdentityLetter]:
    """Letters whose code still works for an application of this office; not one that came back."""
    waiting = provisional_applications().filter(office__business_number=business_number)
    return IdentityLetter.objects.filter(
        voided_on=None, used_on=None, returned_on=None, applications__in=waiting
    ).distinct()


def letters_due() -> QuerySet[FreePassApplication]:
    """Provisional applications that wait for their letter: those whose address somebody else than
    the applicant stated (an unlisted office is checked by the helpdesk instead)."""
    return (
        provisional_applications()
        .filter(office__unlisted=False)
        .exclude(office__address="")
        .exclude(letters__in=IdentityLetter.objects.filter(voided_on=None))
        .select_related("office__corporation", "office__municipality", "campaign")
    )


def letters_impossible() -> QuerySet[FreePassApplication]:
    """Provisional applications that no letter can prove: unlisted, or without an address."""
    waiting = provisional_applications()
    return (waiting.filter(office__unlisted=True) | waiting.filter(office__address="")).select_related("office")


def reminders_due(today: date) -> QuerySet[FreePassApplication]:
    """Provisional applications whose deadline is near and that were not reminded yet."""
    near = today + timedelta(days=settings.IDENTITY_REMIND_DAYS)
    return (
        provisional_applications()
        .filter(prove_by__gte=today, prove_by__lte=near, filed_on__lt=today)
        .exclude(_told(Kind.IDENTITY_REMINDER))
    )


def letter_receipts(letter: IdentityLetter, today: date) -> list[Receipt]:
    """How the applications of a letter stand, by business number."""
    applications = _with_all().filter(letters=letter).order_by("office__business_number")
    return [receipt_of(application, today) for application in applications]


def _told(kind: str) -> Exists:
    """Whether the outbox has the notice of this kind about an application."""
    return Exists(Notice.objects.filter(kind=kind, office=OuterRef("office"), subject=OuterRef("receipt_number")))


def mails_missing(first: date, today: date) -> list[tuple[str, FreePassApplication]]:
    """Acknowledgements of filings, and words of proofs that came later, from `first` up to yesterday,
    that never came to the outbox: with their kind."""
    found = FreePassApplication.objects.order_by("pk")
    filed = found.filter(filed_on__gte=first, filed_on__lt=today).exclude(_told(Kind.ACKNOWLEDGEMENT))
    proved = (
        found.filter(proved_on__gte=first, proved_on__lt=today)
        .exclude(Q(proved_on=F("filed_on")) & ~Q(channel__in=PROVED_LATER))
        .exclude(_told(Kind.PROVED))
    )
    return [*(("receipt", one) for one in filed), *(("proof", one) for one in proved)]
