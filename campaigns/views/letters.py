"""The helpdesk's letters: what waits for one, print, print again. Each printed office is a look on record."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import LookReason, Role, SubjectKind
from accounts.models import User
from accounts.permissions import audience, signed_in_user
from accounts.services import access_record
from campaigns import documents, services
from campaigns.documents import LetterPaper
from campaigns.models import IdentityLetter
from campaigns.queries import letters_due, letters_impossible, letters_sent, receipt_of
from campaigns.services import Made
from careplan_portal.lib.acting import HELPDESK, OPERATOR, Acting
from licenses.services import Refused

DESK = (Role.HELPDESK, Role.OPERATOR)
SHOWN = 100


@audience(*DESK)
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """Who waits for a letter, whom none can reach, and which ones wait for their code."""
    user = signed_in_user(request)
    access_record(user=user, subject_kind=SubjectKind.APPLICATION, subject_key="letters", reason=LookReason.LETTER)
    context = {
        "due": list(letters_due()[:SHOWN]),
        "due_count": letters_due().count(),
        "impossible": list(letters_impossible()[:SHOWN]),
        "sent": list(letters_sent()[:SHOWN]),
        "batch": services.BATCH,
    }
    return render(request, "campaigns/identity/letters.html", context)


@audience(*DESK)
@require_POST
def letters_print(request: HttpRequest) -> HttpResponse:
    """Make the letters that are due and hand them to the printer, in one file."""
    user = signed_in_user(request)
    made = services.letters_make(today=request.today, acting=_acting(user))  # type: ignore[attr-defined]
    if not made:
        messages.info(request, "いま刷る手紙はありません。")
        return redirect("campaigns:letters")
    return _file(request, user, made)


@audience(*DESK)
@require_POST
def letter_again(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter once more, with a new code; the old one stops working."""
    user = signed_in_user(request)
    letter = get_object_or_404(IdentityLetter, pk=pk)
    try:
        made = services.letter_make_again(
            letter_id=letter.pk,
            today=request.today,  # type: ignore[attr-defined]
            acting=_acting(user),
        )
    except Refused as refused:
        messages.warning(request, refused.text)
        return redirect("campaigns:letters")
    return _file(request, user, [made])


def _acting(user: User) -> Acting:
    return Acting(user.pk, OPERATOR if user.role == Role.OPERATOR else HELPDESK, "手紙の発送")


def _file(request: HttpRequest, user: User, made: Sequence[Made]) -> HttpResponse:
    today = request.today  # type: ignore[attr-defined]
    for one in made:
        for application in one.applications:
            key = application.office.business_number
            access_record(user=user, subject_kind=SubjectKind.OFFICE, subject_key=key, reason=LookReason.LETTER)
    papers = [
        LetterPaper(
            one.letter.addressee,
            one.letter.postal_code,
            one.letter.address,
            one.code,
            one.letter.made_on,
            [receipt_of(application, today) for application in one.applications],
        )
        for one in made
    ]
    response = HttpResponse(documents.letters_pdf(papers), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="letters-{today.isoformat()}.pdf"'
    return response
