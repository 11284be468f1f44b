"""Addresses worked out once: what Django answers, for every name of the portal and for awkward arguments."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.template import Context, engines
from django.urls import NoReverseMatch, get_resolver, reverse, set_script_prefix

from careplan_portal.lib.addresses import address

SAMPLES = (
    "3170201432",
    "FP-2604-AAAAAA-A",
    "a b",
    "二",
    "x/y",
    "50%",
    "a.b~c",
    "7",
    "",
    date(2026, 4, 3),
    12,
    "2026-04",
)


def _names(resolver: Any, prefix: str = "") -> list[tuple[str, int]]:
    found = []
    for name in resolver.reverse_dict:
        if isinstance(name, str):
            counts = {len(params) for forms in resolver.reverse_dict.getlist(name) for _text, params in forms[0]}
            found += [(prefix + name, count) for count in counts]
    for space, (_pattern, inner) in resolver.namespace_dict.items():
        found += _names(inner, f"{prefix}{space}:")
    return found


def _or_error(work: Any) -> str:
    try:
        return str(work())
    except NoReverseMatch:
        return "no such address"
    except (AttributeError, TypeError, ValueError) as error:  # a converter that was handed another kind
        return type(error).__name__


def test_every_name_and_argument_has_the_address_that_django_gives() -> None:
    names = _names(get_resolver())
    assert len(names) > 250
    for name, places in names:
        for sample in SAMPLES:
            args = [sample] * places
            expected = _or_error(lambda name=name, args=args: reverse(name, args=args))
            for _turn in ("worked out", "remembered"):
                assert _or_error(lambda name=name, args=args: address(name, *args)) == expected, (name, args)


def test_arguments_stand_in_their_places() -> None:
    assert address("campaigns:my-inbox-notice", "3170201432", 7) == "/my/3170201432/inbox/7/"


def test_the_prefix_of_the_portal_is_asked_for_each_time() -> None:
    plain = address("faq:index")
    set_script_prefix("/portal/")
    try:
        assert address("faq:index") == f"/portal{plain}"
    finally:
        set_script_prefix("/")


def _shown(text: str, **values: Any) -> str:
    return str(engines["django"].from_string(text).render(values))


def test_the_tag_does_what_djangos_does() -> None:
    assert _shown("{% url 'faq:entry' slug %}", slug="billing-day") == reverse("faq:entry", args=["billing-day"])
    assert _shown("{% url 'faq:entry' slug='billing-day' %}") == reverse("faq:entry", args=["billing-day"])
    assert _shown("{% url 'no:such' as found %}[{{ found }}]") == "[]"
    with pytest.raises(NoReverseMatch):
        _shown("{% url 'no:such' %}")


def test_what_is_written_once_is_kept_and_sees_nothing_of_the_page() -> None:
    template = engines["django"].from_string("{% once %}<{{ name }}{% support_phone %}>{% endonce %}{{ name }}")
    first, second = (template.render({"name": name}) for name in ("一", "二"))
    assert first.endswith("一")
    assert second.endswith("二")
    assert first[:-1] == second[:-1]
    assert first.startswith("<0")


def test_once_needs_no_request() -> None:
    assert engines["django"].from_string("{% once %}固定{% endonce %}").template.render(Context()) == "固定"
