"""FAPI 2.0 Security Profile section 5.3.2.1: what a client of the profile is registered as, and never otherwise."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext_noop

from oauth.client_metadata import ClientMetadata
from oauth.protocol import fapi2
from oauth.protocol.rfc7591_metadata import Problem
from oauth.vocabulary import FAPI_ALGORITHMS, AuthMethod, GrantType, IdTokenAlg, Pkce

# By member: the attribute, and what a new client of the profile has where it names nothing.
_DEFAULTS: Final[dict[str, tuple[str, Any]]] = {
    "token_endpoint_auth_method": ("auth_method", AuthMethod.PRIVATE_KEY_JWT),
    "id_token_signed_response_alg": ("id_token_alg", IdTokenAlg(fapi2.ALGORITHM)),
    "x_refresh_rotation": ("rotates_refresh_tokens", False),
}
# Members that name an algorithm: each may be empty, which stands for one of the profile.
_ALGORITHMS: Final = {
    "token_endpoint_auth_signing_alg": "token_endpoint_auth_signing_alg",
    "request_object_signing_alg": "request_object_signing_alg",
    "authorization_signed_response_alg": "authorization_signed_response_alg",
    "introspection_signed_response_alg": "introspection_signed_response_alg",
    "id_token_signed_response_alg": "id_token_alg",
    "userinfo_signed_response_alg": "userinfo_signed_response_alg",
}


def with_defaults(client: ClientMetadata, *, named: Collection[str]) -> ClientMetadata:
    """Return a new client with what its profile has where it names nothing else."""
    if not client.is_fapi2:
        return client
    return replace(client, **{name: value for member, (name, value) in _DEFAULTS.items() if member not in named})


def _held_to_the_profile(client: ClientMetadata) -> list[Problem]:
    """Refuse what contradicts the profile; that it pushes its requests and binds its tokens needs no saying."""
    if not client.is_fapi2:
        return []
    problems = []
    if client.auth_method is not AuthMethod.PRIVATE_KEY_JWT:
        by_key = gettext_noop("must be private_key_jwt in the profile fapi2: neither a secret nor nothing")
        problems.append(Problem("token_endpoint_auth_method", by_key, client.auth_method.value))
    if client.pkce is not Pkce.REQUIRED:
        problems.append(Problem("x_pkce", gettext_noop("is always required in the profile fapi2")))
    if GrantType.DEVICE_CODE in client.grant_types:
        pushed = gettext_noop("cannot be pushed, and is not for the profile fapi2")
        problems.append(Problem("grant_types", pushed, GrantType.DEVICE_CODE.value))
    if client.rotates_refresh_tokens:
        problems.append(Problem("x_refresh_rotation", gettext_noop("must be off in the profile fapi2")))
    return [*problems, *_weak_algorithms(client)]


def _weak_algorithms(client: ClientMetadata) -> list[Problem]:
    named = {member: str(getattr(client, attribute)) for member, attribute in _ALGORITHMS.items()}
    weak = gettext_noop("is not among the algorithms of the profile fapi2: PS256, ES256, EdDSA")
    return [Problem(member, weak, alg) for member, alg in named.items() if alg not in {"", *FAPI_ALGORITHMS}]


RULES: Final[tuple[Callable[[ClientMetadata], list[Problem]], ...]] = (_held_to_the_profile,)
