"""What came back: the helpdesk's tasks."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from notices import queries, services
from notices.forms import ReasonForm
from notices.models import Bounce
from notices.views.desk import DESK, SHOWN, acting, seen_list


@DESK
@require_safe
def returned(request: HttpRequest) -> HttpResponse:
    """Everything that came back and nobody has settled, the oldest first."""
    return _page(request)


@DESK
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has seen to it and says what they did; with ``again`` the mail goes out once more."""
    bounce, form = get_object_or_404(Bounce.objects.select_related("delivery"), pk=pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, form, bounce.pk)
    by = acting(request, form.cleaned_data["reason"])
    services.bounce_settle(bounce_id=bounce.pk, acting=by)
    if "again" in request.POST and services.delivery_again(delivery_id=bounce.delivery_id, acting=by):
        messages.success(request, f"片づけました。{bounce.address} に、もう一度送ります。")
    else:
        messages.success(request, "片づけたと記録しました。")
    return redirect("notices:returned")


def _page(request: HttpRequest, form: ReasonForm | None = None, wrong: int = 0) -> HttpResponse:
    seen_list(request, "戻ったお知らせ")
    open_ones = queries.bounces_open()
    context = {"bounces": list(open_ones[:SHOWN]), "count": open_ones.count(), "form": form, "wrong": wrong}
    return render(request, "notices/returned.html", context, status=422 if form else 200)
