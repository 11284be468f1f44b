"""Invented facts for the component sheet: one of everything, in every state."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest

from careplan_portal.lib import charts
from careplan_portal.lib.forms import BusinessNumberInput, DateField, LetterCodeInput, Radios, Ticks
from careplan_portal.lib.tables import Column, Row, Table

TODAY = datetime.date(2026, 4, 3)
NUMBER = "3170201432"

INK = (("ink", "1a1a1a", "本文 17.4:1"), ("ink-2", "4d4d4d", "補足 8.5:1"), ("ink-3", "666666", "注記・枠 5.7:1"),
       ("rule-strong", "767676", "意味のある線 4.5:1"), ("rule", "cccccc", "区切りの線"), ("paper-2", "f7f8fa", "脇の面"))  # fmt: skip
ACT = (("ai-deep", "00234b", "ヘルプデスクの帯"), ("ai", "00316a", "目印・見出しの帯"), ("act", "0055ad", "ボタン・リンク 7.3:1"),
       ("act-tint-2", "dcf0ff", "選んだ行"), ("signal", "ffc700", "帯の端だけ"), ("focus-halo", "ffd43d", "フォーカス"))  # fmt: skip
CHART = (("chart-1", "00428c", "自分の地域・フリーパス"), ("chart-2", "008bf2", "有償（濃い色の隣だけ）"),
         ("chart-3", "c74700", "目標・半分の線"), ("chart-4", "767676", "くらべる相手"), ("chart-rest", "e6e6e6", "未利用"))  # fmt: skip

BARS = (
    charts.Bar("申請の受付", "window", datetime.date(2025, 6, 1), datetime.date(2026, 5, 31),
               "2025年6月1日から2026年5月31日まで", sub="全国共通", name="申請の受付（全国）"),
    charts.Bar("申請できる日", "apply", datetime.date(2026, 4, 1), datetime.date(2026, 4, 15),
               "4月1日から15日まで（切れ目なし）", sub="この事業所", name="切れ目なく申請できる日"),
    charts.Bar("ライセンス", "paid", datetime.date(2025, 4, 15), datetime.date(2026, 4, 14), "いまの有償期間",
               fee="21,000円", sub="この事業所"),
    charts.Bar("ライセンス", "free", datetime.date(2026, 4, 15), datetime.date(2027, 4, 14), "フリーパス", fee="0円"),
    charts.Bar("ライセンス", "next", datetime.date(2027, 4, 15), None, "続ける場合", fee="年21,000円",
               name="続ける場合の次の1年"),
)  # fmt: skip
GAP = (
    BARS[0],
    charts.Bar("ライセンス", "paid", datetime.date(2024, 5, 10), datetime.date(2025, 5, 9), "前の有償期間", fee="21,000円", sub="この事業所"),
    charts.Bar("ライセンス", "gap", datetime.date(2025, 5, 10), datetime.date(2025, 5, 31), "使えない日"),
    charts.Bar("ライセンス", "free", datetime.date(2025, 6, 1), datetime.date(2026, 5, 31), "フリーパス", fee="0円"),
)  # fmt: skip
EVENTS = (
    {"on": datetime.date(2026, 4, 14), "what": "いまの有償期間が終わります", "body": "何もしなくてかまいません。", "tone": "paid"},
    {"on": datetime.date(2026, 4, 15), "what": "フリーパスが始まります", "fee": "0円", "body": "2027年4月14日まで無料です。",
     "tone": "free"},
    {"on": datetime.date(2027, 4, 15), "what": "自動で更新します", "fee": "21,000円", "tone": "wait",
     "body": "続けない場合は、2027年4月14日までに「利用をやめる」を押してください。"},
)  # fmt: skip
FACTS = (
    ("いつから", "2026年4月15日", "水曜日。いまの期間が終わった次の日です"),
    ("いつまで", "2027年4月14日", "水曜日。ちょうど1年間です"),
    ("いくら", "0円", "そのあとも続けるなら年21,000円"),
)
RATES = Table(
    "数字は右にそろえ、単位は見出しに",
    (Column("市町村"), Column("利用中", True), Column("対象", True), Column("普及率 ％", True)),
    (
        Row(("米子市", "79", "186", "42.5"), me=True),
        Row(("境港市", "17", "46", "37.0")),
        Row(("岩美町", "3", "14", "21.4")),
    ),
)


class SampleForm(forms.Form):
    business_number = forms.CharField(
        label="事業所番号", widget=BusinessNumberInput,
        help_text="10けたの番号です。全角、ハイフン、空白が入っていてもかまいません。",
    )  # fmt: skip
    name = forms.CharField(label="お名前", help_text="ふだん使っている漢字で")
    memo = forms.CharField(label="メモ", required=False, widget=forms.Textarea)
    ends_on = DateField(label="いまの期間のおわり", help_text="ライセンスの通知に書かれています。例：2026年4月14日")
    choice = forms.ChoiceField(
        label="何をしますか", choices=(("free", "フリーパスを申請する"), ("paid", "有償のライセンスを始める")),
        widget=Radios(hints={"paid": "年21,000円"}),
    )  # fmt: skip
    notices = forms.MultipleChoiceField(
        label="お知らせ",
        required=False,
        choices=(("60", "60日前に知らせる"), ("mag", "メールマガジンを受け取る")),
        widget=Ticks,
    )
    kind = forms.ChoiceField(label="つながり方", choices=(("1", "管理者"), ("2", "事務")))
    corporate = forms.CharField(
        label="法人番号", disabled=True, required=False, help_text="登録ずみ。変えるには法人の画面へ"
    )
    code = forms.CharField(label="手紙のコード", widget=LetterCodeInput, help_text="数字8けたです。")
    own = forms.BooleanField(label="この事業所の手続きを任されています")


class PeriodForm(forms.Form):
    first = DateField(label="はじめの日", required=False)
    last = DateField(label="おわりの日", required=False)


def context(request: HttpRequest) -> dict[str, Any]:
    """Everything the sheet shows."""
    wrong = {
        "business_number": "31 7 02 0143 7",
        "ends_on_year": "2026",
        "ends_on_month": "2",
        "ends_on_day": "30",
        "kind": "1",
    }
    filled = {"business_number": "3170201432", "name": "山根 涼子", "ends_on": TODAY, "choice": "free", "notices": ["60"],
              "corporate": "1270000000001"}  # fmt: skip
    bad = SampleForm(wrong, prefix="")
    bad.is_valid()
    return {
        "swatches": (("文字と面", INK), ("操作と目印", ACT), ("図の色（明るさの差で見分ける）", CHART)),
        "states": ("none", "active_free", "active_paid", "lapsed", "stopped"),
        "filings": ("provisional", "confirmed", "withdrawn", "expired", "unlisted"),
        "flags": ("reserved", "reserved_paid", "stopping"),
        "tones": ("paid", "free", "wait", "alert", "error"),
        "today": TODAY, "number": NUMBER, "facts": FACTS, "events": EVENTS, "rates": RATES,
        "timeline": charts.timeline(BARS, today=TODAY), "timeline_gap": charts.timeline(GAP, today=datetime.date(2025, 5, 20)),
        "progress": charts.progress(datetime.date(2025, 6, 1), datetime.date(2026, 5, 31), today=TODAY),
        "sample": SampleForm(initial=filled, auto_id="ok_%s"), "bad": bad,
        "period": PeriodForm(auto_id="sg_%s"),
        "map_steps": [(0, "0％"), (1, "20％まで"), (2, "40％まで"), (3, "60％まで（自分の地域）"), (4, "80％まで"), (5, "80％より上")],
        "page": Paginator(range(286), 25).page(3),
    }  # fmt: skip
