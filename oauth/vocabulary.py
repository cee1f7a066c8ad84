"""Wire values of OAuth and OpenID Connect, as their registries spell them."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPENID: Final = "openid"
OFFLINE_ACCESS: Final = "offline_access"
ROLES: Final = "roles"


class GrantType(models.TextChoices):
    """Grant types that the token endpoint knows (RFC 7591 section 2)."""

    AUTHORIZATION_CODE = "authorization_code", _("authorization code")
    REFRESH_TOKEN = "refresh_token", _("refresh token")
    CLIENT_CREDENTIALS = "client_credentials", _("client credentials")
    DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code", _("device code")
    TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange", _("token exchange")
    JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer", _("JWT of a trusted issuer")


class AuthMethod(models.TextChoices):
    """How a client authenticates at the token endpoint (RFC 7591 section 2, token_endpoint_auth_method)."""

    ANY_SECRET = "", _("by secret, in the header or the body")
    CLIENT_SECRET_BASIC = "client_secret_basic", _("by secret in the header")
    CLIENT_SECRET_POST = "client_secret_post", _("by secret in the body")
    PRIVATE_KEY_JWT = "private_key_jwt", _("by a key of its own (private_key_jwt)")
    NONE = "none", _("not at all (public client)")


class Introspects(models.TextChoices):
    """Whose tokens a client may introspect (RFC 7662 section 2.1)."""

    NONE = "none", _("none")
    OWN = "own", _("those issued to it or meant for its resource")
    ALL = "all", _("all")


class Pkce(models.TextChoices):
    """Whether a client must send a code challenge (RFC 7636); public clients always must."""

    REQUIRED = "required", _("required")
    OPTIONAL = "optional", _("optional")


class AccessTokenFormat(models.TextChoices):
    """What a client's access tokens look like."""

    JWT = "jwt", _("signed (JWT)")
    OPAQUE = "opaque", _("opaque")


class ClientProfile(models.TextChoices):
    """A set of rules that a client is held to as a whole."""

    NONE = "", _("none")
    FAPI2 = "fapi2", _("FAPI 2.0 security profile")


class TokenExchange(models.TextChoices):
    """What a client may exchange a person's token for (RFC 8693 section 1.1)."""

    NONE = "none", _("nothing")
    DELEGATION = "delegation", _("a token that names who acts (delegation)")
    IMPERSONATION = "impersonation", _("a token that names nobody beside the person (impersonation)")


class IdTokenAlg(models.TextChoices):
    """Algorithms that id tokens may be signed with."""

    RS256 = "RS256", "RS256"
    ES256 = "ES256", "ES256"
    EDDSA = "EdDSA", "EdDSA"


class SubjectType(models.TextChoices):
    """Whether a person is the same `sub` for every client (OpenID Connect Core section 8)."""

    PUBLIC = "public", _("the same for every client")
    PAIRWISE = "pairwise", _("another for each sector (pairwise)")


# Algorithms that clients may sign with: their assertions, their request objects (RFC 7518 section 3.1, RFC 8037).
CLIENT_ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
FAPI_ALGORITHMS: Final = ("PS256", "ES256", "EdDSA")  # FAPI 2.0 security profile section 5.4.1

NEVER_PERSONAL: Final = frozenset({OPENID, OFFLINE_ACCESS})  # scopes of a sign-in, which no personal access token is

SITE_CALLBACK: Final = "/.authproject/callback"  # of sites behind a proxy that asks us (docs/forward-auth.md)

OWN_CLAIM: Final = '"'  # before a claim of a client's mapping, in a consent: no scope has it (RFC 6749 section 3.3)

SCOPE_WORDS: Final[Mapping[str, str | Promise]] = {
    OPENID: _("Know who you are"),
    "profile": _("See your name and the rest of your profile"),
    "email": _("See your e-mail address"),
    "address": _("See your postal address"),
    "phone": _("See your phone number"),
    ROLES: _("See the groups that you belong to"),
    OFFLINE_ACCESS: _("Do all this also while you are not signed in"),
}
