"""What every test gets: signing keys, a process that knows nothing of the last test, and Alice."""

import os
from collections.abc import Callable, Generator
from datetime import timedelta
from functools import cache as cache_of_the_process
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import connection

from accounts.models import StaffGroup, User
from accounts.services import people
from authproject import settings as settings_of_the_site
from oauth.services import clients, origins, scopes
from tests.emptied import empty_quickly
from tests.longest_first import longest_first
from tests.mail_queue import deliver_mail as run_mail_queue
from tests.needs import look_after, refuse_skips
from tests.people import PASSWORD, MakePerson
from tests.second_factor import recovery_codes, totp
from tests.signing_keys import put_back
from trust.dpop import check as dpop
from trust.explain.recorder import recorder
from trust.keys.models import SigningKey
from trust.keys.ring import ring
from trust.keys.rotation import ensure_keys
from trust.lib import clock
from trust.limits import failures
from trust.revocation.feed import feed
from trust.tokens import access_token

__all__ = ["recovery_codes", "totp"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    look_after(config, items)
    longest_first(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return refuse_skips((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return refuse_skips((yield))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> list[SigningKey]:
    """The database with its signing keys, made once, since an RSA key costs more than most tests.

    They have signed since yesterday, so that a test can have tokens that are old.
    """
    with django_db_blocker.unblock():
        empty_quickly(connection)
        Group.objects.all().delete()  # tests begin with none
        StaffGroup.objects.all().delete()
        ensure_keys(now=clock.now() - timedelta(days=1))
        return list(SigningKey.objects.all())


@pytest.fixture(scope="session", autouse=True)
def static_files_when_asked_for() -> None:
    """Look for a static file when it is asked for: each test's client is a server that begins, and would list all."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def fresh_process(request: pytest.FixtureRequest) -> None:
    """Let the process forget what it keeps in memory, and read revocations at every question."""
    ring.forget()
    access_token.forget()
    feed.forget()
    feed.refresh_after = 0
    cache.clear()
    failures.forget()
    dpop.forget()
    recorder.forget()
    scopes.memory.forget()
    for memory in (clients.memory, origins.memory):
        memory.forget()
        memory.fresh_for = 0
    fixtures = {"db", "transactional_db", "live_server"}
    if request.node.get_closest_marker("django_db") or fixtures.intersection(request.fixturenames):
        request.getfixturevalue("db")
        if connection.vendor == "postgresql" and connection.in_atomic_block:
            # The transaction is the test's, around many requests: no request's bound holds for it.
            connection.cursor().execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        put_back(request.getfixturevalue("django_db_setup"))


@pytest.fixture(autouse=True)
def hasher_of_the_site(request: pytest.FixtureRequest) -> None:
    """Let what measures hash as the site does, and so the servers that it starts."""
    if request.node.get_closest_marker("slow"):
        request.getfixturevalue("settings").PASSWORD_HASHERS = settings_of_the_site.PASSWORD_HASHERS
        request.getfixturevalue("monkeypatch").setenv("DJANGO_SETTINGS_MODULE", settings_of_the_site.__name__)


@pytest.fixture
def make_person(db: None) -> MakePerson:
    """Make people as the house does; they are active, verified and have PASSWORD unless told otherwise."""

    def make(username: str = "alice", password: str | None = PASSWORD, **named: Any) -> User:
        defaults = {"email": f"{username}@example.com", "verified": True}
        if password != PASSWORD:
            return people.create_person(username=username, password=password, **(defaults | named))
        person = people.create_person(username=username, password=None, **(defaults | named))
        person.password, person.has_long_password = _hash_of_the_password(settings.PASSWORD_HASHERS[0]), True
        person.save(update_fields=["password", "has_long_password"])
        return person

    return make


@cache_of_the_process
def _hash_of_the_password(hasher: str) -> str:
    """Hash PASSWORD once by each hasher: thousands of tests have a person."""
    return make_password(PASSWORD)


def pytest_xdist_auto_num_workers() -> int:
    """Run one more process than there are cores: many tests wait for a browser or for a server of theirs."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture
def person(make_person: MakePerson) -> User:
    """Alice, who has just signed up and verified her address."""
    return make_person()


@pytest.fixture(autouse=True)
def queued_mail(settings: Any) -> None:
    """Put the house's own backend back, which Django's test runner replaces."""
    settings.EMAIL_BACKEND = "trust.mail.backend.QueuedEmailBackend"


@pytest.fixture
def deliver_mail(db: None) -> Callable[..., list[EmailMessage]]:
    """Run the mail queue as the worker does, `later` by a timedelta if wanted; returns the messages sent."""
    return run_mail_queue
