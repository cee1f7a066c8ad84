"""People as clients are told of them: their standard claims and their roles."""

import uuid
from collections.abc import Collection
from typing import Any, Final

from accounts.models import User
from accounts.models.person import Person
from accounts.services import people

ATTRIBUTE: Final = "attributes."  # what a source begins with that is an attribute of the person's own
_FIELDS: Final = (
    "name", "given_name", "family_name", "middle_name", "nickname", "profile", "picture", "website", "gender",
    "birthdate", "zoneinfo", "locale", "email", "phone_number", "phone_number_verified",
    "street_address", "locality", "region", "postal_code", "country",
)  # fmt: skip


def claims_of(user: User | Person, *, names: Collection[str]) -> dict[str, Any]:
    """Return a person's values by claim name (OpenID Connect Core section 5.1), empty ones included.

    What stands in other tables is looked up only if `names` has it.
    """
    verified = {"email_verified": user.has_verified_email} if "email_verified" in names else {}
    roles = {"roles": user.roles} if "roles" in names else {}
    groups = {"groups": user.roles} if "groups" in names else {}
    return {
        **{name: getattr(user, name) for name in _FIELDS},
        "name": user.get_full_name(),
        "preferred_username": user.username,
        "updated_at": int(user.updated_at.timestamp()),
        **verified,
        **roles,
        **groups,
        **{f"{ATTRIBUTE}{name}": value for name, value in user.attributes.items()},
    }


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
