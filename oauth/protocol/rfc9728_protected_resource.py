"""RFC 9728: our own API as clients discover it, and which server issues the tokens that open it: this one."""

from collections.abc import Iterable
from typing import Any

from trust.dpop.conf import ALGORITHMS


def metadata(issuer: str, *, scopes: Iterable[str], name: str) -> dict[str, Any]:
    """Return the metadata of the protected resource (section 2). Its identifier is the issuer."""
    return {
        "resource": issuer,
        "resource_name": f"{name} API",
        "resource_documentation": f"{issuer}/api/docs/",
        "authorization_servers": [issuer],
        "scopes_supported": list(scopes),
        "bearer_methods_supported": ["header"],
        "dpop_signing_alg_values_supported": list(ALGORITHMS),
    }
