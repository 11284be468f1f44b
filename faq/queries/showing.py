"""An entry as it is shown: HTML of its text, the office's own sentence, lines for the telephone."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django.conf import settings
from django.utils.module_loading import import_string

from faq.models import Entry
from faq.rules.content import Content
from faq.rules.markup import render
from faq.rules.placeholders import Value, fill


@dataclass(frozen=True, slots=True)
class OfficeValues:
    """The dates of one office, handed in by who knows them: its name, values by placeholder, and which of
    placeholders.STATES hold for it."""

    name: str
    values: Mapping[str, Value | None] = field(default_factory=dict)
    states: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Shown:
    """``details`` is safe HTML; ``yours`` is empty unless every date of it is known; ``phone`` is spoken line by
    line, a line that begins with 確かめる is what the helpdesk asks back."""

    details: str
    phone: tuple[tuple[str, str], ...]
    paper: tuple[str, ...]
    yours: str = ""
    yours_name: str = ""


ASKED_BACK = "確かめる："


def shown(content: Content | Entry, office: OfficeValues | None = None) -> Shown:
    """An entry, or a content that waits, ready for a template."""
    yours, yours_name = own_sentence(content, office)
    return Shown(
        details=render(content.details),
        phone=tuple(_spoken(line) for line in content.phone.splitlines() if line.strip()),
        paper=tuple(line for line in content.paper.splitlines() if line.strip()),
        yours=yours,
        yours_name=yours_name,
    )


def own_sentence(content: Content | Entry, office: OfficeValues | None) -> tuple[str, str]:
    """The sentence with the office's dates and the office's name; both empty when a date is missing, or when the
    sentence is for offices in another state."""
    if office is None or not office.states.issuperset(content.yours_for):
        return "", ""
    yours = fill(content.yours, office.values)
    return yours, office.name if yours else ""


def _spoken(line: str) -> tuple[str, str]:
    if line.startswith(ASKED_BACK):
        return ASKED_BACK, line.removeprefix(ASKED_BACK)
    return "", line


def office_values(user: Any, today: datetime.date, number: str = "") -> OfficeValues | None:
    """The dates of the office that a signed-in person stands for, from the callable that ``settings.FAQ_VALUES``
    names (called with ``user``, ``today`` and, for one of several offices, its ``number``); None without one, for
    visitors, and for people with no office, or with many and none chosen."""
    chosen = {"number": number} if number else {}
    values: OfficeValues | None = _handed("FAQ_VALUES", user, today, **chosen)
    return values


def office_choices(user: Any, today: datetime.date) -> list[tuple[str, str]]:
    """Numbers and names of the offices among which a person may choose, from the callable that
    ``settings.FAQ_OFFICES`` names; empty for visitors and for people with one office."""
    return _handed("FAQ_OFFICES", user, today) or []


def _handed(setting: str, user: Any, today: datetime.date, **more: str) -> Any:
    """What the app above, named in the settings, hands in; None for visitors and without such a setting."""
    name = getattr(settings, setting, "")
    if not name or not user.is_authenticated:
        return None
    provider = cast("Callable[..., Any]", import_string(name))
    return provider(user=user, today=today, **more)
