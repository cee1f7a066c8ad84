"""What a request to a machine endpoint costs: SQL statements, in a process that has warmed up. None may cost more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.clients import SECRET, Application, basic, make_client, post_form
from tests.relying_party import userinfo
from trust.revocation.conf import REFRESH_AFTER_SECONDS
from trust.revocation.feed import feed

pytestmark = pytest.mark.django_db

API = basic("api", SECRET)


@pytest.fixture(params=["jwt", "opaque"])
def application(request, person):
    """An application in a process that has keys and revocations in memory."""
    made = Application(make_client(access_token_format=request.param))
    made.sign_in()
    make_client("api", introspects="all", grant_types="client_credentials", redirect_uris="")
    userinfo(made.tokens(scope="openid profile email roles")["access_token"])
    feed.refresh_after = REFRESH_AFTER_SECONDS * 60
    return made


@pytest.fixture
def opaque(application):
    """1 where a token is a row, which costs one statement to write and one to read."""
    return int(application.client.access_token_format == "opaque")


def cost(ask):
    """Count the statements of one request, without those that begin and end transactions."""
    with CaptureQueriesContext(connection) as seen:
        answer = ask()
    assert answer.status_code == 200, answer.content
    of_transactions = {"BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK"}
    return sum(query["sql"].split()[0] not in of_transactions for query in seen)


def test_client_credentials_look_the_client_up_and_write_nothing(application, opaque):
    assert cost(lambda: application.token(grant_type="client_credentials", scope="read")) <= 1 + opaque


def test_a_code_exchange(application, opaque):
    """The client, the code, its redemption, what it grants, the audit row, the refresh token."""
    code = application.code()
    assert cost(lambda: application.exchange(code)) <= 6 + opaque


def test_a_code_exchange_of_a_client_that_hears_of_logouts(application, opaque):
    """The session, held; the note that the client knows of it."""
    application.client.backchannel_logout_uri = "https://app.example/logout"
    application.client.save()
    code = application.code()
    assert cost(lambda: application.exchange(code)) <= 6 + 2 + opaque


def test_a_refresh(application, opaque):
    """The client, the scope, the rotation, the grant."""
    value = application.tokens()["refresh_token"]
    assert cost(lambda: application.refresh(value)) <= 4 + opaque


def test_an_introspection(application, opaque):
    """The client, the person."""
    token = application.tokens()["access_token"]
    assert cost(lambda: post_form("/oauth/introspect", {"token": token}, authorization=API)) <= 2 + opaque


@pytest.mark.parametrize(("scope", "more"), [("openid profile", 0), ("openid email", 1), ("openid email roles", 2)])
def test_userinfo_looks_up_what_the_scopes_ask_for(application, opaque, scope, more):
    """The client, which may have claims of its own; the person; whether the address is verified; the roles.

    A stored token has looked the roles up itself.
    """
    token = application.tokens(scope=scope)["access_token"]
    roles_of_a_row = opaque * ("roles" in scope)
    assert cost(lambda: userinfo(token)) <= 2 + more + opaque + roles_of_a_row


@pytest.mark.parametrize(
    "path", ["/oauth/jwks", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"]
)
def test_public_documents_cost_nothing(application, client, path):
    assert cost(lambda: client.get(path)) == 0
