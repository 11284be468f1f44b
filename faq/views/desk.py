"""Writing the FAQ: drafts, previews, publishing, history, what to write next, words of the search."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import audience, signed_in_user
from careplan_portal.lib.acting import Acting
from faq import queries, services
from faq.enums import State
from faq.forms import EntryForm, ReasonForm, ReviewForm, StartForm, entry_initial, review_initial
from faq.models import Entry
from faq.permissions import EDITORS, READERS_OF_HISTORY
from faq.queries.links import broken_links
from faq.rules.content import ContentError, content_mistakes
from faq.rules.difference import differences
from faq.views import Request


def acting(request: Request, why: str) -> Acting:
    user = signed_in_user(request)
    return Acting(user.pk, user.role, why)


def _found(slug: str) -> Entry:
    return get_object_or_404(Entry.objects.select_related("topic"), slug=slug)


def _seen(request: Request) -> int | None:
    """The revision that was on the page that is sent; None when the page did not say."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 19 else None


def _told(request: Request, error: ContentError) -> None:
    for mistake in error.mistakes:
        messages.error(request, mistake)


@audience(*READERS_OF_HISTORY)
@require_safe
def desk(request: Request) -> HttpResponse:
    """What waits: drafts, overdue reviews; and every entry."""
    context = {
        "drafts": queries.drafts(),
        "overdue": queries.overdue_entries(request.today),
        "broken": broken_links(),
        "entries": queries.desk_entries(request.GET.get("q", "")),
        "q": request.GET.get("q", ""),
        "editor": signed_in_user(request).role in EDITORS,
    }
    return render(request, "faq/desk/index.html", context)


@audience(*EDITORS)
def new(request: Request) -> HttpResponse:
    """Start an entry, perhaps from a question that somebody asked."""
    form = StartForm(request.POST or None, initial={"question": request.GET.get("question", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.entry_start(
                slug=data["slug"], question=data["question"], topic=data["topic"].pk, today=request.today,
                acting=acting(request, "新しく書き始めた"),
            )  # fmt: skip
        except ContentError as error:
            form.add_error("slug", " ".join(error.mistakes))
        else:
            return redirect("faq:desk-edit", data["slug"])
    return render(request, "faq/desk/new.html", {"form": form})


@audience(*EDITORS)
def edit(request: Request, slug: str) -> HttpResponse:
    """Write a draft; what is published stays until the draft is."""
    entry = _found(slug)
    form = EntryForm(request.POST or None, initial=entry_initial(queries.content_of(entry, draft=True)))
    if request.method == "POST" and form.is_valid():
        try:
            services.draft_save(
                entry=entry, content=form.content(), acting=acting(request, form.cleaned_data["why"]), seen=_seen(request)
            )  # fmt: skip
        except ContentError as error:
            form.add_error(None, " ".join(error.mistakes))
        else:
            return redirect("faq:desk-preview", slug)
    context = {"entry": entry, "form": form, "seen": queries.newest_step(entry)}
    return render(request, "faq/desk/edit.html", context)


@audience(*EDITORS)
@require_safe
def preview(request: Request, slug: str) -> HttpResponse:
    """The draft in all its versions, what it changes, and what it still lacks."""
    entry = _found(slug)
    content = queries.content_of(entry, draft=True)
    before = None if entry.state == State.DRAFT else queries.content_of(entry).as_json()
    context = {
        "entry": entry,
        "content": content,
        "shown": queries.shown(content, queries.example_office(request.today)),
        "mistakes": [*content_mistakes(content), *services.dead_ends(content)],
        "changes": differences(before, content.as_json(), queries.choice_words()),
        "form": ReasonForm(),
        "seen": queries.newest_step(entry),
    }
    return render(request, "faq/desk/preview.html", context)


@audience(*EDITORS)
@require_POST
def publish(request: Request, slug: str) -> HttpResponse:
    """Show the draft to everybody."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "公開するわけを入れてください。")
        return redirect("faq:desk-preview", slug)
    try:
        services.entry_publish(
            entry=_found(slug), acting=acting(request, form.cleaned_data["why"]), seen=_seen(request)
        )  # fmt: skip
    except ContentError as error:
        _told(request, error)
        return redirect("faq:desk-preview", slug)
    messages.success(request, "公開しました。検索にも、すぐに出ます。")
    return redirect("faq:desk-history", slug)


@audience(*EDITORS)
@require_POST
def discard(request: Request, slug: str) -> HttpResponse:
    """Throw the draft away."""
    services.draft_discard(entry=_found(slug), acting=acting(request, "下書きを捨てた"))
    messages.success(request, "下書きを捨てました。公開中の内容は、そのままです。")
    return redirect("faq:desk-history", slug)


@audience(*EDITORS)
@require_POST
def withdraw(request: Request, slug: str) -> HttpResponse:
    """Take an entry away from readers; it can be published again."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "取り下げるわけを入れてください。")
    else:
        services.entry_withdraw(entry=_found(slug), acting=acting(request, form.cleaned_data["why"]))
        messages.success(request, "取り下げました。もう一度公開できます。")
    return redirect("faq:desk-history", slug)


@audience(*EDITORS)
@require_POST
def review(request: Request, slug: str) -> HttpResponse:
    """Say that the entry still holds, and when to look again."""
    entry, form = _found(slug), ReviewForm(request.POST)
    if form.is_valid():
        try:
            services.entry_review(
                entry=entry, next_on=form.cleaned_data["next_on"], today=request.today,
                acting=acting(request, form.cleaned_data["why"]),
            )  # fmt: skip
        except ContentError as error:
            form.add_error("next_on", " ".join(error.mistakes))
        else:
            messages.success(request, "内容を確かめた日を残しました。")
            return redirect("faq:desk-history", slug)
    return render(request, "faq/desk/history.html", _past(request, entry, form), status=422)


@audience(*READERS_OF_HISTORY)
@require_safe
def history(request: Request, slug: str) -> HttpResponse:
    """Everything that was done to an entry, each step with what it changed."""
    form = ReviewForm(initial=review_initial(request.today))
    return render(request, "faq/desk/history.html", _past(request, _found(slug), form))


def _past(request: Request, entry: Entry, review_form: ReviewForm) -> dict[str, object]:
    return {
        "entry": entry,
        "steps": queries.steps_of(entry),
        "review_form": review_form,
        "reason_form": ReasonForm(auto_id="withdraw_%s"),
        "editor": signed_in_user(request).role in EDITORS,
    }
