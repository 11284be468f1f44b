"""Tags for forms: the control of a field in its look, and the summary of what must be mended."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from careplan_portal.lib.forms import CHOICE_WIDGETS, BusinessNumberInput, DateInput, LetterCodeInput

register = template.Library()


@register.filter
def look(field: BoundField) -> str:
    """Which layout a field takes: tick, group or plain."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    return "group" if isinstance(widget, CHOICE_WIDGETS) or widget.use_fieldset else "plain"


@register.simple_tag
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


@register.filter
def error_texts(field: BoundField) -> list[str]:
    """What is wrong, as a request. Where a form has no words of its own for a missing value, the verb fits the control."""
    return [_required(field) if error.code == "required" and _stock(field) else text for error, text in _pairs(field)]


def _pairs(field: BoundField) -> list[tuple[ValidationError, str]]:
    return list(zip(field.errors.as_data(), (str(text) for text in field.errors), strict=True))


def _stock(field: BoundField) -> bool:
    return field.field.error_messages.get("required") is forms.Field.default_error_messages["required"]


def _required(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "確かめて、印を付けてください。"
    return "選んでください。" if isinstance(widget, (forms.Select, *CHOICE_WIDGETS)) else "入れてください。"


def _first_id(field: BoundField) -> str:
    """Where the link of a mistake leads: the control, in a group its first one."""
    return f"{field.auto_id}_0" if isinstance(field.field.widget, CHOICE_WIDGETS) else field.id_for_label


@register.inclusion_tag("components/errsum.html")
def errsum(*forms_: Any, focus: bool = True) -> dict[str, Any]:
    """What must be mended, above the heading: each line leads to its field. Nothing when all is well.

    A script moves the focus to it, unless ``focus=False``.
    """
    lines: list[dict[str, str]] = []
    for form in forms_:
        if not form or not getattr(form, "errors", None):
            continue
        lines += [{"href": "", "label": "", "text": str(text)} for text in form.non_field_errors()]
        for field in form:
            lines += [
                {"href": f"#{_first_id(field)}", "label": str(field.label or "").removesuffix("。"), "text": str(text)}
                for text in error_texts(field)
            ]
    return {"lines": lines, "focus": focus}
