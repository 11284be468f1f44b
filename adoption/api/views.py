"""Public endpoints: adoption by place, and whether numbers use the system."""

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import audience
from adoption.api.serializers import (
    AdoptionAnswer,
    AdoptionQuestion,
    UsageAnswer,
    UsageManyAnswer,
    UsageManyQuestion,
)
from adoption.queries.figures import level_on, newest_run
from adoption.queries.usage import numbers_using
from adoption.rules.definitions import RATE
from careplan_portal.lib.csvfile import csv_lines
from careplan_portal.lib.japan.business_number import BusinessNumberError, parse

COLUMNS = ("code", "name", "offices_in_scope", "offices_using", "rate", "as_of")


class FormatIsAParameter(BaseContentNegotiation):
    """`format` is a parameter of the contract here, not REST framework's own override."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


@audience.public
class AdoptionView(APIView):
    """How far prefectures or municipalities are on a day."""

    content_negotiation_class = FormatIsAParameter

    @extend_schema(parameters=[AdoptionQuestion], responses=AdoptionAnswer)
    def get(self, request: Request) -> HttpResponse | Response | StreamingHttpResponse:
        question = AdoptionQuestion(data=request.query_params, context={"today": request.today})  # type: ignore[attr-defined]
        question.is_valid(raise_exception=True)
        asked = question.validated_data
        rows = _rows(asked, request.today)  # type: ignore[attr-defined]
        first, last = asked["offset"], asked["offset"] + asked["limit"]
        if asked["format"] == "csv":
            whole = "limit" not in request.query_params and "offset" not in request.query_params
            return _csv(rows if whole else rows[first:last], asked["level"])
        following = _address(request, offset=last) if last < len(rows) else None
        return Response({"results": rows[first:last], "definition": RATE.text, "next": following})


def _rows(asked: dict[str, Any], today: Any) -> list[dict[str, Any]]:
    run = newest_run(today)
    on = asked.get("on") or (run.day if run else today)
    return [
        {
            "code": place.code,
            "name": place.name,
            "offices_in_scope": figures.offices_in_scope,
            "offices_using": figures.offices_using,
            "rate": None if figures.rate is None else round(figures.rate, 4),
            "as_of": on.isoformat(),
        }
        for place, figures in level_on(asked["level"], on, today)
    ]


def _csv(rows: list[dict[str, Any]], level: str) -> StreamingHttpResponse:
    lines = csv_lines(COLUMNS, ([row[name] for name in COLUMNS] for row in rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="adoption_{level}.csv"'
    return response


def _address(request: Request, **changed: int) -> str:
    query = request.query_params.copy()
    for name, value in changed.items():
        query[name] = str(value)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


@audience.public
class UsageView(APIView):
    """Whether one business number uses the system today."""

    @extend_schema(responses=UsageAnswer)
    def get(self, request: Request, business_number: str) -> Response:
        try:
            number = parse(business_number).value
        except BusinessNumberError as error:
            raise ValidationError({"business_number": error.text}, code=error.code) from error
        uses = numbers_using([number], request.today)[number]  # type: ignore[attr-defined]
        if uses is None:
            raise NotFound("この事業所番号は登録されていません。")
        return Response({"business_number": number, "uses_system": uses, "as_of": request.today.isoformat()})  # type: ignore[attr-defined]


@audience.public
class UsageManyView(APIView):
    """Whether up to 1,000 business numbers use the system today: what care software needs to sort partners."""

    @extend_schema(request=UsageManyQuestion, responses=UsageManyAnswer)
    def post(self, request: Request) -> Response:
        question = UsageManyQuestion(data=request.data)
        question.is_valid(raise_exception=True)
        uses = numbers_using(question.validated_data["business_numbers"], request.today)  # type: ignore[attr-defined]
        return Response({"as_of": request.today.isoformat(), "uses_system": uses})  # type: ignore[attr-defined]
