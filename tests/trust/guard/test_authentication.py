"""Who a request speaks for, and what its credentials may look like."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import override_settings
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from accounts.models import User
from tests.bearer import BARE, BOTH, CLIENT_ID, INVALID, ask, first_party, of_client, third_party, view_of
from trust.guard.context import AccessContext
from trust.guard.permissions import HasScope
from trust.keys.ring import ring
from trust.revocation.feed import feed

pytestmark = pytest.mark.django_db


def ask_with(authorization: str, *permissions) -> Response:
    request = APIRequestFactory().get("/", headers={"Authorization": authorization})
    return view_of(*permissions or (IsAuthenticated,)).as_view()(request)


def test_a_person_becomes_the_user_and_the_token_the_auth(person) -> None:
    seen = {}

    def get(self, request) -> Response:
        seen.update(user=request.user, auth=request.auth)
        return Response({})

    ask(view_of(HasScope("email"), get=get), third_party(person, "email", "profile", session_id="s", grant="g"))

    assert seen["user"] == seen["auth"].person == person
    assert isinstance(seen["auth"], AccessContext)
    assert (seen["auth"].scope, seen["auth"].session_id, seen["auth"].token.grant) == ("email profile", "s", "g")
    assert (seen["auth"].cnf, seen["auth"].proof) == (None, None)


def test_costs_one_query_for_the_person(person, django_assert_num_queries) -> None:
    token = first_party(person)
    ask(view_of(IsAuthenticated), token)  # reads the key ring and the feed
    feed.refresh_after = 60

    with django_assert_num_queries(1):
        assert ask(view_of(IsAuthenticated), token).status_code == 200


@pytest.mark.spec("RFC 9068", "5")
def test_a_client_that_acts_as_itself_is_never_a_person(person) -> None:
    """Not even a client whose id is that of a person."""
    response = ask(view_of(HasScope("notes")), third_party(person, "notes", client_id=str(person.pk)))

    assert response.status_code == 200
    assert response.data["user"] == str(person.pk) != str(person)


def test_a_client_passes_is_authenticated_only_where_the_view_names_a_scope() -> None:
    response = ask(view_of(IsAuthenticated, HasScope("notes")), of_client("notes"))

    assert (response.status_code, response.data["user"]) == (200, CLIENT_ID)
    assert ask(view_of(IsAuthenticated), of_client("notes")).status_code == 403


@pytest.mark.spec("RFC 9110", "11.1")
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer  "])
def test_the_scheme_has_no_case(person, scheme) -> None:
    assert ask_with(f"{scheme} {first_party(person)}").status_code == 200


@pytest.mark.parametrize("authorization", ["", "Basic YTpi", "Bearertoken", "DPoP", "DPoPabc", "Bearer,Bearer a"])
def test_credentials_of_another_scheme_are_none_of_ours(authorization) -> None:
    response = ask_with(authorization)

    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, BOTH)
    assert ask_with(authorization, AllowAny).status_code == 200


@pytest.mark.spec("RFC 6750", "3.1")
@pytest.mark.parametrize(
    "credentials",
    [
        "", " ", "a", "a b", "a,Bearer b", "a, b", "a.b.c", "=", "==", "a\0b", "a\tb", "é", "\xff" * 10, "🗝", "null", "..",
        "ey.ey.ey", "A" * 100_000, "eyJ" + "9" * 100_000, "." * 100_000, "W10.W10.W10", "e30.e30.", "MTA.e30.AA",
    ],
)  # fmt: skip
def test_what_is_no_token_is_invalid_and_never_an_error_of_ours(credentials) -> None:
    request = APIRequestFactory().get("/")
    request.META["HTTP_AUTHORIZATION"] = f"Bearer {credentials}"

    response = view_of(AllowAny).as_view()(request)

    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, INVALID)
    assert response.data["code"] == "invalid_token"


def test_two_tokens_in_one_header_are_refused(person) -> None:
    token = first_party(person)

    assert ask_with(f"Bearer {token},Bearer {token}").status_code == 401
    assert ask_with(f"Bearer {token} {token}").status_code == 401


def test_an_expired_token_is_told_apart_for_the_person(person) -> None:
    response = ask(view_of(IsAuthenticated), first_party(person, lifetime=timedelta(seconds=-1)))

    assert response.status_code == 401
    assert response.data["code"] == response.data["error"] == "token_expired"
    assert response.data["detail"] == response.data["message"] == "The token has expired."
    assert response.headers["WWW-Authenticate"] == (
        f'{BARE}, error="invalid_token", error_description="The access token expired"'
    )


@pytest.mark.parametrize("subject", ["nobody", "", "0", "a\0b", "00000000-0000-0000-0000-000000000000"])
def test_a_sub_that_no_person_has_is_refused(subject) -> None:
    response = ask(view_of(AllowAny), first_party(User(pk=subject)))

    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, INVALID)


def test_an_unreadable_feed_is_answered_503_and_never_a_pass(person) -> None:
    token = first_party(person)
    ring.jwks()  # the keys are read while the database answers

    def down(*args):
        raise OperationalError("down")

    with connection.execute_wrapper(down):
        response = ask(view_of(AllowAny), token)

    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
    assert response.data["code"] == "temporarily_unavailable"


@override_settings(ISSUER="http://elsewhere.example")
def test_the_audience_is_the_issuer_of_the_settings(person) -> None:
    token = first_party(person, audience="http://testserver")

    assert ask(view_of(IsAuthenticated), token).status_code == 401


def test_a_view_may_look_at_the_user_when_it_says_what_it_permits(person) -> None:
    def get_permissions(self):
        return [HasScope("notes") if self.request.user.is_authenticated else HasScope("never")]

    view = view_of(get_permissions=get_permissions)

    assert ask(view, third_party(person, "notes")).status_code == 200
    assert ask(view, third_party(person, "never")).status_code == 403


def test_a_view_may_load_the_person_with_more_than_their_row(person, django_assert_num_queries) -> None:
    def load_person_of_token(person_id: str) -> User:
        found = User.objects.active().by_subject(person_id).get()
        found.nickname = "loaded by the view"
        return found

    def get(self, request) -> Response:
        return Response({"nickname": request.user.nickname})

    view = view_of(IsAuthenticated, get=get, load_person_of_token=staticmethod(load_person_of_token))
    token = first_party(person)
    ask(view, token)
    feed.refresh_after = 60
    with django_assert_num_queries(1):
        assert ask(view, token).data == {"nickname": "loaded by the view"}


def test_a_view_that_loads_anybody_still_lets_nobody_in_who_is_disabled(person) -> None:
    token = first_party(person)
    User.objects.by_id(person.pk).update(is_active=False)
    view = view_of(IsAuthenticated, load_person_of_token=lambda self, person_id: User.objects.get(pk=person_id))
    assert ask(view, token).status_code == 401


@pytest.mark.parametrize("loaded", [None, ValueError("no id")])
def test_who_the_view_does_not_find_is_refused(person, loaded) -> None:
    def load_person_of_token(person_id: str) -> None:
        if loaded is not None:
            raise loaded

    response = ask(
        view_of(IsAuthenticated, load_person_of_token=staticmethod(load_person_of_token)), first_party(person)
    )
    assert (response.status_code, response["WWW-Authenticate"]) == (401, INVALID)
