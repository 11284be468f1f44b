"""The fields of the forms on an office's page, as HTML. What nobody has written in yet is the same for every office of a
day, so a process makes it once a day: drawing form fields takes longer than everything else on the page."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from helpdesk.forms import NoteForm, WhatIfForm
from helpdesk.rules.days import next_days


def note_fields(form: NoteForm, today: date) -> SafeString:
    return render_to_string("helpdesk/office/note_fields.html", {"note_form": form, "next_days": next_days(today)})


def whatif_fields(form: WhatIfForm) -> SafeString:
    return render_to_string("helpdesk/office/whatif_fields.html", {"whatif_form": form})


@lru_cache(maxsize=2)
def empty_note(today: date) -> SafeString:
    return note_fields(NoteForm(today=today), today)


@lru_cache(maxsize=16)
def empty_whatif(today: date, act: str) -> SafeString:
    """``act``: what stands chosen."""
    return whatif_fields(WhatIfForm(initial={"on": today, "act": act}))
