"""The portal's own controls and fields. How a field looks around its control: lib/fields.py."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import ChoiceWidget

from careplan_portal.lib import words
from careplan_portal.lib.widgets import CHOICE, CHOICES

# how a control is drawn, by the class of its widget; the first that fits
CHOICE_WIDGETS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


class _Hinted(ChoiceWidget):
    """``hints`` maps a value to a small second line under its label."""

    template_name = CHOICES
    option_template_name = CHOICE

    def __init__(self, *args: Any, hints: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hints = dict(hints or {})

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["hint"] = self.hints.get(str(value), "")
        return option


class Radios(_Hinted, forms.RadioSelect):
    """One of a few."""


class Ticks(_Hinted, forms.CheckboxSelectMultiple):
    """Several of a few."""


class Tick(forms.BooleanField):
    """A sentence to confirm by a tick; ``short_label`` is what it is called in the list of mistakes, where the sentence
    itself would claim what is just missing."""

    def __init__(self, *, short_label: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.short_label = short_label


class BusinessNumberInput(forms.TextInput):
    """One wide field with the ruler of the groups 2-1-2-4-1; paste works, any spelling is taken."""

    template_name = "components/widgets/business_number.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "inputmode": "text", "spellcheck": "false", **(attrs or {})})


class LetterCodeInput(forms.TextInput):
    """The eight figures of the identity letter."""

    template_name = "components/widgets/letter_code.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "one-time-code", "inputmode": "numeric", **(attrs or {})})


class DateInput(forms.MultiWidget):
    """Year, month and day in three small fields: quicker and clearer than a calendar to pick from."""

    template_name = "components/widgets/dates.html"
    use_fieldset = True
    parts = ("year", "month", "day")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        number = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            {part: forms.TextInput({**number, "data-w": "4" if part == "year" else "2"}) for part in self.parts}, attrs
        )

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, str):
            try:
                value = datetime.date.fromisoformat(value)
            except ValueError:
                return [None, None, None]
        return [value.year, value.month, value.day] if value else [None, None, None]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else id_


def _figure(text: str, unit: str) -> int | None:
    figures = text.removesuffix(unit)
    return int(figures) if figures.isascii() and figures.isdigit() else None


class DateField(forms.MultiValueField):
    """A day from three fields; full-width figures and years of an era (令和8, R8) are taken, and 年, 月, 日 after a figure.
    Errors say what is wrong with the date."""

    widget = DateInput
    default_error_messages = {
        "required": "日付を入れてください。",
        "incomplete": "年、月、日をすべて入れてください。",
        "digits": "数字で入れてください。例：2026年4月14日",
        "no_such_day": "%(month)s月%(day)s日はありません。日付を確かめてください。",
        "year": "年は西暦の4けたか、元号で入れてください。例：2026、令和8",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("require_all_fields", False)
        parts = tuple(forms.CharField(required=False) for _part in DateInput.parts)
        super().__init__(fields=parts, **kwargs)

    def clean(self, value: Any) -> datetime.date | None:
        if isinstance(value, datetime.date):
            return value
        parts = [unicodedata.normalize("NFKC", str(part or "")).strip() for part in value or ()]
        if not any(parts):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        return self._day(parts)

    def _day(self, parts: list[str]) -> datetime.date:
        if not all(parts):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        year, month, day = words.year_of(parts[0]), *map(_figure, parts[1:], "月日")
        if year is None or month is None or day is None:
            raise ValidationError(self.error_messages["digits"], code="digits")
        if not 1900 <= year <= 2199:
            raise ValidationError(self.error_messages["year"], code="year")
        try:
            return datetime.date(year, month, day)
        except ValueError as error:
            params = {"month": month, "day": day}
            raise ValidationError(self.error_messages["no_such_day"], code="no_such_day", params=params) from error

    def compress(self, data_list: list[Any]) -> Any:  # pragma: no cover - clean() is overridden
        return data_list
