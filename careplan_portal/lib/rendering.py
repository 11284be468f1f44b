"""How Django renders forms here: fields and plain controls by lib/fields.py and lib/widgets.py, the rest by templates."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest

from careplan_portal.lib.fields import field_markup
from careplan_portal.lib.widgets import written

FIELD = "field"
"""The name that stands for ``field_markup``: there is no such template."""


class PortalRenderer(TemplatesSetting):
    field_template_name = FIELD
    form_template_name = "components/form.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name == FIELD:
            return field_markup(context["field"])
        shown = written(template_name, context)
        return super().render(template_name, context, request) if shown is None else shown
