"""Pages of the FAQ for everybody: search, entries, topics, audiences, the booklet."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.permissions import audience
from faq import queries
from faq.documents import booklet_pdf
from faq.enums import Audience, Version
from faq.forms import FeedbackForm
from faq.models import Entry, Topic
from faq.permissions import reads_as_staff
from faq.rules.text import MAX_LENGTH
from faq.views import Request

RESULTS = 6
SUGGESTIONS = 5


@audience.public
@require_safe
def index(request: Request) -> HttpResponse:
    """Search and topics; with ``q`` the results, or that nothing is settled."""
    staff = reads_as_staff(request.user)
    now = queries.current(staff=staff)
    question = request.GET.get("q", "").strip()[:MAX_LENGTH]
    context: dict[str, object] = {"q": question} | _beside(now, staff)
    if question:
        office = queries.office_values(request.user, request.today)
        context["results"] = queries.results(now, question, limit=RESULTS, office=office)
    return render(request, "faq/index.html", context)


@audience.public
@require_safe
def suggest(request: Request) -> HttpResponse:
    """While typing: the nearest questions as links, a part of a page."""
    question = request.GET.get("q", "").strip()
    hits = queries.answer(question, limit=SUGGESTIONS).hits if len(question) > 1 else ()
    return render(request, "faq/parts/suggest.html", {"hits": hits, "q": question})


@audience.public
@require_safe
def entry(request: Request, slug: str) -> HttpResponse:
    """One answer; staff also sees it as it is told by telephone and on paper (``?for=``), a member of several offices
    with the dates of one of them (``?office=``)."""
    staff = reads_as_staff(request.user)
    found = _found(slug, staff=staff)
    chosen = request.GET.get("office", "")[:20]
    context = {
        "entry": found,
        "shown": queries.shown(found, queries.office_values(request.user, request.today, chosen)),
        "choices": queries.office_choices(request.user, request.today) if found.yours else [],
        "chosen": chosen,
        "related": queries.related_entries(found, staff=staff),
        "staff": staff,
        "version": _version(request, staff),
        "versions": Version.choices,
        "q": request.GET.get("q", "")[:MAX_LENGTH],
        "form": FeedbackForm(),
        "said": None,
    }
    return render(request, "faq/entry.html", context)


def _found(slug: str, *, staff: bool) -> Entry:
    try:
        return queries.entry_for(slug, staff=staff)
    except Entry.DoesNotExist:
        raise Http404 from None


def _version(request: Request, staff: bool) -> str:
    asked = request.GET.get("for", "")
    return asked if staff and asked in Version.values else Version.SCREEN


@audience.public
@require_safe
def topic(request: Request, key: str) -> HttpResponse:
    """All answers of a topic."""
    staff = reads_as_staff(request.user)
    found = get_object_or_404(Topic, key=key)
    now = queries.current(staff=staff)
    cards = now.of_topic(key)
    context = {"title": found.title, "lead": found.lead, "topic": key, "groups": [("", cards)] if cards else []}
    return render(request, "faq/list.html", context | _beside(now, staff) | {"count": len(cards)})


@audience.public
@require_safe
def for_audience(request: Request, who: str) -> HttpResponse:
    """All answers written for offices, or for municipalities."""
    staff = reads_as_staff(request.user)
    if who not in Audience.values or (who == Audience.HELPDESK and not staff):
        raise Http404("このページはありません。")
    now = queries.current(staff=staff)
    cards = now.for_audience(who)
    groups = [(one.topic.title, [card for card in cards if card.entry.topic_id == one.topic.key]) for one in now.topics]
    context = {
        "title": f"{Audience(who).label}への答え", "lead": "", "topic": "", "count": len(cards),
        "groups": [(heading, some) for heading, some in groups if some],
    }  # fmt: skip
    return render(request, "faq/list.html", context | _beside(now, staff))


def _beside(now: queries.Current, staff: bool) -> dict[str, object]:
    """What stands beside answers: the other topics, and for whom answers are."""
    return {"topics": now.topics, "audiences": Audience.choices[:2], "staff": staff}


@audience.public
@require_safe
def booklet(request: Request) -> HttpResponse:
    """All answers as one PDF with contents and page numbers."""
    return HttpResponse(
        booklet_pdf(request.today),
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="faq.pdf"'},
    )
