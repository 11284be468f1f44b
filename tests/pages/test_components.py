import datetime

import pytest
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

from careplan_portal.lib.icons import SHAPES, icon
from careplan_portal.lib.tables import Column, Row, Table
from careplan_portal.lib.templatetags.portal_parts import FLAGS, STATES


def render(source: str, request=None, **context: object) -> str:
    return engines["django"].from_string(source).render(context, request)


@pytest.mark.parametrize("state", [*STATES, *FLAGS])
def test_a_state_is_a_word_an_icon_and_a_tone(state) -> None:
    html = render("{% st state %}", state=state)
    tone, sign, word = (STATES | FLAGS)[state]
    assert f'data-st="{tone}"' in html
    assert word in html
    assert str(icon(sign)) in html
    assert ("data-flag" in html) == (state in FLAGS)


def test_licence_states_have_shapes_of_their_own() -> None:
    licence = [STATES[state][1] for state in ("none", "active_free", "active_paid", "lapsed", "stopped")]
    assert len(set(licence)) == len(licence)


def test_an_unknown_state_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        render("{% st 'maybe' %}")


@pytest.mark.parametrize("name", SHAPES)
def test_icons_are_hidden_from_assistive_technology(name) -> None:
    assert 'aria-hidden="true"' in icon(name)


def test_what_people_write_is_escaped_everywhere() -> None:
    bad = "<script>alert(1)</script>"
    sources = [
        '{% notice "wait" bad %}<p>x</p>{% endnotice %}',
        '{% verdict "free" bad bad %}{% endverdict %}',
        "{% panel bad when=bad %}{% ref bad bad %}{% endpanel %}",
        "{% sumrow bad change=bad small=bad %}{{ bad }}{% endsumrow %}",
        '{% st_mark "wait" bad %}',
        "{% facts facts %}",
        "{% events events %}",
        "{% data_table table %}",
        '{% crumbs bad "/" bad %}',
        "{% steps names 1 bad %}",
        "{% empty bad %}{% endempty %}",
        "{% copy_button bad %}{% print_button bad %}{% back_link bad bad %}",
        "{% dots 3 1 bad %}",
    ]
    context = {
        "bad": bad,
        "facts": [(bad, bad, bad)],
        "events": [{"on": datetime.date(2026, 4, 3), "what": bad, "body": bad, "fee": bad, "aside": bad}],
        "table": Table(bad, (Column(bad),), (Row((bad,)),)),
        "names": f"{bad}|{bad}",
    }
    assert "<script>" not in render("{{ bad|bnum }}", bad=bad)
    for source in sources:
        html = render(source, **context)
        assert "<script>" not in html, source
        assert "&lt;script&gt;" in html, source


def test_a_business_number_is_copied_without_gaps() -> None:
    html = render("{{ number|bnum }}", number="3170201432")
    assert (
        html == '<span class="bnum"><span>31</span><span>7</span><span>02</span><span>0143</span><span>2</span></span>'
    )
    assert render("{{ number|bnum }}", number=None) == ""


def test_events_take_dicts_and_objects() -> None:
    class Event:
        on = datetime.date(2026, 4, 15)
        what = "始まります"
        tone = "free"

    today = datetime.date(2026, 4, 3)
    html = render(
        "{% events events today %}", events=[Event(), {"on": today, "what": "届け", "fee": "0円"}], today=today
    )
    assert "あと12日" in html
    assert "きょう" in html
    assert 'data-tone="free"' in html
    assert "0円" in html
    assert 'datetime="2026-04-15"' in html


def test_pagination_keeps_the_other_parameters() -> None:
    request = RequestFactory().get("/", {"q": "みなと 風", "page": "2"})
    page = Paginator(range(95), 25).page(2)
    html = render("{% pagination page %}", request, page=page)
    assert "page=1" in html
    assert "page=3" in html
    assert "q=%E3%81%BF%E3%81%AA%E3%81%A8+%E9%A2%A8" in html
    assert "2</b> / 4ページ（95件）" in html
    assert render("{% pagination page %}", request, page=Paginator(range(3), 25).page(1)).strip() == ""


def test_steps_say_where_one_is_without_colour() -> None:
    html = render('{% steps "一|二|三" 2 %}')
    assert html.count("（済み）") == 1
    assert html.count('aria-current="step"') == 1


def test_empty_dates_are_empty_words() -> None:
    assert render("{{ d|ja_date }}{{ d|iso }}{{ d|era }}{{ d|ja_moment }}{{ d|yen }}{{ d|percent }}", d=None) == ""


def test_moments_are_told_in_japan_time() -> None:
    moment = datetime.datetime(2026, 4, 2, 16, 5, tzinfo=datetime.UTC)
    assert render("{{ m|ja_moment }} {{ m|iso_moment }}", m=moment) == "2026年4月3日（金）1時05分 2026-04-03 01:05"
