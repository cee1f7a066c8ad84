"""RFC 8414 and OpenID Connect Discovery 1.0: what this server does, said exactly as it does it."""

from collections.abc import Iterable
from typing import Any, Final

from oauth.protocol.oidc.authentication_request import CREATE, PROMPTS
from oauth.protocol.oidc.claims import CLAIMS_OF_SCOPE
from oauth.protocol.oidc.response_mode import RESPONSE_MODES
from oauth.protocol.rfc7523_client_assertion import token_endpoint
from oauth.protocol.rfc7636_pkce import METHOD
from oauth.protocol.rfc9101_request_object import UNSIGNED
from oauth.protocol.token import GRANTS
from oauth.vocabulary import CLIENT_ALGORITHMS, AuthMethod, IdTokenAlg, SubjectType

_PROOFS: Final = [
    method.value
    for method in (AuthMethod.CLIENT_SECRET_BASIC, AuthMethod.CLIENT_SECRET_POST, AuthMethod.PRIVATE_KEY_JWT)
]
_AUTHENTICATING: Final = ("token", "introspection", "revocation")
ACR_VALUES: Final = ["aal1", "aal2", "phr"]
_OF_SIGN_IN: Final = ["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "sid", "nonce", "at_hash"]


def metadata(issuer: str, *, scopes: Iterable[str], registration_open: bool) -> dict[str, Any]:
    """Return the authorization server's metadata (RFC 8414 section 2)."""
    registration = {"registration_endpoint": f"{issuer}/oauth/register"} if registration_open else {}
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth/authorize",
        "token_endpoint": token_endpoint(issuer),
        "introspection_endpoint": f"{issuer}/oauth/introspect",
        "revocation_endpoint": f"{issuer}/oauth/revoke",
        "jwks_uri": f"{issuer}/oauth/jwks",
        **registration,
        "scopes_supported": list(scopes),
        "response_types_supported": ["code"],
        "response_modes_supported": list(RESPONSE_MODES),
        "grant_types_supported": [grant_type.value for grant_type in GRANTS],
        "token_endpoint_auth_methods_supported": [*_PROOFS, AuthMethod.NONE.value],
        "introspection_endpoint_auth_methods_supported": _PROOFS,
        "revocation_endpoint_auth_methods_supported": [*_PROOFS, AuthMethod.NONE.value],
        **{f"{name}_endpoint_auth_signing_alg_values_supported": list(CLIENT_ALGORITHMS) for name in _AUTHENTICATING},
        "code_challenge_methods_supported": [METHOD],
        "authorization_response_iss_parameter_supported": True,
        "service_documentation": f"{issuer}/api/docs/",
    }


def openid_configuration(
    issuer: str, *, scopes: Iterable[str], languages: Iterable[str], signup_open: bool, registration_open: bool
) -> dict[str, Any]:
    """Return the OpenID Provider's metadata (Discovery section 3)."""
    return {
        **metadata(issuer, scopes=scopes, registration_open=registration_open),
        "userinfo_endpoint": f"{issuer}/oauth/userinfo",
        "end_session_endpoint": f"{issuer}/oauth/end-session",
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "subject_types_supported": SubjectType.values,
        "id_token_signing_alg_values_supported": IdTokenAlg.values,
        "userinfo_signing_alg_values_supported": IdTokenAlg.values,
        "acr_values_supported": ACR_VALUES,
        "claim_types_supported": ["normal"],
        "claims_supported": [*_OF_SIGN_IN, *dict.fromkeys(c for names in CLAIMS_OF_SCOPE.values() for c in names)],
        "prompt_values_supported": sorted(PROMPTS if signup_open else PROMPTS - {CREATE}),
        "display_values_supported": ["page"],
        "ui_locales_supported": list(languages),
        "claims_parameter_supported": True,
        "request_parameter_supported": True,
        "request_uri_parameter_supported": True,
        "require_request_uri_registration": True,
        "request_object_signing_alg_values_supported": [UNSIGNED, *CLIENT_ALGORITHMS],
    }
