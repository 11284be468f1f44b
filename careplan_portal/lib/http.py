"""What this portal says over HTTP when something is refused: RFC 9457 problem details, in Japanese."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

PROBLEM_TYPE = "application/problem+json"

TITLES = {
    400: "入力内容に誤りがあります",
    401: "サインインが必要です",
    403: "この操作は許可されていません",
    404: "見つかりません",
    405: "この方法では呼び出せません",
    406: "この形式では返せません",
    409: "ほかの操作と重なりました",
    413: "送られた内容が大きすぎます",
    415: "この形式は受け取れません",
    429: "短い時間に多くの要求がありました",
    500: "処理中に問題が起きました",
    503: "ただいま利用できません",
}

DETAILS = {
    400: "入力内容を確認して、もう一度送ってください。",
    401: "サインインしてから、もう一度お試しください。",
    403: "必要な権限がありません。",
    404: "お探しの情報は見つかりませんでした。",
    405: "この呼び出し方法(メソッド)には対応していません。",
    406: "求められた形式には対応していません。",
    415: "送られた形式には対応していません。JSON で送ってください。",
    429: "しばらく待ってから、もう一度お試しください。",
    500: "時間をおいて、もう一度お試しください。",
    503: "時間をおいて、もう一度お試しください。入力や申請は失われていません。",
}


def problem_body(
    status: int, detail: str = "", errors: Sequence[Mapping[str, str]] = (), *, instance: str = ""
) -> dict[str, Any]:
    """The body of a problem: ``type``, ``title``, ``status``, ``detail`` and one ``errors`` entry a field."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(status, "処理できませんでした"),
        "status": status,
        "detail": detail or DETAILS.get(status, "処理できませんでした。"),
        "errors": [dict(error) for error in errors],
    }
    return body | ({"instance": instance} if instance else {})


def problem(
    status: int, detail: str = "", errors: Sequence[Mapping[str, str]] = (), *, retry_after: int | None = None
) -> JsonResponse:
    """The same as a plain Django response, for views that are not DRF's. ``retry_after`` in seconds."""
    response = JsonResponse(
        problem_body(status, detail, errors),
        status=status,
        content_type=PROBLEM_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def field_errors(detail: Any, path: str = "") -> list[dict[str, str]]:
    """DRF's nested error details as a flat list of ``{"field", "detail", "code"}``; fields joined by dots
    (``terms.0.ends_on``), an empty field for what concerns the request as a whole."""
    if isinstance(detail, Mapping):
        nested = ((f"{path}.{key}" if path else str(key), value) for key, value in detail.items())
        return [error for key, value in nested for error in field_errors(value, key)]
    if isinstance(detail, list | tuple):
        return [
            error
            for index, value in enumerate(detail)
            for error in field_errors(value, path if isinstance(value, str) else f"{path}.{index}".lstrip("."))
        ]
    field = path.removesuffix("non_field_errors").removesuffix(".")
    return [{"field": field, "detail": str(detail), "code": str(getattr(detail, "code", "invalid"))}]


def problem_exception_handler(exception: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal as ``application/problem+json``. Unknown exceptions go on up."""
    error = _as_api_exception(exception)
    if error is None:
        return None
    errors = field_errors(error.detail) if isinstance(error, exceptions.ValidationError) else []
    detail = _detail(error, errors)
    response = Response(problem_body(error.status_code, detail, errors), status=error.status_code)
    response.content_type = PROBLEM_TYPE
    _copy_headers(error, response)
    set_rollback()
    return response


def _as_api_exception(exception: Exception) -> exceptions.APIException | None:
    if isinstance(exception, exceptions.APIException):
        return exception
    if isinstance(exception, Http404):
        return exceptions.NotFound(str(exception) if _has_japanese(str(exception)) else None)
    if isinstance(exception, PermissionDenied):
        return exceptions.PermissionDenied(str(exception) or None)
    return None


def _detail(error: exceptions.APIException, errors: list[dict[str, str]]) -> str:
    if errors:
        return errors[0]["detail"] if len(errors) == 1 else DETAILS[400]
    text = str(error.detail)
    # DRF's own sentences are partly English; ours are said instead.
    return text if _has_japanese(text) else ""


def _has_japanese(text: str) -> bool:
    return any(ord(character) > 0x3000 for character in text)


def _copy_headers(error: exceptions.APIException, response: Response) -> None:
    wait = getattr(error, "wait", None)
    if isinstance(error, exceptions.Throttled) and wait is not None:
        response["Retry-After"] = str(max(1, math.ceil(wait)))
    challenge = getattr(error, "auth_header", None)
    if challenge:
        response["WWW-Authenticate"] = challenge


def wants_problem(request: HttpRequest) -> bool:
    """Whether errors of this request are read by programs (the API) or by people (pages)."""
    return request.path.startswith("/api/")


def client_ip(request: HttpRequest) -> str:
    """The caller's address, through exactly TRUSTED_PROXIES proxies of our own; further entries of
    X-Forwarded-For come from the caller and are not believed."""
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    hops: int = settings.TRUSTED_PROXIES
    if hops and len(forwarded) >= hops:
        return str(forwarded[-hops])
    return str(request.META.get("REMOTE_ADDR", ""))
