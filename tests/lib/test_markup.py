"""HTML written in Python escapes what Django's own would escape."""

import pytest
from django.utils.functional import lazystr
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

from accounts.enums import Role
from careplan_portal.lib.markup import escaped, markup, markup_each


class Drawn:
    def __html__(self) -> str:
        return "<b>&amp;</b>"


VALUES = [
    "居宅介護支援事業所", "<script>", "a & b", '"引用"', "it's", "", 0, None, 21_000, True,
    mark_safe("<b>済み</b>"), lazystr("<i>"), Drawn(), Role.HELPDESK,
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
def test_it_is_what_django_writes(value: object) -> None:
    assert escaped(value) == conditional_escape(value)
    assert markup('<a title="{0}">{0}</a>', value) == format_html('<a title="{0}">{0}</a>', value)


def test_what_was_written_is_not_escaped_again() -> None:
    assert markup("<p>{}</p>", markup("<b>{}</b>", "<")) == "<p><b>&lt;</b></p>"
    assert markup_each("<li>{1}{0}</li>", [("<", 1), (">", 2)]) == "<li>1&lt;</li><li>2&gt;</li>"
    assert escaped(markup_each("<li>{}</li>", ["a"])) == "<li>a</li>"
