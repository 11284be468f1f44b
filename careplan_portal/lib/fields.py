"""How a field of a form looks: label, whether it is needed, hint, mistake, control, in this order.

Written without a template, because pages of the desk and of the filing have many. Hint and mistake are tied to the
control by ``aria-describedby``. Everything works without a script.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString, mark_safe

from careplan_portal.lib import icons
from careplan_portal.lib.forms import CHOICE_WIDGETS, BusinessNumberInput, DateInput, LetterCodeInput
from careplan_portal.lib.markup import escaped
from careplan_portal.lib.unbroken import whole_dates


def field_markup(field: BoundField) -> SafeString:
    """The whole field in its look: hidden, a tick with its label beside it, a group, or label above control."""
    if field.is_hidden:
        return control(field)
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return _tick(field)
    if isinstance(widget, CHOICE_WIDGETS) or widget.use_fieldset:
        return _group(field)
    return _safe(
        f'<div class="field"{_wrong(field)}><label class="label" for="{field.id_for_label}">{_label(field)}</label>'
        f"{field_hint(field)}{field_error(field)}{control(field)}</div>"
    )


def _tick(field: BoundField) -> SafeString:
    hint = field.help_text
    small = f'<small id="{field.auto_id}_helptext">{whole_dates(hint)}</small>' if hint else ""
    label = f'<label for="{field.id_for_label}">{whole_dates(field.label)}{small}</label>'
    return _safe(
        f'<div class="field"{_wrong(field)}>{field_error(field)}<div class="choice">{control(field)}{label}</div></div>'
    )


def _group(field: BoundField) -> SafeString:
    told = field.aria_describedby
    described = f' aria-describedby="{told}"' if told else ""
    return _safe(
        f'<fieldset class="field" id="{field.auto_id}_group"{_wrong(field)}{described}><legend class="label">'
        f"{_label(field)}</legend>{field_hint(field)}{field_error(field)}{control(field)}</fieldset>"
    )


def _label(field: BoundField) -> str:
    return f"{escaped(field.label)}{field_need(field)}"


def _wrong(field: BoundField) -> str:
    return " data-error" if field.errors else ""


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308 - texts are escaped, the rest is of this file and of Django


# parts ------------------------------------------------------------------------------------------


def field_need(field: BoundField) -> SafeString:
    """Whether it may stay empty."""
    needed = field.field.required
    return _safe('<span class="need">必ず入力</span>' if needed else '<span class="opt">なくてもよい</span>')


def field_hint(field: BoundField) -> SafeString:
    """Its help text under the id that ``aria-describedby`` names; empty without one."""
    text = field.help_text
    return _safe(f'<div class="hint" id="{field.auto_id}_helptext">{whole_dates(text)}</div>' if text else "")


def field_error(field: BoundField) -> SafeString:
    """What is wrong with it, for ``aria-describedby``; empty when all is well."""
    if not field.errors:
        return _safe("")
    texts = "".join(escaped(text) for text in error_texts(field))
    return _safe(f'<p class="error" id="{field.auto_id}_error">{icons.icon("error")}<span>{texts}</span></p>')


def control(field: BoundField) -> SafeString:
    """The field's control with the class its kind needs."""
    widget = field.field.widget
    widget.attrs.pop("placeholder", None)  # labels and hints say it; a placeholder vanishes
    attrs: dict[str, Any] = {}
    if isinstance(widget, BusinessNumberInput | LetterCodeInput):
        attrs["class"] = "bn-input"
    elif isinstance(widget, DateInput):
        for part in widget.widgets:
            part.attrs["class"] = "input"
    elif not isinstance(widget, (forms.CheckboxInput, forms.HiddenInput, *CHOICE_WIDGETS)):
        attrs["class"] = f"input {widget.attrs.get('class', '')}".strip()
        if (
            isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == "10"
        ):  # Django's own, which fills a screen
            attrs["rows"] = 4
    if field.use_fieldset and field.errors and not isinstance(widget, CHOICE_WIDGETS):
        attrs["aria-describedby"] = f"{field.auto_id}_error"
    return field.as_widget(attrs=attrs)


# mistakes ---------------------------------------------------------------------------------------


def error_texts(field: BoundField) -> list[str]:
    """What is wrong, as a request. Where a form has no words of its own for a missing value, the verb fits the control."""
    return [_required(field) if error.code == "required" and _stock(field) else text for error, text in _pairs(field)]


def _pairs(field: BoundField) -> list[tuple[ValidationError, str]]:
    return list(zip(field.errors.as_data(), (str(text) for text in field.errors), strict=True))


def _stock(field: BoundField) -> bool:
    return field.field.error_messages.get("required") is forms.Field.default_error_messages["required"]


def field_name(field: BoundField) -> str:
    """What the field is called in a sentence: the form's ``short_label`` where its label is one, else the label without
    what it explains in brackets."""
    label = getattr(field.field, "short_label", "") or str(field.label or "")
    return label.removesuffix("。").split("（")[0]


def _required(field: BoundField) -> str:
    widget, name = field.field.widget, field_name(field)
    if isinstance(widget, forms.CheckboxInput):
        return "確かめて、印を付けてください。"
    asked = "選んでください。" if isinstance(widget, (forms.Select, *CHOICE_WIDGETS)) else "入れてください。"
    return f"{name}を{asked}" if name and not name.endswith(QUESTIONS) else asked


QUESTIONS = ("か", "？", "とき", "ください", "に", "を", "く", "む")
"""How labels end that are no name: 「どう確かめましたか」 is not chosen, an answer to it is."""
