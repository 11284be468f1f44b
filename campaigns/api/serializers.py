"""The shapes of the assessment endpoint (CONTRACT.md, "Assessment")."""

from datetime import date
from itertools import pairwise
from typing import Any

from rest_framework import serializers

from campaigns import rules
from campaigns.queries import campaign_on, window_of
from campaigns.rules import Situation
from careplan_portal.lib.dates import EARLIEST, LATEST, Period
from licenses.enums import Pricing, RenewalMode
from licenses.rules import FREE_PASS, Term
from offices.queries import ScopeAnswer, scope_of_codes


class DayField(serializers.DateField):
    """An ISO day between 2000 and 2199: what lies outside is a mistake."""

    default_error_messages = {
        "invalid": "日付は 2026-04-03 の形で入れてください。",
        "out_of_range": "日付は2000年から2199年までで入れてください。",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or len(value) != 10:
            self.fail("invalid")
        day: date = super().to_internal_value(value)
        if not EARLIEST <= day <= LATEST:
            self.fail("out_of_range")
        return day


class FlagField(serializers.BooleanField):
    """true or false, and no other spelling."""

    default_error_messages = {"invalid": "true か false を入れてください。"}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class TermSerializer(serializers.Serializer[Any]):
    starts_on = DayField()
    ends_on = DayField()
    pricing = serializers.ChoiceField(choices=Pricing.values)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["ends_on"] < attrs["starts_on"]:
            raise serializers.ValidationError({"ends_on": "おわりの日が、はじめの日より前です。"}, code="reversed")
        return attrs


class WindowSerializer(serializers.Serializer[Any]):
    opens_on = DayField()
    closes_on = DayField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["closes_on"] < attrs["opens_on"]:
            raise serializers.ValidationError({"closes_on": "受付の最終日が、初日より前です。"}, code="reversed")
        return attrs


class AssessmentRequest(serializers.Serializer[Any]):
    as_of = DayField()
    services = serializers.ListField(child=serializers.CharField(max_length=3), required=False, max_length=100)
    terms: serializers.ListSerializer[Any] = serializers.ListSerializer(child=TermSerializer(), max_length=200)
    renewal_mode = serializers.ChoiceField(choices=RenewalMode.values)
    renewal_filed = FlagField(default=False)
    stop_requested = FlagField()
    free_pass = serializers.ChoiceField(choices=[rules.UNUSED, rules.RESERVED, rules.GRANTED])
    campaign = WindowSerializer(required=False)

    def validate_services(self, codes: list[str]) -> ScopeAnswer | None:
        scope = scope_of_codes(codes) if codes else None
        if scope is not None and scope.unknown:
            raise serializers.ValidationError(
                f"サービスコード「{scope.unknown[0]}」が見つかりません。2けたのサービスコードか、"
                "オープンデータの3けたのコードを入れてください。",
                code="unknown_service",
            )
        return scope

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs["terms"] = sorted(
            (Term(t["starts_on"], t["ends_on"], t["pricing"]) for t in attrs["terms"]),
            key=lambda term: (term.starts_on, term.ends_on),
        )
        self._check_terms(attrs["terms"], attrs["as_of"])
        self._check_free_pass(attrs)
        return attrs

    def _check_terms(self, terms: list[Term], as_of: date) -> None:
        for before, after in pairwise(terms):
            if after.starts_on <= before.ends_on:
                _refuse("terms", "有効期間が重なっています。", "overlap")
        if terms and terms[-1].starts_on > as_of:
            _refuse("terms", "基準日（as_of）より後に始まる有効期間は入れられません。", "starts_after_as_of")

    def _check_free_pass(self, attrs: dict[str, Any]) -> None:
        free_terms = [term for term in attrs["terms"] if term.pricing == FREE_PASS]
        if len(free_terms) > 1:
            _refuse("terms", "フリーパスの期間は1つだけです。", "two_free_passes")
        if free_terms and attrs["free_pass"] == rules.UNUSED:
            _refuse("free_pass", "フリーパスの期間があるので、unused ではありません。", "used")
        if attrs["free_pass"] == rules.RESERVED and _current(attrs) is None:
            _refuse("free_pass", "予約（reserved）には、基準日に有効な期間が要ります。", "no_valid_term")


def _refuse(field: str, text: str, code: str) -> None:
    raise serializers.ValidationError({field: text}, code=code)


def _current(attrs: dict[str, Any]) -> Term | None:
    return next((term for term in attrs["terms"] if term.covers(attrs["as_of"])), None)


def situation_from(attrs: dict[str, Any]) -> Situation:
    """The question, in the words of the rules. Terms are taken as given."""
    scope: ScopeAnswer | None = attrs.get("services")
    return Situation(
        current=_current(attrs),
        renewal_mode=attrs["renewal_mode"],
        renewal_filed=attrs["renewal_filed"],
        stop_requested=attrs["stop_requested"],
        free_pass=attrs["free_pass"],
        in_scope=scope.in_scope if scope else None,
    )


def window_from(attrs: dict[str, Any]) -> Period:
    given = attrs.get("campaign")
    if given:
        return Period(given["opens_on"], given["closes_on"])
    return window_of(campaign_on(attrs["as_of"]))


class PeriodSerializer(serializers.Serializer[Any]):
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class AlternativeSerializer(serializers.Serializer[Any]):
    let_lapse_on = serializers.DateField()
    apply_from = serializers.DateField()


class NextEventSerializer(serializers.Serializer[Any]):
    on = serializers.DateField()
    event = serializers.ChoiceField(choices=[rules.RENEWS_PAID, rules.RENEWS_FREE, rules.STOPS, rules.LAPSES])
    fee_yen = serializers.IntegerField()


class ExplanationSerializer(serializers.Serializer[Any]):
    rule = serializers.CharField()
    text = serializers.CharField()
    questions = serializers.ListField(child=serializers.IntegerField())


class AssessmentResponse(serializers.Serializer[Any]):
    outcome = serializers.CharField()
    apply_from = serializers.DateField(allow_null=True)
    apply_until = serializers.DateField(allow_null=True)
    no_gap_until = serializers.DateField(allow_null=True)
    free_term = PeriodSerializer(allow_null=True)
    paid_renewal_first = serializers.DateField(allow_null=True)
    alternative = AlternativeSerializer(allow_null=True)
    next_event = NextEventSerializer(allow_null=True)
    warnings = serializers.ListField(child=serializers.CharField())
    explanations = ExplanationSerializer(many=True)
