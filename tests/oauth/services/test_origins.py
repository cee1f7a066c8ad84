"""Which origins may call: those of active clients, remembered for a moment, and forgotten with a change."""

from dataclasses import replace

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from oauth.services import clients, origins, registration
from tests.clients import make_client

ORIGIN, OTHER = "https://app.example", "https://other.example"
pytestmark = pytest.mark.django_db


@pytest.fixture
def remembering() -> None:
    """Let origins be remembered for an hour."""
    origins.memory.fresh_for = 3600.0


def test_one_that_is_registered_is_looked_up_once(
    remembering: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_client(redirect_uris=f"{ORIGIN}/callback")
    with django_assert_num_queries(1):
        assert [origins.is_registered(ORIGIN) for _ in range(3)] == [True] * 3


def test_one_that_is_not_is_looked_for_each_time(
    remembering: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        assert [origins.is_registered(ORIGIN) for _ in range(2)] == [False] * 2
    make_client(redirect_uris=f"{ORIGIN}/callback")
    assert origins.is_registered(ORIGIN)


def test_a_change_is_obeyed_at_once_by_the_process_that_made_it(
    remembering: None, django_capture_on_commit_callbacks: object
) -> None:
    row = make_client(redirect_uris=f"{ORIGIN}/callback")
    assert origins.is_registered(ORIGIN)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        moved = replace(clients.metadata_of(row), redirect_uris=(f"{OTHER}/callback",))
        registration.change(client_pk=row.pk, metadata=moved)
    assert not origins.is_registered(ORIGIN)
    assert origins.is_registered(OTHER)


@pytest.mark.parametrize(
    "origin",
    ["", "null", "app.example", "ftp://app.example", "https://", f"{ORIGIN}/", f"{ORIGIN}:444", "https://app.exampl"],
)
def test_what_is_not_that_origin_exactly_is_none(origin: str) -> None:
    make_client(redirect_uris=f"{ORIGIN}/callback")
    assert not origins.is_registered(origin)


def test_what_could_be_no_origin_is_not_looked_for(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        for origin in ("https://" + "a" * 300, "https://ä.example", "javascript://app.example"):
            assert not origins.is_registered(origin)
