"""The toolkit's permission classes judge our tokens, and its engine is never asked."""

import pytest
from oauth2_provider import oauth2_backends
from oauth2_provider.contrib.rest_framework import (
    IsAuthenticatedOrTokenHasScope,
    TokenHasReadWriteScope,
    TokenHasResourceScope,
    TokenHasScope,
    TokenMatchesOASRequirements,
)

from tests.bearer import BARE, BOTH, INVALID, ask, first_party, forged, of_client, third_party, view_of
from trust.guard.permissions import HasRole

pytestmark = pytest.mark.django_db


def test_token_has_scope_lets_a_token_with_all_scopes_through(person) -> None:
    view = view_of(TokenHasScope, required_scopes=["profile", "email"])

    assert ask(view, third_party(person, "email", "profile")).status_code == 200
    assert ask(view, first_party(person)).status_code == 200
    assert ask(view, of_client("email", "profile")).status_code == 200


@pytest.mark.spec("RFC 6750", "3.1")
@pytest.mark.parametrize("mint", [first_party, lambda person: third_party(person, "email")])
def test_token_has_scope_refuses_with_a_challenge(person, mint) -> None:
    response = ask(view_of(TokenHasScope, required_scopes=["email", "notes"]), mint(person))

    assert response.status_code == 403
    assert response.headers["WWW-Authenticate"].startswith(f'{BARE}, error="insufficient_scope"')
    assert response.headers["WWW-Authenticate"].endswith('scope="email notes"')
    assert response.data["code"] == "insufficient_scope"


def test_token_has_scope_without_a_token_asks_for_one() -> None:
    response = ask(view_of(TokenHasScope, required_scopes=["email"]))

    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, BOTH)


def test_token_has_read_write_scope_asks_for_read_to_read(person) -> None:
    view = view_of(TokenHasReadWriteScope, required_scopes=["notes"])

    assert ask(view, third_party(person, "notes", "read")).status_code == 200
    assert ask(view, third_party(person, "notes", "write")).status_code == 403
    assert ask(view_of(TokenHasReadWriteScope), third_party(person, "read")).status_code == 200


def test_token_has_resource_scope_asks_for_the_resources_scope(person) -> None:
    view = view_of(TokenHasResourceScope, required_scopes=["notes"])

    assert ask(view, third_party(person, "notes:read")).status_code == 200
    assert ask(view, third_party(person, "notes")).status_code == 403


def test_token_matches_oas_requirements_takes_any_of_the_alternatives(person) -> None:
    view = view_of(TokenMatchesOASRequirements, required_alternate_scopes={"GET": [["a", "b"], ["c"]], "POST": [["d"]]})

    assert ask(view, third_party(person, "c")).status_code == 200
    assert ask(view, third_party(person, "a", "b")).status_code == 200
    assert ask(view, third_party(person, "a")).status_code == 403
    assert ask(view, third_party(person, "d")).status_code == 403


def test_is_authenticated_or_token_has_scope_recognises_our_authentication(person) -> None:
    """For the toolkit, who is authenticated by one of its classes must have the scope: ours is one."""
    view = view_of(IsAuthenticatedOrTokenHasScope, required_scopes=["notes"])

    assert ask(view, first_party(person)).status_code == 403
    assert ask(view, third_party(person, "notes")).status_code == 200


def test_the_toolkits_permissions_compose_with_ours(person) -> None:
    view = view_of(TokenHasScope & HasRole("editor"), required_scopes=["email"])

    assert ask(view, first_party(person, roles=("editor",))).status_code == 200
    assert ask(view, third_party(person, "email", roles=("editor",))).status_code == 200
    assert ask(view, third_party(person, "email")).status_code == 403


@pytest.mark.parametrize("value", ["ey.x.y", "eyJhbGciOiJub25lIn0.e30.", "opaque", "ey" * 2000])
def test_the_toolkits_engine_never_sees_a_token(person, value, monkeypatch) -> None:
    def never(*args: object) -> None:
        raise AssertionError("oauthlib was asked")

    monkeypatch.setattr(oauth2_backends.OAuthLibCore, "verify_request", never)
    view = view_of(TokenHasScope, required_scopes=["email"])

    response = ask(view, value)

    assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, INVALID)
    assert ask(view, first_party(person)).status_code == 200


def test_an_id_token_is_no_access_token_whatever_scopes_it_names(person) -> None:
    view = view_of(TokenHasScope, required_scopes=["email"])

    assert ask(view, forged(person, typ="JWT")).status_code == 401
