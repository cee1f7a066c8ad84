"""Taking people in: what would be done is known before it is; then all of it is done, or nothing."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.management.base import CommandError
from django.db import transaction

from accounts.conf import USERNAME_LENGTH
from accounts.management.person_document import wanted
from accounts.management.person_rules import check_email, profile_of
from accounts.management.scripting import refusal
from accounts.models import User
from accounts.services import provisioning

_HASH: Final = "x_password_hash"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody to take in; without a hash they set a password by "forgot password"."""

    user: User
    verified: bool
    groups: tuple[str, ...]


@dataclass(slots=True)
class Plan:
    """What a file comes to: who is new, how many are here already, and who cannot be taken in, and why."""

    newcomers: list[Newcomer] = field(default_factory=list)
    here: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def without_password(self) -> int:
        """How many have none that is known here."""
        return sum(not newcomer.user.has_usable_password() for newcomer in self.newcomers)

    def lines(self) -> list[str]:
        """Return what it comes to, for people."""
        passwordless = f"{self.without_password} of them without a password that is known here"
        others = f"{self.here} are here already; {len(self.wrong)} are refused"
        return [*self.wrong, f"{len(self.newcomers)} to take in, {passwordless}; {others}."]


def planned(documents: Iterable[Mapping[str, Any]]) -> Plan:
    """Return what would be done. Who has a username that somebody has here is left as they are."""
    plan, names, addresses = Plan(), set[str](), set[str]()
    for place, document in enumerate(documents, 1):
        try:
            newcomer = _newcomer(document, f"person {place}:")
        except CommandError as wrong:
            plan.wrong.append(str(wrong))
            continue
        if newcomer is None:
            plan.here += 1
        elif newcomer.user.username.casefold() in names or newcomer.user.email in addresses:
            plan.wrong.append(f"person {place}: has a username or an address that stands above already")
        else:
            names.add(newcomer.user.username.casefold())
            addresses.add(newcomer.user.email)
            plan.newcomers.append(newcomer)
    return plan


@transaction.atomic
def take_in(plan: Plan) -> None:
    """Do it."""
    provisioning.wait_for_turn()
    for newcomer in plan.newcomers:
        provisioning.take_in(user=newcomer.user, verified=newcomer.verified)
        if newcomer.groups:
            provisioning.set_groups(user=newcomer.user, names=newcomer.groups)


def _newcomer(document: Mapping[str, Any], place: str) -> Newcomer | None:
    """Return who is to be taken in, or None if they are here. Raises CommandError."""
    about = dict(document)
    known_as, encoded, active = about.pop("id", None), about.pop(_HASH, None), about.pop("x_active", True)
    about["username"] = _username(str(about.get("username") or ""))
    person = wanted(about, place)
    if User.objects.by_username(person.username).exists():
        return None
    who = f"{place} {person.username}"
    form = profile_of(person, None, who)
    check_email(person, None, who)
    user = form.instance
    for name, value in {**form.claims(), **person.beyond_the_profile}.items():
        setattr(user, name, value)
    user.pk = _id(known_as, place)
    user.email = User.objects.normalize_email(person.email or "")
    user.is_active, user.is_staff = bool(active), bool(person.staff)
    user.password = encoded or ""
    if encoded is None:
        user.set_unusable_password()
    return Newcomer(user, bool(person.verified), person.groups or ())


def _username(name: str) -> str:
    """Return a username that may be one here: an address becomes one without its @, always the same."""
    return name.replace("@", ".")[:USERNAME_LENGTH] if "@" in name else name


def _id(known_as: object, place: str) -> uuid.UUID:
    """Return the id by which applications know the person, if it can be theirs here too."""
    if known_as is None:
        return uuid.uuid4()
    try:
        found = uuid.UUID(str(known_as))
    except ValueError:
        return uuid.uuid4()  # a number, or a name: tokens of ours have never had it
    if User.objects.by_id(found).exists():
        raise refusal(place, "id: somebody else has it")
    return found
