"""The person that an access token speaks for: the row that each guarded request asks for, compiled once."""

from typing import Any, Final

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet, UUIDField

from trust.lib.compiled import CompiledQuery, Parameter


def _active(person_id: Parameter) -> "QuerySet[Any]":
    people: Any = get_user_model()._default_manager
    found: QuerySet[Any] = people.active().by_id(person_id)
    return found


_ACTIVE: Final[CompiledQuery[Any]] = CompiledQuery(_active, UUIDField())


def active_person(person_id: str | None) -> AbstractBaseUser | None:
    """Return the active person of this id, or None. Raises ValidationError if it is no id."""
    person: AbstractBaseUser | None = _ACTIVE.find(person_id)
    return person
