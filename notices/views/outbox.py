"""How the outbox stands, and one notice with what became of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from notices import queries, services
from notices.models import Delivery, Notice
from notices.notifications import text_of
from notices.views.desk import DESK, SEES, SHOWN, acting, is_desk, seen_list, seen_offices

DAYS = 30
SENT_AGAIN = "もう一度送った"
ONLY_THEIRS = "（本人だけが読む内容なので、ここには出しません）"


@SEES
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """What waits, what went, what could not be handed over."""
    seen_list(request, "お知らせの発送")
    context = {
        "counts": queries.outbox_counts(DAYS), "days": DAYS,
        "undeliverable": list(queries.undeliverable()[:SHOWN]),
        "trying": list(queries.trying()[:SHOWN]),
        "bounces": queries.bounces_open().count(),
    }  # fmt: skip
    return render(request, "notices/outbox.html", context)


@SEES
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """What was told, to whom it went and when."""
    found = get_object_or_404(Notice.objects.select_related("office"), pk=pk)
    seen_offices(request, [found])
    deliveries = found.deliveries.select_related("print_run").order_by("pk")
    context = {
        "notice": found,
        "text": ONLY_THEIRS if found.secret else text_of(found),
        "deliveries": deliveries,
        "may_act": is_desk(request),
    }
    return render(request, "notices/notice.html", context)


@DESK
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail once more, after its address was seen to."""
    delivery = get_object_or_404(Delivery, pk=pk)
    if services.delivery_again(delivery_id=pk, acting=acting(request, SENT_AGAIN)):
        messages.success(request, f"{delivery.address} に、もう一度送ります。")
    else:
        messages.info(request, "もう送っているか、送り直せないお知らせです。")
    return redirect("notices:notice", delivery.notice_id)
