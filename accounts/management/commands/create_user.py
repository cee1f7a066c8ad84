"""`manage.py create_user`: makes a person, or changes what is named of one who is there, and prints them as JSON."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.management.person_document import WantedPerson, person_document, wanted
from accounts.management.person_rules import check_email, profile_of
from accounts.management.scripting import read_documents, refusal
from accounts.models import User
from accounts.services import people, provisioning
from trust.lib.origin import Origin

_OPTIONS: Final = ("username", "email", "password")
_FLAGS: Final = {"verified": "email_verified", "staff": "x_staff"}


class Command(BaseCommand):
    """Make people from options or from standard claims; a second time the same changes nothing."""

    help = "Make a person, or change what is named of one who is there, and print them as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take options for one person, or --json for one or many."""
        for name in _OPTIONS:
            parser.add_argument(f"--{name}", metavar="VALUE")
        parser.add_argument("--verified", action="store_true", help="the address is known to be theirs")
        parser.add_argument("--staff", action="store_true", help="they may use the administration")
        parser.add_argument(
            "--json",
            metavar="FILE",
            help="standard claims of OpenID Connect by their names, groups, password, x_staff, x_attributes; "
            "one person or a list; - is stdin",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write all or none, and print who they are now."""
        named = {name: options[name] for name in _OPTIONS if options[name] is not None}
        named |= {member: True for flag, member in _FLAGS.items() if options[flag]}
        if options["json"] is None:
            printed: object = _put_all([named])[0]
        else:
            documents, is_list = read_documents(options["json"])
            if is_list and named:
                raise refusal("a list takes no other options: name the members in it")
            stand = _put_all([document | named for document in documents])
            printed = stand if is_list else stand[0]
        self.stdout.write(json.dumps(printed, ensure_ascii=False, indent=2))


@transaction.atomic
def _put_all(documents: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    provisioning.wait_for_turn()
    many = len(documents) > 1
    return [_put(document, f"person {place}:" if many else "") for place, document in enumerate(documents, 1)]


def _put(document: Mapping[str, object], place: str) -> dict[str, object]:
    """Make a person, or change the one of this username, and return who they are now. Raises CommandError."""
    person = wanted(document, place)
    stands: User | None = User.objects.by_username(person.username).first()
    form = profile_of(person, stands, place)
    check_email(person, stands, place)
    _check_password(person, stands or form.instance, place)
    user = _changed(stands, person) if stands else _made(person)
    claims = {name: value for name, value in form.claims().items() if name != "username"} | person.beyond_the_profile
    if any(getattr(user, name) != value for name, value in claims.items()) or (stands and form.changed_data):
        people.update_profile(user=user, claims=claims, origin=Origin())
    if person.groups is not None:
        provisioning.set_groups(user=user, names=person.groups)
    user.refresh_from_db()
    return person_document(user)


def _check_password(person: WantedPerson, user: User, place: str) -> None:
    """Hold a new password to everybody's rules; the one that the person has is not judged again."""
    if person.password is None or user.check_password(person.password):
        return
    user.email = person.email or user.email
    try:
        validate_password(person.password, user)
    except ValidationError as wrong:
        raise refusal(place, "password:", *wrong.messages) from wrong


def _made(person: WantedPerson) -> User:
    return people.create_person(
        username=person.username,
        email=person.email or "",
        password=person.password,
        verified=bool(person.verified),
        staff=bool(person.staff),
    )


def _changed(user: User, person: WantedPerson) -> User:
    if person.email is not None or person.verified is not None:
        email = User.objects.normalize_email(person.email or user.email)
        provisioning.set_address(user=user, email=email, verified=person.verified)
    if person.staff is not None:
        provisioning.set_staff(user=user, staff=person.staff)
    if person.password is not None and not user.check_password(person.password):
        people.replace_password(user=user, password=person.password, keep=None, is_told=False, origin=Origin())
    return user
