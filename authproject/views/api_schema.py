"""GET /api/schema/: the OpenAPI document, in JSON or YAML, in the language of the request."""

from typing import Any

from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response


class ApiSchemaView(SpectacularAPIView):
    """The OpenAPI document, for everybody: it says nothing that the addresses do not."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = [OpenApiJsonRenderer, OpenApiYamlRenderer, JSONRenderer]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return the document. No parameter of the request takes part, but for Accept and Accept-Language."""
        return Response(self.generator_class().get_schema(request=request, public=True))  # type: ignore[no-untyped-call]
