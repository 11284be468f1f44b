"""The auditor's page of everything that was done, with its file. Reading and writing out are recorded themselves."""

from __future__ import annotations

import unicodedata

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.enums import LookReason, Role, SubjectKind
from accounts.permissions import audience, signed_in_user
from accounts.services import access_record
from careplan_portal.lib.csvfile import csv_lines
from careplan_portal.lib.forms import DateField
from careplan_portal.lib.templatetags.portal_words import iso_moment
from careplan_portal.pages.deeds import SOURCES, Deed, Wanted, deeds

READERS = audience(Role.AUDITOR, Role.OPERATOR)
PER_PAGE = 100
MOST_SHOWN = 2_000
MOST_WRITTEN = 50_000
HEADS = ("日時", "記録", "できごと", "対象", "した人", "立場", "理由")


class DeedFilterForm(forms.Form):
    source = forms.ChoiceField(
        label="どの記録", required=False, choices=[("", "すべて"), *((source.key, source.label) for source in SOURCES)]
    )
    who = forms.CharField(label="した人", required=False, max_length=100)
    office = forms.CharField(label="事業所番号", required=False, max_length=30)
    reason = forms.CharField(label="理由のことば", required=False, max_length=100)
    first = DateField(label="はじめの日", required=False)
    last = DateField(label="おわりの日", required=False)

    def clean_office(self) -> str:
        text = unicodedata.normalize("NFKC", self.cleaned_data["office"]).upper()
        return "".join(char for char in text if char.isalnum())


@READERS
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """What was done, the latest first; a wrong filter shows nothing rather than everything."""
    form = DeedFilterForm(request.GET)
    found = deeds(Wanted(**form.cleaned_data), most=MOST_SHOWN) if form.is_valid() else []
    access_record(
        user=signed_in_user(request), subject_kind=SubjectKind.RECORDS, reason=LookReason.AUDIT,
        subject_key=(form.cleaned_data.get("office") if form.is_bound else "") or "したことの記録",
    )  # fmt: skip
    context = {
        "form": form, "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "cut": len(found) == MOST_SHOWN, "most": MOST_SHOWN, "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "pages/deeds.html", context)


@READERS
@require_safe
def done_file(request: HttpRequest) -> HttpResponse:
    """The same as a file; writing it out is recorded with what was asked for."""
    form = DeedFilterForm(request.GET)
    if not form.is_valid():
        return render(request, "pages/deeds.html", {"form": form, "page": Paginator([], 1).get_page(1), "cut": False,
                                                    "most": 0, "query": ""}, status=422)  # fmt: skip
    access_record(
        user=signed_in_user(request), subject_kind=SubjectKind.EXPORT, subject_key="deeds", reason=asked_for(form)
    )
    response = HttpResponse(csv_lines(HEADS, map(_row, deeds(Wanted(**form.cleaned_data), most=MOST_WRITTEN))))
    response["Content-Type"] = "text/csv; charset=utf-8"
    response["Content-Disposition"] = f'attachment; filename="deeds_{request.today}.csv"'  # type: ignore[attr-defined]
    return response


def _row(deed: Deed) -> tuple[str, ...]:
    return (iso_moment(deed.at), deed.source, deed.what, deed.subject, deed.doer, deed.role, deed.reason)


def asked_for(form: forms.Form) -> str:
    """A sentence for the record: what was written out."""
    parts = [
        f"{field.label}：{form.cleaned_data[name]}" for name, field in form.fields.items() if form.cleaned_data[name]
    ]
    return f"書き出し（{'、'.join(parts) or 'すべて'}）"
