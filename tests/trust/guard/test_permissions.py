"""Each permission lets through what it should, and says in the challenge what is missing."""

from datetime import timedelta

import pytest

from tests.bearer import BARE, BOTH, ask, first_party, of_client, third_party, view_of
from trust.guard.permissions import HasAcr, HasRole, HasScope, IsFirstParty, IsPerson, RecentAuth
from trust.lib import clock

pytestmark = pytest.mark.django_db


def insufficient(description: str, scope: str = "") -> str:
    named = f', scope="{scope}"' if scope else ""
    return f'{BARE}, error="insufficient_scope", error_description="{description}"{named}'


def step_up(description: str, parameter: str) -> str:
    return f'{BARE}, error="insufficient_user_authentication", error_description="{description}", {parameter}'


@pytest.mark.parametrize(
    "permission", [HasScope("a"), HasRole("a"), IsFirstParty, IsPerson, RecentAuth(max_age=1), HasAcr("aal1")]
)
def test_a_request_without_a_token_is_told_both_schemes(permission) -> None:
    response = ask(view_of(permission))

    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, BOTH)
    assert response.data["code"] == "not_authenticated"


def test_has_scope_lets_a_token_with_the_scope_through(person) -> None:
    assert ask(view_of(HasScope("profile")), third_party(person, "openid", "profile")).status_code == 200


@pytest.mark.spec("RFC 6750", "3.1")
def test_has_scope_names_the_scope_that_is_missing(person) -> None:
    response = ask(view_of(HasScope("notes")), first_party(person))

    assert response.status_code == 403
    assert response.headers["WWW-Authenticate"] == insufficient("The access token lacks a scope", "notes")
    assert response.data["code"] == response.data["error"] == "insufficient_scope"


def test_has_scope_demands_all_of_several(person) -> None:
    view = view_of(HasScope("openid", "notes"))

    response = ask(view, first_party(person))

    assert response.headers["WWW-Authenticate"] == insufficient("The access token lacks a scope", "openid notes")
    assert ask(view, first_party(person, scope=("notes", "openid"))).status_code == 200


def test_a_scope_is_not_found_in_a_part_of_another(person) -> None:
    assert ask(view_of(HasScope("note")), first_party(person, scope=("notes", "a-note"))).status_code == 403


@pytest.mark.spec("RFC 6749", "3.3")
@pytest.mark.parametrize("scope", ["", "two words", 'quo"te', "back\\slash", "한글", "new\nline"])
def test_has_scope_refuses_what_cannot_be_a_scope(scope) -> None:
    with pytest.raises(ValueError, match="not a scope"):
        HasScope(scope)


def test_has_role_lets_a_person_with_the_role_through(person) -> None:
    assert ask(view_of(HasRole("editor")), first_party(person, roles=("author", "editor"))).status_code == 200


def test_has_role_refuses_a_person_without_it(person) -> None:
    response = ask(view_of(HasRole("editor")), first_party(person, roles=("editors",)))

    assert response.status_code == 403
    assert response.headers["WWW-Authenticate"] == insufficient("A role is missing")


def test_has_role_tells_a_third_party_the_scope_that_shows_roles(person) -> None:
    view = view_of(HasScope("notes"), HasRole("editor"))

    response = ask(view, third_party(person, "notes"))

    assert response.headers["WWW-Authenticate"] == insufficient("A role is missing", "roles")
    assert ask(view, third_party(person, "notes", "roles", roles=("editor",))).status_code == 200


def test_has_role_lets_a_client_that_acts_as_itself_through_by_a_role_of_its_own() -> None:
    view = view_of(HasScope("notes"), HasRole("editor"))
    assert ask(view, of_client("notes", "roles", roles=("editor",))).status_code == 200
    assert ask(view, of_client("notes", "roles", roles=("author",))).status_code == 403
    assert ask(view, of_client("roles", roles=("editor",))).status_code == 403


def test_is_first_party_lets_our_own_tokens_through_and_no_others(person) -> None:
    view = view_of(IsFirstParty, required_scopes=["notes"])

    response = ask(view, third_party(person, "notes"))

    assert ask(view, first_party(person)).status_code == 200
    assert response.status_code == 403
    assert response.headers["WWW-Authenticate"] == insufficient("The view is not open to this client")


def test_recent_auth_lets_a_person_through_who_signed_in_just_now(person) -> None:
    token = first_party(person, auth_time=clock.now() - timedelta(seconds=290))

    assert ask(view_of(RecentAuth(max_age=300)), token).status_code == 200


@pytest.mark.spec("RFC 9470", "3")
def test_recent_auth_asks_for_a_newer_authentication(person) -> None:
    response = ask(
        view_of(RecentAuth(max_age=300)), first_party(person, auth_time=clock.now() - timedelta(seconds=302))
    )

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == step_up("More recent authentication is required", 'max_age="300"')
    assert response.data["code"] == "insufficient_user_authentication"


def test_recent_auth_takes_a_token_without_auth_time_for_an_old_one(person) -> None:
    assert ask(view_of(RecentAuth(max_age=300)), first_party(person, auth_time=None)).status_code == 401


@pytest.mark.parametrize(
    ("demanded", "had", "status"),
    [
        ("aal1", "aal1", 200), ("aal1", "aal2", 200), ("aal1", "phr", 200), ("aal1", None, 401),
        ("aal2", "aal1", 401), ("aal2", "aal2", 200), ("aal2", "phr", 200), ("aal2", "zzz", 401),
        ("phr", "aal1", 401), ("phr", "aal2", 401), ("phr", "phr", 200),
    ],
)  # fmt: skip
def test_has_acr_takes_a_stronger_level_for_a_weaker_one(person, demanded, had, status) -> None:
    assert ask(view_of(HasAcr(demanded)), first_party(person, acr=had)).status_code == status


@pytest.mark.spec("RFC 9470", "3")
def test_has_acr_names_the_level_that_is_missing(person) -> None:
    response = ask(view_of(HasAcr("aal2")), first_party(person))

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == step_up("A stronger authentication is required", 'acr_values="aal2"')


def test_has_acr_refuses_a_level_that_is_not_known() -> None:
    with pytest.raises(ValueError):
        HasAcr("aal9")


def test_is_person_lets_people_through(person) -> None:
    assert ask(view_of(IsPerson), first_party(person)).status_code == 200
    assert ask(view_of(HasScope("notes"), IsPerson), third_party(person, "notes")).status_code == 200


@pytest.mark.parametrize("permission", [IsPerson, RecentAuth(max_age=300), HasAcr("aal2")])
def test_a_client_that_acts_as_itself_is_not_sent_to_sign_in(permission) -> None:
    response = ask(view_of(HasScope("notes"), permission), of_client("notes", auth_time=None))

    assert response.status_code == 403
    assert response.headers["WWW-Authenticate"] == insufficient("A person is required")
