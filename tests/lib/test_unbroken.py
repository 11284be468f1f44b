"""Dates, amounts and receipt numbers stay in one piece at the end of a line; everything else may break."""

import re

import pytest
from django.utils.safestring import mark_safe

from careplan_portal.lib.unbroken import whole_dates


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("2026年5月31日（日）までです", ["2026年5月31日（日）"]),
        ("受付は2026年5月31日(日)まで", ["2026年5月31日(日)"]),
        ("6月28日までに", ["6月28日"]),
        ("2025年6月以降に", ["2025年6月"]),
        ("そのあと1年間", ["1年間"]),
        ("土日・祝日・12月29日〜1月3日は休み", ["12月29日〜1月3日"]),
        ("4月1日（水）から4月30日（木）まで", ["4月1日（水）", "4月30日（木）"]),
        ("自動で更新し、年21,000円（未定）がかかります", ["年21,000円"]),
        ("0円と1,234,567円", ["0円", "1,234,567円"]),
        ("受付番号 FP-2604-731-846-K です", ["FP-2604-731-846-K"]),
        ("2026年4月3日（金）17時08分に仮に", ["2026年4月3日（金）", "17時08分"]),
        ("利用規約（第2版）に、10 km以内の3.5 kmに", ["第2版", "10 km以内", "3.5 km"]),
        ("http://example/confirm/FP-2604-731-846-K", []),
        ("3か月と10日、1,204か所、2026-04-03", []),
        ("", []),
    ],
)
def test_what_is_whole(text, whole) -> None:
    assert re.findall(r'<span class="nobr">(.*?)</span>', whole_dates(text)) == whole


def test_text_is_escaped_and_markup_is_not() -> None:
    assert whole_dates("<b>4月1日") == '&lt;b&gt;<span class="nobr">4月1日</span>'
    assert whole_dates(mark_safe("<b>4月1日</b>")) == '<b><span class="nobr">4月1日</span></b>'


@pytest.mark.parametrize(
    "markup",
    [
        '<input value="4月1日">',
        "<textarea>4月1日</textarea>",
        '<time datetime="2026-04-01">4月1日</time>',
        '<span class="nobr">4月1日</span>',
        '<a href="/confirm/FP-2604-731-846-K">開く</a>',
    ],
)
def test_markup_that_is_whole_already_is_left_alone(markup) -> None:
    assert whole_dates(mark_safe(markup)) == markup
