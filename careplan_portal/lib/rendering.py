"""How Django renders forms here: fields and plain controls by lib/fields.py and lib/widgets.py, the rest by templates."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest

from careplan_portal.lib.fields import field_markup
from careplan_portal.lib.widgets import written

FIELD, FORM = "field", "form"
"""Names that stand for functions: there are no such templates."""


class PortalRenderer(TemplatesSetting):
    field_template_name = FIELD
    form_template_name = FORM

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name == FIELD:
            return field_markup(context["field"])
        if template_name == FORM:
            return _form(context["form"])
        shown = written(template_name, context)
        return super().render(template_name, context, request) if shown is None else shown


def _form(form: BaseForm) -> str:
    """Every field: what is hidden first."""
    hidden = "".join(str(field) for field in form.hidden_fields())
    return hidden + "".join(field_markup(field) for field in form.visible_fields())
