"""Tags for forms: the control of a field in its look, and the summary of what must be mended."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms.boundfield import BoundField

from careplan_portal.lib.fields import (
    control,
    error_texts,
    field_error,
    field_hint,
    field_markup,
    field_name,
    field_need,
)
from careplan_portal.lib.forms import CHOICE_WIDGETS

register = template.Library()


register.simple_tag(control)
register.simple_tag(field_need)
register.simple_tag(field_hint)
register.simple_tag(field_error)
# A whole field, as {{ field.as_field_group }} but without the way through the renderer.
register.simple_tag(field_markup, name="field")


def _first_id(field: BoundField) -> str:
    """Where the link of a mistake leads: the control, in a group its first one."""
    return f"{field.auto_id}_0" if isinstance(field.field.widget, CHOICE_WIDGETS) else field.id_for_label


def _named(field: BoundField, text: str) -> str:
    """What stands before the sentence: the field's name, unless the sentence begins with it."""
    name = field_name(field)
    return "" if text.startswith(name) else name


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
                {"href": f"#{_first_id(field)}", "label": _named(field, str(text)), "text": str(text)}
                for text in error_texts(field)
            ]
    return {"lines": lines, "focus": focus}
