"""People of a realm that Keycloak exported (`kc.sh export --realm ... --users realm_file`)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from accounts.management.importing import hashes

_NOBODY: Final = "service-account-"  # what stands for a client among the users


def people(realm: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the people; they keep their ids, by which applications know them (`sub`)."""
    for user in realm.get("users", []):
        if not user.get("username", "").startswith(_NOBODY):
            yield {name: value for name, value in _person(user).items() if value not in ("", [], {}, None)} | _hash(
                user
            )


def _person(user: Mapping[str, Any]) -> dict[str, Any]:
    groups = [path.rpartition("/")[2] for path in user.get("groups", [])]
    return {
        "id": user.get("id"),
        "username": user["username"],
        "email": user.get("email"),
        "email_verified": user.get("emailVerified", False),
        "given_name": user.get("firstName"),
        "family_name": user.get("lastName"),
        "x_active": user.get("enabled", True),
        "groups": sorted({*groups, *_roles(user)}),
        "x_attributes": {name: _one(values) for name, values in user.get("attributes", {}).items()},
    }


def _roles(user: Mapping[str, Any]) -> list[str]:
    """Return the realm's own roles; those that Keycloak makes for itself say nothing here."""
    made = ("default-roles-", "offline_access", "uma_authorization")
    return [name for name in user.get("realmRoles", []) if not name.startswith(made)]


def _one(values: object) -> object:
    return values[0] if isinstance(values, list) and len(values) == 1 else values


def _hash(user: Mapping[str, Any]) -> dict[str, str | None]:
    passwords = [one for one in user.get("credentials", []) if one.get("type") == "password"]
    return {"x_password_hash": hashes.of_keycloak(passwords[0])} if passwords else {}
