"""Questions and answers of the public endpoints, for checking and for the schema."""

from datetime import date
from typing import Any

from rest_framework import serializers

from careplan_portal.lib.dates import EARLIEST

MOST_NUMBERS = 1000


class AdoptionQuestion(serializers.Serializer[Any]):
    level = serializers.ChoiceField(
        choices=["prefecture", "municipality"],
        error_messages={
            "required": "level に prefecture か municipality を指定してください。",
            "invalid_choice": "level は prefecture か municipality です。",
        },
    )
    on = serializers.DateField(
        required=False,
        error_messages={"invalid": "on は 2026-04-01 のような日付です。"},
        help_text="この日の数字。省略すると、きのう（夜間処理で作った最新の日）",
    )
    format = serializers.ChoiceField(
        choices=["json", "csv"], default="json", error_messages={"invalid_choice": "format は json か csv です。"}
    )
    limit = serializers.IntegerField(
        default=100,
        min_value=1,
        max_value=2000,
        error_messages={
            "invalid": "limit は数です。",
            "min_value": "limit は1から2000までです。",
            "max_value": "limit は1から2000までです。",
        },
    )
    offset = serializers.IntegerField(
        default=0, min_value=0, error_messages={"invalid": "offset は数です。", "min_value": "offset は0からです。"}
    )

    def validate_on(self, on: date) -> date:
        if on > self.context["today"]:
            raise serializers.ValidationError("先の日の数字は、まだありません。", code="in_the_future")
        if on < EARLIEST:
            raise serializers.ValidationError(f"{EARLIEST} より前の数字はありません。", code="too_early")
        return on


class AdoptionRow(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    offices_in_scope = serializers.IntegerField()
    offices_using = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True, help_text="offices_using ÷ offices_in_scope。対象が0なら null")
    as_of = serializers.DateField()


class AdoptionAnswer(serializers.Serializer[Any]):
    results = AdoptionRow(many=True)
    definition = serializers.CharField()
    next = serializers.URLField(allow_null=True)


class UsageAnswer(serializers.Serializer[Any]):
    business_number = serializers.CharField()
    uses_system = serializers.BooleanField()
    as_of = serializers.DateField()


class UsageManyQuestion(serializers.Serializer[Any]):
    business_numbers = serializers.ListField(
        child=serializers.CharField(
            max_length=50,
            error_messages={
                "invalid": "事業所番号は文字列で入れてください。",
                "blank": "空の番号があります。",
                "null": "空の番号があります。",
                "max_length": "事業所番号は10けたです。",
            },
        ),
        max_length=MOST_NUMBERS,
        error_messages={
            "required": "business_numbers に事業所番号のリストを入れてください。",
            "not_a_list": "business_numbers は事業所番号のリストです。",
            "max_length": f"一度に調べられるのは{MOST_NUMBERS}件までです。",
            "null": "business_numbers に事業所番号のリストを入れてください。",
        },
    )


class UsageManyAnswer(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    uses_system = serializers.DictField(child=serializers.BooleanField(allow_null=True))
