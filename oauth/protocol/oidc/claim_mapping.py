"""Claims of one client alone: an administrator's choice of names, each with what of the person it is taken from.

What applications such as Grafana or GitLab look for under names of their own. They go into the id token and into
userinfo, whatever the scopes. Who a person is, and what was verified, is never replaced.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_noop

from oauth.protocol.oidc.claims import STANDARD
from oauth.services.people import ATTRIBUTE

_GROUPS: Final = "groups"
# What the tokens say of themselves and of who the person is (RFC 7519 section 4.1, OpenID Connect Core sections 2 and
# 5.6.2, RFC 9493 section 3.1), and what somebody proved.
_RESERVED: Final = frozenset(
    {
        *("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "auth_time", "acr", "amr", "azp", "sid"),
        *("at_hash", "c_hash", "s_hash", "typ", "cnf", "act", "may_act", "client_id", "scope", "events"),
        *("sub_id", "sub_jwk", "_claim_names", "_claim_sources"),
        *("email", "email_verified", "phone_number", "phone_number_verified"),
    }
)
_LONGEST_NAME: Final = 100  # characters; a name may be a URI


def problem_with(name: str, source: str) -> str | None:
    """Return what is wrong with a claim that somebody wants to give a client, or None."""
    if name in _RESERVED:
        return gettext_noop("cannot be replaced")
    if not _is_name(name):
        return gettext_noop("is not the name of a claim")
    if source == _GROUPS or source in STANDARD - {"address"} or _is_attribute(source):
        return None
    return gettext_noop("is taken from nothing that there is: groups, a standard claim, or attributes.NAME")


def sources(mapping: Mapping[str, str]) -> list[str]:
    """Return the names of what the claims are taken from."""
    return list(mapping.values())


def applied(mapping: Mapping[str, str], values: Mapping[str, Any], *, to: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims `to` which the mapping is applied, with those of the mapping in the place of their namesakes.

    A person who has no value is told without the claim, even where the standard claim of that name has one: it could
    be what the mapping tells of somebody else. Groups may be none, and are told as such.
    """
    found = {name: values.get(source) for name, source in mapping.items()}
    mapped = {name: value for name, value in found.items() if value not in (None, "")}
    return {**{name: value for name, value in to.items() if name not in mapping}, **mapped}


def _is_attribute(source: str) -> bool:
    return source.startswith(ATTRIBUTE) and _is_name(source.removeprefix(ATTRIBUTE)) and "=" not in source


def _is_name(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_NAME and text.isprintable() and " " not in text
