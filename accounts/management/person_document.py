"""A person as a JSON object: the standard claims (OpenID Connect Core section 5.1) by their names, both ways."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from accounts.forms.attributes import problem_with
from accounts.management.scripting import refusal
from accounts.models import User

_ADDRESS: Final = ("street_address", "locality", "region", "postal_code", "country")
_TEXTS: Final = (
    *("name", "given_name", "family_name", "middle_name", "nickname", "profile", "picture", "website"),
    *("gender", "birthdate", "zoneinfo", "locale", "phone_number"),
)
_FLAGS: Final = ("email_verified", "phone_number_verified", "x_staff")
_OTHERS: Final = ("username", "preferred_username", "email", "password", "address", "groups", "x_attributes")
_LONGEST_GROUP_NAME: Final = 150  # characters, as Django has it


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPerson:
    """What a script wants of a person; what it does not name is None, or not among the claims."""

    username: str
    email: str | None
    password: str | None = field(repr=False)
    verified: bool | None
    staff: bool | None
    phone_verified: bool | None
    claims: Mapping[str, str]
    groups: tuple[str, ...] | None
    attributes: Mapping[str, Any] | None

    @property
    def beyond_the_profile(self) -> dict[str, object]:
        """What is named and is not the person's to say: that the number is theirs, and the operator's attributes."""
        others = {"phone_number_verified": self.phone_verified, "attributes": self.attributes}
        return {name: value for name, value in others.items() if value is not None}


def wanted(document: Mapping[str, object], place: str) -> WantedPerson:
    """Return what a JSON object says of a person. Raises CommandError."""
    for member in document:
        if member not in {*_TEXTS, *_FLAGS, *_OTHERS}:
            raise refusal(place, f"{member}: is not known here")
    username = _text(document, "username", place) or _text(document, "preferred_username", place)
    if not username:
        raise refusal(place, "username: is missing")
    given = {name: _text(document, name, place) for name in _TEXTS}
    claims = {name: value for name, value in given.items() if value is not None}
    return WantedPerson(
        username=User.normalize_username(username),
        email=_text(document, "email", place),
        password=_text(document, "password", place),
        verified=_flag(document, "email_verified", place),
        staff=_flag(document, "x_staff", place),
        phone_verified=_flag(document, "phone_number_verified", place),
        claims=claims | _address(document.get("address"), place),
        groups=_groups(document.get("groups"), place),
        attributes=_attributes(document.get("x_attributes"), place),
    )


def person_document(user: User) -> dict[str, object]:
    """Return a person as JSON; claims without a value are left out."""
    claims = {name: value for name in _TEXTS if (value := getattr(user, name))}
    address = {name: value for name in _ADDRESS if (value := getattr(user, name))}
    return {
        "id": str(user.pk),
        "username": user.username,
        "email": user.email,
        "email_verified": user.has_verified_email,
        **claims,
        **({"phone_number_verified": user.phone_number_verified} if user.phone_number else {}),
        **({"address": address} if address else {}),
        "groups": user.roles,
        "x_staff": user.is_staff,
        **({"x_attributes": user.attributes} if user.attributes else {}),
    }


def _text(document: Mapping[str, object], member: str, place: str) -> str | None:
    value = document.get(member)
    if value is not None and not isinstance(value, str):
        raise refusal(place, f"{member}: must be a text")
    return value


def _flag(document: Mapping[str, object], member: str, place: str) -> bool | None:
    value = document.get(member)
    if value is not None and not isinstance(value, bool):
        raise refusal(place, f"{member}: must be true or false")
    return value


def _address(value: object, place: str) -> dict[str, str]:
    """Read the address object (section 5.1.1); `formatted` is made of the others."""
    if value is None:
        return {}
    if not isinstance(value, dict) or not {*_ADDRESS, "formatted"}.issuperset(value):
        raise refusal(place, "address: must be an object of", ", ".join(_ADDRESS))
    return {name: text for name in _ADDRESS if (text := _text(value, name, place)) is not None}


def _groups(value: object, place: str) -> tuple[str, ...] | None:
    if value is None:
        return None
    names = value if isinstance(value, list) else [value]
    if not all(isinstance(name, str) and name.strip() and len(name) <= _LONGEST_GROUP_NAME for name in names):
        raise refusal(place, "groups: must be a list of names")
    return tuple(dict.fromkeys(names))


def _attributes(value: object, place: str) -> Mapping[str, Any] | None:
    if value is not None and (problem := problem_with(value)):
        raise refusal(place, "x_attributes:", problem)
    return value if isinstance(value, dict) else None
