"""RFC 7591 section 5: which of our policies may hold for which client; an administrator alone decides them."""

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext_noop

from oauth.client_metadata import ClientMetadata
from oauth.conf import LONGEST_GROUP_NAME
from oauth.protocol.rfc7591_metadata import Problem
from oauth.vocabulary import AuthMethod, GrantType, TokenExchange

_WITH_A_SECRET_OR_KEY: Final = (GrantType.TOKEN_EXCHANGE, GrantType.JWT_BEARER)


def _roles(client: ClientMetadata) -> list[Problem]:
    """Give roles to those alone that act as themselves, and prove who they are."""
    unusable = [name for name in client.roles if not name.strip() or len(name) > LONGEST_GROUP_NAME]
    problems = [Problem("x_roles", gettext_noop("is not the name of a group"), name) for name in unusable]
    acts_as_itself = {GrantType.CLIENT_CREDENTIALS, GrantType.JWT_BEARER}.intersection(client.grant_types)
    if client.roles and (client.is_public or not acts_as_itself):
        problems.append(Problem("x_roles", gettext_noop("are for clients that act as themselves")))
    return problems


def _kept_refresh_tokens(client: ClientMetadata) -> list[Problem]:
    """A refresh token that stays the same is bound to a key (RFC 9700 section 2.2.2)."""
    is_bound = client.auth_method is AuthMethod.PRIVATE_KEY_JWT or client.binds_tokens
    if client.rotates_refresh_tokens or is_bound:
        return []
    return [Problem("x_refresh_rotation", gettext_noop("may be off only with private_key_jwt or DPoP"))]


def _of_confidential_ones(client: ClientMetadata) -> list[Problem]:
    """What is done in the name of others is done by clients that prove who they are."""
    if not client.is_public:
        return []
    alone = gettext_noop("a public client has no credentials to use")
    problems = [
        Problem("grant_types", alone, grant_type.value)
        for grant_type in _WITH_A_SECRET_OR_KEY
        if grant_type in client.grant_types
    ]
    if client.token_exchange is not TokenExchange.NONE:
        problems.append(Problem("x_token_exchange", alone))
    if client.may_revoke_subjects:
        problems.append(Problem("x_global_token_revocation", alone))
    return problems


def _workloads(client: ClientMetadata) -> list[Problem]:
    """A workload needs no credentials beside what its issuer signed; the FAPI profile demands them of each request."""
    if client.is_fapi2 and GrantType.JWT_BEARER in client.grant_types:
        return [Problem("grant_types", gettext_noop("is not in the profile fapi2"), GrantType.JWT_BEARER.value)]
    return []


def _signed_requests(client: ClientMetadata) -> list[Problem]:
    """Who must sign what it asks for has a key to be known by, and an algorithm (RFC 9101 section 10.5)."""
    if not client.require_signed_request_object:
        return []
    if client.jwks is None and not client.jwks_uri:
        return [Problem("require_signed_request_object", gettext_noop("needs jwks or jwks_uri"))]
    if client.request_object_signing_alg == "none":
        return [Problem("request_object_signing_alg", gettext_noop("is no signature"))]
    return []


RULES: Final[tuple[Callable[[ClientMetadata], list[Problem]], ...]] = (
    *(_roles, _kept_refresh_tokens, _of_confidential_ones, _workloads, _signed_requests),
)
