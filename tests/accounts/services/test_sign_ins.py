"""The sign-in of a program that is known takes one statement of PostgreSQL, and leaves what the long way leaves."""

from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.authentication import by_password
from accounts.errors import SignInOvertaken
from accounts.models import KnownDevice, Session, User
from accounts.models.session_rotation import RefreshedSession
from accounts.services import devices, sign_ins
from accounts.services.devices import Budget
from tests.notices import Deliver, subjects
from tests.people import MakePerson
from trust.audit.models import AuditEvent
from trust.audit.record import personal_digest
from trust.lib import clock
from trust.lib.origin import Origin
from trust.limits import guesses
from trust.limits.conf import SIGN_IN
from trust.limits.models import GuessCounter

pytestmark = pytest.mark.django_db

HOME, AWAY = Origin("203.0.113.7", "notes/1.0"), Origin("2001:db8::7", "notes/1.0")
OF_ITS_OWN = {"id", "auth_time", "created", "last_seen", "expires_at", "session", "at", "salt", "personal_digest"}


def signed_in(user: User, origin: Origin = HOME, marks: tuple[str, ...] = (), **named: Any) -> RefreshedSession:
    proof = by_password(auth_time=clock.now())
    return sign_ins.begin_for_api(user=user, authentication=proof, marks=marks, origin=origin, **named)


def row(model: Any, **named: Any) -> dict[str, Any]:
    found: dict[str, Any] = model._base_manager.filter(**named).order_by("pk").values().last()
    return {name: value for name, value in found.items() if name not in OF_ITS_OWN}


def traces(begun: RefreshedSession) -> tuple[Any, ...]:
    """Return all that a sign-in leaves that does not differ from one to the next."""
    return row(Session, pk=begun.id), row(AuditEvent, session=begun.id), begun[1:2], begun[5:]


def test_a_known_program_leaves_what_a_new_one_left(person: User) -> None:
    person.groups.create(name="editors")
    first, second = signed_in(person), signed_in(person)
    assert first.id != second.id
    assert traces(first) == traces(second)
    assert second.roles == ["editors"]
    assert KnownDevice.objects.count() == 1


def test_what_the_tokens_say_is_what_the_row_says(person: User) -> None:
    signed_in(person)
    begun = signed_in(person)
    session = Session.objects.get(pk=begun.id)
    assert RefreshedSession.begun(session) == begun
    assert session.last_seen == session.auth_time
    assert abs(session.created - clock.now()).total_seconds() < 5


def test_the_note_of_it_can_be_checked(person: User) -> None:
    signed_in(person)
    event = AuditEvent.objects.get(session=signed_in(person).id)
    assert bytes(event.personal_digest) == personal_digest(bytes(event.salt), HOME.client_address, HOME.user_agent, "")
    assert abs(event.at - clock.now()).total_seconds() < 5


def test_the_device_is_seen_again(person: User) -> None:
    signed_in(person)
    KnownDevice.objects.update(last_seen=clock.from_epoch(0))
    signed_in(person)
    assert abs(KnownDevice.objects.get().last_seen - clock.now()).total_seconds() < 5


def test_another_network_is_another_device_and_is_told_of(person: User, deliver_mail: Deliver) -> None:
    signed_in(person)
    for _ in range(2):
        signed_in(person, AWAY)
    assert KnownDevice.objects.count() == 2
    assert subjects(deliver_mail()) == ["A new device signed in"]


@pytest.mark.postgresql
def test_a_known_program_takes_one_statement(person: User) -> None:
    signed_in(person)
    with CaptureQueriesContext(connection) as seen:
        signed_in(person)
    assert len(seen) == 1


def test_a_browser_that_shows_its_marks_is_known_by_them(person: User) -> None:
    signed_in(person)
    KnownDevice.objects.update(digest=devices.digest_of("mark"))
    signed_in(person, AWAY, marks=("mark",))
    assert KnownDevice.objects.count() == 1


@pytest.mark.parametrize("times", [0, 1], ids=["a new program", "a known one"])
def test_the_guesses_are_forgotten_and_no_others(person: User, make_person: MakePerson, times: int) -> None:
    for _ in range(times):
        signed_in(person)
    for target in (str(person.pk), "somebody else"):
        guesses.take(SIGN_IN, target)
    signed_in(person, budget=Budget(str(person.pk)))
    assert [counter.key for counter in GuessCounter.objects.all()] == [guesses.key_of(SIGN_IN, "somebody else")]


def replace_password(user: User) -> None:
    User.objects.filter(pk=user.pk).update(password="another hash")


def shut_out(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def add_factor(user: User) -> None:
    TOTP.activate(user, pyotp.random_base32())


@pytest.mark.parametrize("happens", [replace_password, shut_out, add_factor])
@pytest.mark.parametrize("times", [0, 1], ids=["a new program", "a known one"])
def test_whose_password_is_not_enough_meanwhile_begins_nothing(
    person: User, happens: Callable[[User], None], times: int
) -> None:
    for _ in range(times):
        signed_in(person)
    happens(person)
    with pytest.raises(SignInOvertaken):
        signed_in(person)
    assert Session.objects.count() == AuditEvent.objects.of_action("session.started").count() == times


def test_somebody_elses_program_is_not_known(person: User, make_person: MakePerson) -> None:
    signed_in(person)
    bob = make_person("bob")
    begun = signed_in(bob)
    assert begun.user_id == bob.pk
    assert KnownDevice.objects.of_user(bob.pk).count() == 1
