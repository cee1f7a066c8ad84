"""OpenID Connect Core sections 5.1 and 5.4: the standard claims, their types, and the scopes that ask for them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from oauth.grant import AskedClaims

Claims = Mapping[str, Any]

CLAIMS_OF_SCOPE: Final[Mapping[str, tuple[str, ...]]] = {
    "profile": (
        "name",
        "family_name",
        "given_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "updated_at",
    ),
    "email": ("email", "email_verified"),
    "address": ("address",),
    "phone": ("phone_number", "phone_number_verified"),
    "roles": ("roles",),
}
_NOTHING: Final[tuple[object, ...]] = (None, "", {}, [])
STANDARD: Final = frozenset(name for names in CLAIMS_OF_SCOPE.values() for name in names)


def names_for(scope: Iterable[str]) -> list[str]:
    """Return the names of the claims that the scopes ask for."""
    return [name for one in scope for name in CLAIMS_OF_SCOPE.get(one, ())]


def scopes_for(names: Iterable[str]) -> list[str]:
    """Return the scopes in whose words the claims are asked for: a person consents to those."""
    wanted = frozenset(names)
    return [scope for scope, claims in CLAIMS_OF_SCOPE.items() if wanted.intersection(claims)]


def allowed(asked: AskedClaims, *, scopes: Iterable[str]) -> AskedClaims:
    """Return those of the claims asked for by name that a client may have: those of its scopes."""
    of_scopes = frozenset(names_for(scopes))
    return AskedClaims(
        id_token=tuple(name for name in asked.id_token if name in of_scopes),
        userinfo=tuple(name for name in asked.userinfo if name in of_scopes),
    )


def of_person(values: Claims, *, names: Iterable[str]) -> dict[str, Any]:
    """Return those of the claims that the person has a value for.

    `values` are the person's by claim name; a claim without a value is left out, never null or empty (section 5.3.2).
    """
    found = {name: values.get(name) for name in names}
    if "address" in found:
        found["address"] = _address(values["address"])
    return {name: value for name, value in found.items() if value not in _NOTHING}


def _address(values: Claims) -> dict[str, str]:
    """Return the address object (section 5.1.1); `formatted` as one would write it on a letter."""
    members = {name: value for name, value in values.items() if value}
    return {"formatted": "\n".join(members.values()), **members} if members else {}
