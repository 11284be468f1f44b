from typing import Any

from rest_framework import serializers

from faq.queries.searching import MOST_RESULTS
from faq.rules.text import MAX_LENGTH

_Q: dict[str, Any] = {
    "required": "q に質問のことばを入れてください。",
    "blank": "q に質問のことばを入れてください。",
    "null": "q に質問のことばを入れてください。",
    "max_length": f"質問は{MAX_LENGTH}字までにしてください。",
}
_LIMIT: dict[str, Any] = {
    "invalid": "limit は整数にしてください。",
    "min_value": "limit は1以上にしてください。",
    "max_value": f"limit は{MOST_RESULTS}までにしてください。",
}


class SearchQuerySerializer(serializers.Serializer[dict[str, object]]):
    q = serializers.CharField(max_length=MAX_LENGTH, error_messages=_Q)
    limit = serializers.IntegerField(min_value=1, max_value=MOST_RESULTS, default=5, error_messages=_LIMIT)


class FoundSerializer(serializers.Serializer[dict[str, object]]):
    slug = serializers.CharField()
    question = serializers.CharField()
    score = serializers.FloatField()
    source_questions = serializers.ListField(child=serializers.IntegerField())


class SearchResultsSerializer(serializers.Serializer[dict[str, object]]):
    results = FoundSerializer(many=True)
