"""How the OpenAPI document describes our bearer tokens. drf-spectacular matches authentication classes exactly."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`bearerAuth`: an RFC 9068 access token in the Authorization header."""

    target_class = "oauth.api.authentication.BearerAuthentication"
    name = "bearerAuth"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the security scheme."""
        scheme: dict[str, Any] = build_bearer_security_scheme_object("Authorization", "Bearer", bearer_format="JWT")
        return scheme
