"""People as clients are told of them: their standard claims and their roles."""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

from accounts.models import User
from accounts.models.person import Person
from accounts.services import people

ATTRIBUTE: Final = "attributes."  # what a source begins with that is an attribute of the person's own
_ADDRESS: Final = ("street_address", "locality", "region", "postal_code", "country")
_FIELDS: Final = frozenset(
    {
        *("given_name", "family_name", "middle_name", "nickname", "profile", "picture", "website", "gender"),
        *("birthdate", "zoneinfo", "locale", "email", "phone_number", *_ADDRESS),
    }
)
# Where a claim is not said by the field of its name. What stands in other tables is looked up only if it is asked for.
_SAID_BY: Final[Mapping[str, Callable[[User | Person], Any]]] = {
    "name": lambda person: person.get_full_name(),
    "preferred_username": lambda person: person.username,
    "updated_at": lambda person: int(person.updated_at.timestamp()),
    "email_verified": lambda person: person.has_verified_email if person.email else None,
    "phone_number_verified": lambda person: person.phone_number_verified if person.phone_number else None,
    "roles": lambda person: person.roles,
    "groups": lambda person: person.roles,
    "address": lambda person: {name: getattr(person, name) for name in _ADDRESS},
}


def claims_of(person: User | Person, *, names: Iterable[str]) -> dict[str, Any]:
    """Return what a person says by these claims' names (OpenID Connect Core section 5.1), what is empty included.

    `address` is its members; what verifies nothing is None. An attribute of the person's own begins with ATTRIBUTE.
    """
    return {name: _said(person, name) for name in names}


def _said(person: User | Person, name: str) -> Any:
    if name in _FIELDS:
        return getattr(person, name)
    said_by = _SAID_BY.get(name)
    if said_by is not None:
        return said_by(person)
    return person.attributes.get(name.removeprefix(ATTRIBUTE)) if name.startswith(ATTRIBUTE) else None


def roles_of(user_id: uuid.UUID) -> tuple[str, ...]:
    """Return the names of a person's groups."""
    return tuple(User.objects.role_names(user_id))


def known(user_id: uuid.UUID) -> User:
    """Return a person whom a live grant names."""
    person: User = User.objects.by_id(user_id).get()
    return person


async def active(subject: str, *, names: Collection[str] = ()) -> Person | None:
    """Return the active person of a `sub`, with what the claims of these names need, or None."""
    return await people.active(
        subject, with_verified="email_verified" in names, with_roles="roles" in names or "groups" in names
    )
