from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import audience
from faq.api.serializers import SearchQuerySerializer, SearchResultsSerializer
from faq.queries import answer
from faq.rules.search import as_dict


@audience.public
class SearchView(APIView):
    """よくある質問をことばで探す。答えが決まらないときは、空の一覧を返す。"""

    @extend_schema(
        operation_id="faq_search",
        parameters=[
            OpenApiParameter("q", OpenApiTypes.STR, required=True, description="質問のことば"),
            OpenApiParameter("limit", OpenApiTypes.INT, description="件数(1から50)", default=5),
        ],
        responses=SearchResultsSerializer,
    )
    def get(self, request: Request) -> Response:
        asked = SearchQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = answer(asked.validated_data["q"], limit=asked.validated_data["limit"])
        return Response({"results": [as_dict(hit) for hit in found.hits]})
