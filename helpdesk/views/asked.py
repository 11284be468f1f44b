"""The likely questions on an office's page, as HTML: written without a template, which took longer over these loops
than over the rest of the page."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.safestring import SafeString, mark_safe

from careplan_portal.lib.markup import escaped
from helpdesk.queries.questions import Question

ONLY_PROVED = '<b class="only-proved">確かめた相手にだけ：</b>'


def questions_markup(questions: Sequence[Question], *, proved: bool) -> SafeString:
    """The numbered list, the first one open. ``proved``: the caller is, so own dates may be told as they are."""
    shown = "".join(_question(number, one, proved=proved) for number, one in enumerate(questions, 1))
    return mark_safe(f'<ol class="qs">{shown}</ol>')  # noqa: S308 - escaped below


def _question(number: int, question: Question, *, proved: bool) -> str:
    yours = question.told.yours
    own = f'<p class="qs-yours">{"" if proved else ONLY_PROVED}{escaped(yours)}</p>' if yours else ""
    spoken = "".join(_line(ask, line) for ask, line in question.told.phone)
    return (
        f'<li><kbd aria-hidden="true">{number}</kbd><details class="qs-more"{" open" if number == 1 else ""}>'
        f'<summary data-key="{number}" data-topic="{escaped(question.topic)}">'
        f"<b>{escaped(question.entry.question)}</b></summary>{own}{spoken}</details></li>"
    )


def _line(ask: str, line: str) -> str:
    asked = f"<b>{escaped(ask)}</b>" if ask else ""
    return f"<p>{asked}{escaped(line)}</p>"


def questions_keys(questions: Sequence[Question]) -> SafeString:
    """The keys that open them: 1〜6."""
    last = f"〜<kbd>{len(questions)}</kbd>" if len(questions) > 1 else ""
    return mark_safe(f'<span class="keys-only"><kbd>1</kbd>{last}</span>')  # noqa: S308 - a number
