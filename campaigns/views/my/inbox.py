"""What an office was told, for its members."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaigns.views.my.owning import MEMBERS, own_office, today_of
from notices.models import Delivery, Notice
from notices.queries import notices_of_office
from offices.queries import members_of

PAGE = 30


@MEMBERS
@require_safe
def inbox(request: HttpRequest, number: str) -> HttpResponse:
    """Every notice of the office, the latest first."""
    office = own_office(request, number)
    page = Paginator(notices_of_office(office.pk), PAGE).get_page(request.GET.get("page"))
    rows = [(notice, _ways(notice)) for notice in page]
    return render(request, "campaigns/my/inbox.html", {"office": office, "page": page, "rows": rows})


def _ways(notice: Notice) -> list[tuple[str, Delivery]]:
    """How it went out: each way and state once, with how many of them: メール 3通."""
    alike: dict[tuple[str, str], list[Delivery]] = {}
    for one in notice.deliveries.all():
        alike.setdefault((one.channel, one.state), []).append(one)
    return [(f"{same[0].get_channel_display()} {len(same)}通", same[0]) for same in alike.values()]


@MEMBERS
@require_safe
def inbox_notice(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One notice as it was sent, and how it was handed over; addresses are named of the office's own people."""
    office = own_office(request, number)
    notice = get_object_or_404(notices_of_office(office.pk), pk=pk)
    people = {member.user.email for member in members_of(office.pk, today_of(request))}
    return render(request, "campaigns/my/inbox_notice.html", {"office": office, "notice": notice, "people": people})
