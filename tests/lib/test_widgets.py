"""The controls written in Python are those of Django's templates."""

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe

from careplan_portal.lib.forms import Radios, Ticks
from careplan_portal.lib.rendering import PortalRenderer
from careplan_portal.lib.widgets import written

ODD = "\"><script>&'"
GROUPED = [("", "選んでください"), ("数", [(1, "一"), (2, ODD)]), (ODD, mark_safe("<b>太い</b>"))]
WIDGETS = [
    *(kind({"class": "input", "id": "id_x", "data-a": ODD, "required": True, "hidden": False})
      for kind in (forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.HiddenInput,
                   forms.CheckboxInput, forms.Textarea, forms.TelInput, forms.SearchInput)),
    forms.PasswordInput(render_value=True),
    forms.Select({"class": "input"}, choices=GROUPED),
]  # fmt: skip


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
@pytest.mark.parametrize("value", [None, "", "みなと", ODD, 0, 1, True, mark_safe("<i>")], ids=repr)
def test_each_is_what_django_writes(widget: forms.Widget, value: object) -> None:
    context = widget.get_context("名" + ODD, value, {"aria-describedby": "a b"})
    assert written(str(widget.template_name), context) is not None
    ours, theirs = (lines(one.render(widget.template_name, context)) for one in (PortalRenderer(), TemplatesSetting()))
    assert ours == theirs


def lines(html: str) -> list[str]:
    return [line.strip() for line in html.splitlines() if line.strip()]


@pytest.mark.parametrize("kind", [Radios, Ticks])
def test_choices_have_their_label_beside_them_and_are_escaped(kind: type[Radios | Ticks]) -> None:
    widget = kind(choices=(("a", ODD), ("b", "有償")), hints={"b": "年21,000円 & 税"})
    html = widget.render("what", ["b"], {"id": "id_what"}, renderer=PortalRenderer())
    assert "<script>" not in html
    assert html.count('<div class="choice"><input type=') == 2
    assert '<label for="id_what_1">有償<small><span class="nobr">年21,000円</span> &amp; 税</small></label>' in html
    assert html.count("checked") == 1
    assert html.index("checked") > html.index("id_what_0")


def test_what_has_a_template_keeps_it() -> None:
    assert written("components/field.html", {}) is None
