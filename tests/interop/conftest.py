"""A live server that speaks TLS and issues tokens in its own name, as in production, and Alice before it."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import User
from tests.interop.person import Person
from tests.live_site import LiveSite, job_worker, live_site
from tests.loopback import Authority
from tests.people import MakePerson
from tests.signing_keys import put_back
from trust.keys.models import SigningKey


@pytest.fixture(scope="module")
def site(
    django_db_setup: list[SigningKey], django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    """One server for the tests of a module."""
    with django_db_blocker.unblock():
        put_back(django_db_setup)
    authority = Authority(tmp_path_factory.mktemp("authority"))
    with pytest.MonkeyPatch.context() as environment:
        # How one tells requests and Node whom to trust, without a word in the program.
        environment.setenv("REQUESTS_CA_BUNDLE", str(authority.path))
        environment.setenv("NODE_EXTRA_CA_CERTS", str(authority.path))
        with live_site(own_issuer=True, authority=authority, **outbound(authority)) as running:
            yield running


def outbound(authority: Authority) -> dict[str, str]:
    """Return the environment in which our processes reach the applications of these tests, and trust their names."""
    return {"OUTBOUND_ALLOW_PRIVATE": "1", "SSL_CERT_FILE": str(authority.path)}


@pytest.fixture
def worker(site: LiveSite, db: None) -> Iterator[None]:
    """The worker of the job queue beside the server: it tells clients of logouts."""
    assert site.authority
    with job_worker(site, **outbound(site.authority)):
        yield


@pytest.fixture
def leave(db: None) -> str:
    """Leave to register one client, as an administrator gives it."""
    printed = StringIO()
    call_command("create_initial_access_token", stdout=printed)
    return json.loads(printed.getvalue())["initial_access_token"]


@pytest.fixture
def alice(make_person: MakePerson) -> User:
    """Alice Liddell, who has told something of herself."""
    person = make_person("alice")
    person.given_name, person.family_name = "Alice", "Liddell"
    person.save()
    return person


@pytest.fixture
def browser_of_alice(site: LiveSite, alice: User) -> Person:
    """Alice's browser, not yet signed in."""
    return Person(site)
