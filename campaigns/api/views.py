from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import audience
from campaigns import rules
from campaigns.api.serializers import (
    AssessmentRequest,
    AssessmentResponse,
    situation_from,
    window_from,
)
from licenses.queries import policy


@audience.public
class AssessmentView(APIView):
    """Asks the rules about one office on one day; reads and writes nothing of any office."""

    @extend_schema(request=AssessmentRequest, responses=AssessmentResponse)
    def post(self, request: Request) -> Response:
        question = AssessmentRequest(data=request.data)
        question.is_valid(raise_exception=True)
        attrs = question.validated_data
        answer = rules.assess(situation_from(attrs), window_from(attrs), policy(), attrs["as_of"])
        return Response(AssessmentResponse(answer).data)
