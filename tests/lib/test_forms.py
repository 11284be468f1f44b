import datetime

import pytest
from django import forms
from django.template import engines

from careplan_portal.lib.forms import BusinessNumberInput, DateField, Radios, Ticks


class Sample(forms.Form):
    number = forms.CharField(label="事業所番号", widget=BusinessNumberInput, help_text="10けたです。")
    ends_on = DateField(label="いまの期間のおわり")
    choice = forms.ChoiceField(
        label="何をしますか", choices=(("a", "申請"), ("b", "有償")), widget=Radios(hints={"b": "年21,000円"})
    )
    several = forms.MultipleChoiceField(label="お知らせ", choices=(("x", "60日前"),), widget=Ticks, required=False)
    note = forms.CharField(label="メモ", required=False, widget=forms.TextInput({"placeholder": "ここに"}))
    own = forms.BooleanField(label="任されています")
    phone = forms.CharField(label="電話", error_messages={"required": "電話番号を入れてください。"})


def render(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


@pytest.fixture
def empty() -> Sample:
    return Sample({"number": ""})


def test_label_hint_error_control_in_this_order(empty) -> None:
    html = empty["number"].as_field_group()
    places = [html.index(text) for text in ("<label", "10けたです", 'class="error"', "<input")]
    assert places == sorted(places)
    assert 'for="id_number"' in html
    assert 'aria-describedby="id_number_helptext id_number_error"' in html
    assert 'id="id_number_helptext"' in html
    assert 'id="id_number_error"' in html
    assert 'aria-invalid="true"' in html
    assert "必ず入力" in html


def test_what_may_stay_empty_says_so_and_has_no_placeholder(empty) -> None:
    html = empty["note"].as_field_group()
    assert "なくてもよい" in html
    assert "placeholder" not in html
    assert 'class="input"' in html


def test_groups_are_fieldsets_with_legend(empty) -> None:
    html = empty["choice"].as_field_group()
    assert html.startswith("<fieldset")
    assert 'aria-describedby="id_choice_error"' in html
    assert "<legend" in html
    assert '<small><span class="nobr">年21,000円</span></small>' in html
    assert 'type="radio"' in html
    assert 'for="id_choice_1"' in html


def test_a_tick_has_its_label_beside_it(empty) -> None:
    html = empty["own"].as_field_group()
    assert html.index("<input") < html.index("<label")
    assert "確かめて、印を付けてください。" in html


def test_missing_values_are_asked_for_in_fitting_words(empty) -> None:
    name = empty["number"].label
    assert f"{name}を入れてください。" in empty["number"].as_field_group()
    assert "選んでください。" in empty["choice"].as_field_group()
    assert "電話番号を入れてください。" in empty["phone"].as_field_group()


def test_the_summary_links_to_each_field(empty) -> None:
    html = render("{% errsum form %}", form=empty)
    assert "5か所を直してください" in html
    for target in ("#id_number", "#id_ends_on_0", "#id_choice_0", "#id_own", "#id_phone"):
        assert f'href="{target}"' in html
        assert f'id="{target[1:]}"' in empty.render()
    assert render("{% errsum form %}", form=Sample()).strip() == ""
    assert render("{% errsum form %}", form=None).strip() == ""


@pytest.mark.parametrize(
    ("parts", "day"),
    [
        (("2026", "4", "14"), datetime.date(2026, 4, 14)),
        (("２０２６", "０４", " 14 "), datetime.date(2026, 4, 14)),
        (("2028", "2", "29"), datetime.date(2028, 2, 29)),
        (("令和８", "4月", "14日"), datetime.date(2026, 4, 14)),
        (("r8", "4", "14"), datetime.date(2026, 4, 14)),
    ],
)
def test_dates_in_three_fields(parts, day) -> None:
    assert DateField().clean(list(parts)) == day


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("2026", "2", "30"), "2月30日はありません"),
        (("2026", "", "1"), "すべて入れてください"),
        (("8", "4", "1"), "西暦の4けたか、元号で"),
        (("2026", "4日", "1"), "数字で"),
        (("2026", "月", "1"), "数字で"),
        (("来年", "4", "1"), "数字で"),
        (("", "", ""), "日付を入れて"),
    ],
)
def test_wrong_dates_say_what_is_wrong(parts, text) -> None:
    with pytest.raises(forms.ValidationError, match=text):
        DateField().clean(list(parts))


def test_dates_keep_what_was_typed_and_show_what_was_stored() -> None:
    html = Sample({"ends_on_year": "2026", "ends_on_month": "2", "ends_on_day": "30"})["ends_on"].as_field_group()
    assert 'value="30"' in html
    assert "2月30日はありません" in html
    html = Sample(initial={"ends_on": datetime.date(2026, 4, 14)})["ends_on"].as_field_group()
    assert 'value="14"' in html
    assert "年</label>" in html
    assert DateField(required=False).clean(["", "", ""]) is None
