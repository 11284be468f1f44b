"""The plain controls of HTML, written without a template: pages of the desk have a dozen, and Django's own templates
for them cost more than everything else on such a page. What is written is what those templates write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from careplan_portal.lib.markup import escaped
from careplan_portal.lib.unbroken import whole_dates

# Names of the portal's own: there is no such template.
CHOICES, CHOICE = "choices", "choice"


def attributes(attrs: Mapping[str, Any]) -> str:
    """Attributes with a space before each; False leaves one out, True names it alone."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escaped(str(value))}"'
        for name, value in attrs.items()
        if value is not False
    )


def _input(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    shown = "" if value is None else f' value="{escaped(str(value))}"'
    return f'<input type="{widget["type"]}" name="{escaped(widget["name"])}"{shown}{attributes(widget["attrs"])}>'


def _textarea(widget: Mapping[str, Any]) -> str:
    text = escaped(widget["value"] or "")
    return f'<textarea name="{escaped(widget["name"])}"{attributes(widget["attrs"])}>\n{text}</textarea>'


def _select(widget: Mapping[str, Any]) -> str:
    groups = "".join(_optgroup(name, options) for name, options, _index in widget["optgroups"])
    return f'<select name="{escaped(widget["name"])}"{attributes(widget["attrs"])}>{groups}\n</select>'


def _optgroup(name: str | None, options: list[Mapping[str, Any]]) -> str:
    listed = "".join(f"\n  {_option(option)}" for option in options)
    return f'\n  <optgroup label="{escaped(name)}">{listed}\n  </optgroup>' if name else listed


def _option(option: Mapping[str, Any]) -> str:
    value, label = escaped(str(option["value"])), escaped(option["label"])
    return f'<option value="{value}"{attributes(option["attrs"])}>{label}</option>'


def _choices(widget: Mapping[str, Any]) -> str:
    return "".join(_choice(option) for _name, options, _index in widget["optgroups"] for option in options)


def _choice(option: Mapping[str, Any]) -> str:
    """One of the portal's radios or ticks, its label beside it and a small second line below."""
    hint = f"<small>{whole_dates(option['hint'])}</small>" if option["hint"] else ""
    attrs = option["attrs"]
    label = f'<label for="{escaped(attrs["id"])}">{whole_dates(option["label"])}{hint}</label>'
    return f'<div class="choice">{_input(option)}{label}</div>'


_INPUTS = ("input", "text", "number", "email", "url", "password", "hidden", "checkbox", "tel", "search", "color")
_WRITTEN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in _INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    CHOICES: _choices,
    CHOICE: _choice,
}


def written(template_name: str, context: Mapping[str, Any]) -> SafeString | None:
    """The control that Django would render with this template; None for one that has a template of its own."""
    write = _WRITTEN.get(template_name)
    return mark_safe(write(context["widget"])) if write else None  # noqa: S308 - every value is escaped above
