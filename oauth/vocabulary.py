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
