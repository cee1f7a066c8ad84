"""RFC 8414 and OpenID Connect Discovery 1.0: what this server does, said exactly as it does it."""

from typing import Any, Final, NamedTuple

from oauth.protocol import global_token_revocation
from oauth.protocol.oidc.authentication_request import CREATE, PROMPTS
from oauth.protocol.oidc.claims import CLAIMS_OF_SCOPE
from oauth.protocol.oidc.response_mode import RESPONSE_MODES
from oauth.protocol.rfc7523_client_assertion import pushed_request_endpoint, token_endpoint
from oauth.protocol.rfc7636_pkce import METHOD
from oauth.protocol.rfc9101_request_object import UNSIGNED
from oauth.protocol.token import GRANTS
from oauth.vocabulary import CLIENT_ALGORITHMS, AuthMethod, IdTokenAlg, SubjectType
from trust.dpop.conf import ALGORITHMS as DPOP_ALGORITHMS

_PROOFS: Final = [
    method.value
    for method in (AuthMethod.CLIENT_SECRET_BASIC, AuthMethod.CLIENT_SECRET_POST, AuthMethod.PRIVATE_KEY_JWT)
]
_AUTHENTICATING: Final = ("token", "introspection", "revocation")
ACR_VALUES: Final = ["aal1", "aal2", "phr"]
_OF_SIGN_IN: Final = ["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "sid", "nonce", "at_hash"]


class Offered(NamedTuple):
    """What the metadata says of this deployment: the rest is the same everywhere."""

    scopes: tuple[str, ...]
    languages: tuple[str, ...] = ()
    detail_types: tuple[str, ...] = ()
    signup_open: bool = False
    registration_open: bool = False
    only_pushed: bool = False
    agents_open: bool = False


def metadata(issuer: str, offered: Offered) -> dict[str, Any]:
    """Return the authorization server's metadata (RFC 8414 section 2)."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth/authorize",
        "token_endpoint": token_endpoint(issuer),
        "pushed_authorization_request_endpoint": pushed_request_endpoint(issuer),
        "require_pushed_authorization_requests": offered.only_pushed,
        "introspection_endpoint": f"{issuer}/oauth/introspect",
        "revocation_endpoint": f"{issuer}/oauth/revoke",
        "device_authorization_endpoint": f"{issuer}/oauth/device-authorization",
        "global_token_revocation_endpoint": global_token_revocation.endpoint(issuer),
        "global_token_revocation_endpoint_auth_methods_supported": [
            method.value for method in global_token_revocation.AUTH_METHODS
        ],
        "jwks_uri": f"{issuer}/oauth/jwks",
        **_where_open(issuer, offered),
        "scopes_supported": list(offered.scopes),
        "response_types_supported": ["code"],
        "response_modes_supported": list(RESPONSE_MODES),
        "authorization_signing_alg_values_supported": IdTokenAlg.values,
        "grant_types_supported": [grant_type.value for grant_type in GRANTS],
        "token_endpoint_auth_methods_supported": [*_PROOFS, AuthMethod.NONE.value],
        "introspection_endpoint_auth_methods_supported": _PROOFS,
        "revocation_endpoint_auth_methods_supported": [*_PROOFS, AuthMethod.NONE.value],
        **{f"{name}_endpoint_auth_signing_alg_values_supported": list(CLIENT_ALGORITHMS) for name in _AUTHENTICATING},
        "introspection_signing_alg_values_supported": IdTokenAlg.values,
        "code_challenge_methods_supported": [METHOD],
        "dpop_signing_alg_values_supported": list(DPOP_ALGORITHMS),  # RFC 9449 section 5.1
        "authorization_response_iss_parameter_supported": True,
        "service_documentation": f"{issuer}/api/docs/",
    }


def _where_open(issuer: str, offered: Offered) -> dict[str, Any]:
    """Return what is said only where there is anything to say."""
    said: dict[str, Any] = {}
    if offered.registration_open:
        said["registration_endpoint"] = f"{issuer}/oauth/register"
    if offered.agents_open:
        said["client_id_metadata_document_supported"] = True  # Client ID metadata documents section 5
    if offered.detail_types:
        said["authorization_details_types_supported"] = list(offered.detail_types)  # RFC 9396 section 10
    return said


def openid_configuration(issuer: str, offered: Offered) -> dict[str, Any]:
    """Return the OpenID Provider's metadata (Discovery section 3)."""
    return {
        **metadata(issuer, offered),
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
        "prompt_values_supported": sorted(PROMPTS if offered.signup_open else PROMPTS - {CREATE}),
        "display_values_supported": ["page"],
        "ui_locales_supported": list(offered.languages),
        "claims_parameter_supported": True,
        "request_parameter_supported": True,
        "request_uri_parameter_supported": True,
        "require_request_uri_registration": True,
        "request_object_signing_alg_values_supported": [UNSIGNED, *CLIENT_ALGORITHMS],
    }
