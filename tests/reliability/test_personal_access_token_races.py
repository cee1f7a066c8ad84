"""Personal access tokens that are made while everything of their person ends, or the last place is taken."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from accounts.models import User
from accounts.services import people
from oauth.models import PersonalAccessToken
from oauth.services import personal_access_tokens
from oauth.services.personal_access_tokens import SessionOver, TooManyTokens
from tests.at_once import at_once
from tests.oauth.grants import session_of
from tests.personal_tokens import MONTH
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db(transaction=True)

HOME = Origin("198.51.100.1", "Firefox")
_BLOCKED_SECONDS = 0.5


@pytest.fixture
def make(person: User) -> Callable[[], bool]:
    """Make a token in a session of Alice's, if that can still be."""
    session_id = session_of(person).pk

    def made() -> bool:
        try:
            personal_access_tokens.make(
                user=person, session_id=session_id, name="x", scope=["profile"], lifetime=MONTH, origin=HOME
            )
        except (SessionOver, TooManyTokens):
            return False
        return True

    return made


def test_of_many_at_once_no_more_are_made_than_one_may_have(
    make: Callable[[], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(personal_access_tokens, "MOST_PERSONAL_TOKENS", 2)
    assert sum(at_once(6, make)) == PersonalAccessToken.objects.count() == 2


@pytest.mark.parametrize("how", ["sign out", "password", "deactivate"])
def test_one_that_is_just_being_made_ends_with_all_the_others(person: User, make: Callable[[], bool], how: str) -> None:
    written, ended = threading.Event(), threading.Event()

    def make_slowly() -> bool:
        try:
            with transaction.atomic():
                was_made = make()
                written.set()
                ended.wait(_BLOCKED_SECONDS)  # which it does only if nobody waits for this transaction
            return was_made
        finally:
            connections.close_all()

    def end_everything() -> None:
        try:
            written.wait(30)
            match how:
                case "sign out":
                    people.sign_out(user=person, reason="ended_by_person", origin=HOME)
                case "password":
                    people.replace_password(user=person, password="another of these passwords", keep=None, origin=HOME)
                case "deactivate":
                    people.deactivate(user=person, actor=None)
            ended.set()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        making, ending = pool.submit(make_slowly), pool.submit(end_everything)
        ending.result(timeout=60)
        assert making.result(timeout=60)
    assert not PersonalAccessToken.objects.exists()
    assert not make()
