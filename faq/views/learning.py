"""What to write next, and the words of the search."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from accounts.permissions import audience
from faq import queries, services
from faq.forms import OutsideForm, SpellingForm, WordGroupForm
from faq.models import OutsideText
from faq.permissions import EDITORS
from faq.rules.content import ContentError
from faq.views import Request
from faq.views.desk import acting

A_WEEK = datetime.timedelta(days=7)


@audience(*EDITORS)
@require_safe
def weekly(request: Request) -> HttpResponse:
    """The week's list: searches without an answer or a click, telephone questions, answers that did not help."""
    last = _day(request.GET.get("until", "")) or request.today
    last = min(last, request.today)
    later = min(last + A_WEEK, request.today) if last < request.today else None
    context = {"week": queries.week(last), "earlier": last - A_WEEK, "later": later}
    return render(request, "faq/desk/weekly.html", context)


def _day(text: str) -> datetime.date | None:
    """A day of this century, else None."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day is not None and day.year >= 2000 else None


@audience(*EDITORS)
def words(request: Request) -> HttpResponse:
    """Words that mean the same, other spellings, and what lies outside: three small forms, one sent at a time."""
    sent = request.POST.get("form", "")
    forms = {
        "group": WordGroupForm(
            request.POST if sent == "group" else None, initial=queries.group_initial(request.GET.get("group", ""))
        ),
        "spelling": SpellingForm(request.POST if sent == "spelling" else None),
        "outside": OutsideForm(request.POST if sent == "outside" else None),
    }
    if sent in forms and forms[sent].is_valid() and _saved(request, sent, forms[sent].cleaned_data):
        return redirect("faq:desk-words")
    return render(request, "faq/desk/words.html", {"forms": forms} | queries.words_page())


def _saved(request: Request, sent: str, data: dict[str, str]) -> bool:
    """Save one of the three; False, with a message, when the service refuses."""
    who = acting(request, data.get("why", "ことばを加えた"))
    try:
        if sent == "group":
            services.word_group_save(name=data["name"], words=data["words"], acting=who)
        elif sent == "spelling":
            services.spelling_save(wrong=data["wrong"], right=data["right"], acting=who)
        else:
            services.outside_add(kind=OutsideText.Kind(data["kind"]), text=data["text"], acting=who)
    except ContentError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, "保存しました。次の検索から使われます。")
    return True
