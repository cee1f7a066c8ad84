"""A person as clients are told of them: looked up by one statement that many share (docs/decisions/0023)."""

import json
import uuid
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import UUIDField

from accounts.models.conditions import roles_sql
from accounts.models.standard_claims import full_name
from accounts.models.user import User
from accounts.models.user_queryset import UserQuerySet
from trust.lib.compiled import CompiledQuery, Parameter
from trust.lib.shared_statements import SharedStatement


class PersonAsk(NamedTuple):
    """Which person, and whether what stands in other tables is wanted too."""

    user_id: uuid.UUID
    with_verified: bool
    with_roles: bool


class Person(NamedTuple):
    """An active person. `has_verified_email` and `roles` are nothing unless they were asked for."""

    id: uuid.UUID
    username: str
    email: str
    updated_at: datetime
    attributes: dict[str, Any]
    name: str
    given_name: str
    family_name: str
    middle_name: str
    nickname: str
    profile: str
    picture: str
    website: str
    gender: str
    birthdate: str
    zoneinfo: str
    locale: str
    phone_number: str
    phone_number_verified: bool
    street_address: str
    locality: str
    region: str
    postal_code: str
    country: str
    has_verified_email: bool
    roles: list[str]

    def get_full_name(self) -> str:
        """Return how the person is called on pages and in mails."""
        return full_name(self)


_COLUMNS: Final = Person._fields[:-2]
_SQL: Final = {"attributes": "person.attributes::text"}  # one driver would read it, the other would not


def _one(ask: PersonAsk) -> Person | None:
    people = User.objects.active().by_id(ask.user_id)
    told = people.as_told(verified=ask.with_verified, roles=ask.with_roles)
    row = told.values_list(*_COLUMNS, "told_verified", "told_roles").first()
    return None if row is None else Person(*row)


_MANY: Final = f"""
SELECT asked.place, {", ".join(_SQL.get(column, f"person.{column}") for column in _COLUMNS)},
    CASE WHEN asked.with_verified THEN EXISTS (SELECT 1 FROM account_emailaddress address
        WHERE address.user_id = person.id AND upper(address.email) = upper(person.email) AND address.verified)
    ELSE false END,
    CASE WHEN asked.with_roles THEN {roles_sql("person.id")}
    ELSE '{{}}' END
FROM unnest(%s::uuid[], %s::bool[], %s::bool[]) WITH ORDINALITY AS asked (id, with_verified, with_roles, place)
JOIN accounts_user person ON person.id = asked.id AND person.is_active
"""  # noqa: S608 - made of our own words alone


_ATTRIBUTES: Final = _COLUMNS.index("attributes")


def _person(*values: Any) -> Person:
    before, attributes, after = values[:_ATTRIBUTES], values[_ATTRIBUTES], values[_ATTRIBUTES + 1 :]
    return Person._make((*before, json.loads(attributes), *after))


FIND_PERSON: Final = SharedStatement(name="the look-up of a person", one=_one, many=_MANY, answer=_person, reads=True)


def _active(user_id: Parameter) -> UserQuerySet:
    found: UserQuerySet = User.objects.active().by_id(user_id).as_told(verified=True, roles=True)
    return found


# The same person as a row, for a guarded view that tells of them: with `told_verified` and `told_roles`.
ACTIVE_USER: Final = CompiledQuery(_active, UUIDField())
