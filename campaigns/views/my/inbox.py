"""What an office was told, for its members."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaigns.views.my.owning import MEMBERS, own_office, today_of
from notices.queries import notices_of_office
from offices.queries import members_of

PAGE = 30


@MEMBERS
@require_safe
def inbox(request: HttpRequest, number: str) -> HttpResponse:
    """Every notice of the office, the latest first."""
    office = own_office(request, number)
    page = Paginator(notices_of_office(office.pk), PAGE).get_page(request.GET.get("page"))
    return render(request, "campaigns/my/inbox.html", {"office": office, "page": page})


@MEMBERS
@require_safe
def inbox_notice(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One notice as it was sent, and how it was handed over; addresses are named of the office's own people."""
    office = own_office(request, number)
    notice = get_object_or_404(notices_of_office(office.pk), pk=pk)
    people = {member.user.email for member in members_of(office.pk, today_of(request))}
    return render(request, "campaigns/my/inbox_notice.html", {"office": office, "notice": notice, "people": people})
