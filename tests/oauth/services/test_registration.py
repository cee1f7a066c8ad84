"""Clients are made and changed by services; what a client may do no longer ends at once, with an audit row each."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from oauth.models import Client, Consent
from oauth.protocol.rfc7591_registration import described
from oauth.services import client_secrets, clients, registration
from oauth.services.digests import secret_is_right
from tests.clients import SECRET, Application
from tests.clients import app as app
from trust.audit.models import AuditEvent
from trust.lib import clock
from trust.revocation.feed import Feed
from trust.revocation.models import Kind, Revocation
from trust.tokens import access_token

pytestmark = pytest.mark.django_db
METADATA = described({"client_name": "The Shop", "redirect_uris": ["https://shop.example/callback"]})


@pytest.fixture
def connected(app: Client, person: User) -> Application:
    """The application of Alice, who is signed in to it."""
    application = Application(app)
    application.sign_in()
    return application


def _opens(application: Application, access_token: str) -> bool:
    headers = {"authorization": f"Bearer {access_token}"}
    return application.browser.get("/oauth/userinfo", headers=headers).status_code == 200


def _actions() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("action", flat=True))


def test_a_client_gets_a_random_id_and_a_secret_of_which_a_digest_is_kept():
    made, secret = registration.register(metadata=METADATA)
    other, _secret = registration.register(metadata=METADATA)
    row = Client.objects.get(pk=made.pk)
    assert len(row.client_id) == 16
    assert row.client_id != other.client_id
    assert secret_is_right(row.client_secret, secret)
    assert secret not in row.client_secret
    assert clients.metadata_of(row) == METADATA
    event = AuditEvent.objects.of_action("client.created").first()
    assert event is not None
    assert event.client_id == other.client_id
    assert event.details["redirect_uris"] == ["https://shop.example/callback"]
    assert "secret" not in str(event.details)


def test_a_public_client_has_no_secret():
    spa = described({"redirect_uris": ["https://spa.example/"], "token_endpoint_auth_method": "none"})
    made, secret = registration.register(metadata=spa, secret=SECRET)
    assert secret == ""
    assert made.client_secret == ""
    with pytest.raises(ValueError, match="no secret"):
        client_secrets.rotate(client_pk=made.pk)


def test_a_change_names_what_changed_and_nothing_is_written_where_nothing_did():
    made, _secret = registration.register(metadata=METADATA)
    assert not registration.change(client_pk=made.pk, metadata=METADATA)
    assert registration.change(client_pk=made.pk, metadata=replace(METADATA, name="Our Shop"))
    event = AuditEvent.objects.of_action("client.changed").get()
    assert event.details == {"name": "Our Shop"}
    assert not Revocation.objects.exists()


def test_a_new_secret_is_good_and_the_old_one_no_longer(connected: Application):
    secret = client_secrets.rotate(client_pk=connected.client.pk)
    assert connected.token(grant_type="client_credentials", scope="read").status_code == 401
    connected.secret = secret
    assert connected.token(grant_type="client_credentials", scope="read").status_code == 200
    assert _actions().count("client.secret_rotated") == 1


def test_the_secret_that_it_has_is_not_set_anew(app: Client):
    assert client_secrets.rotate(client_pk=app.pk, secret=SECRET) == SECRET
    assert "client.secret_rotated" not in _actions()


def test_a_disabled_clients_tokens_and_codes_are_dead_and_it_may_ask_for_nothing(connected: Application):
    tokens, code = connected.tokens(), connected.code()
    assert _opens(connected, tokens["access_token"])
    registration.disable(client_pk=connected.client.pk)
    assert Revocation.objects.get().kind == Kind.CLIENT
    assert not _opens(connected, tokens["access_token"])
    assert connected.refresh(tokens["refresh_token"]).status_code == 401
    assert connected.exchange(code).status_code == 401
    assert connected.authorize().status_code == 400
    assert _actions()[-1] == "client.disabled"


def test_an_enabled_client_refreshes_again_and_its_old_access_tokens_and_codes_stay_dead(connected: Application):
    tokens, code = connected.tokens(), connected.code()
    registration.disable(client_pk=connected.client.pk)
    registration.enable(client_pk=connected.client.pk)
    assert not _opens(connected, tokens["access_token"])
    assert connected.exchange(code).status_code == 400
    assert connected.refresh(tokens["refresh_token"]).status_code == 200
    assert "client.enabled" in _actions()


def test_opaque_tokens_of_a_disabled_client_are_dead_too(connected: Application):
    Client.objects.update(access_token_format="opaque")
    token = connected.tokens()["access_token"]
    assert _opens(connected, token)
    registration.disable(client_pk=connected.client.pk)
    assert not _opens(connected, token)


def test_a_code_for_a_redirect_uri_that_was_taken_away_is_worth_nothing(connected: Application):
    code = connected.code()
    metadata = replace(clients.metadata_of(connected.client), redirect_uris=("https://app.example/other",))
    registration.change(client_pk=connected.client.pk, metadata=metadata)
    assert connected.exchange(code).json()["error"] == "invalid_grant"


def test_who_is_in_none_of_the_groups_that_a_client_gets_loses_access_and_the_others_go_on(connected: Application):
    tokens = connected.tokens()
    metadata = replace(clients.metadata_of(connected.client), groups=("staff",))
    registration.change(client_pk=connected.client.pk, metadata=metadata)
    assert not _opens(connected, tokens["access_token"])
    assert connected.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    Group.objects.get(name="staff").user_set.add(User.objects.get(username="alice"))
    assert connected.refresh(tokens["refresh_token"]).status_code == 200


def test_a_scope_that_a_client_may_not_have_any_more_is_in_no_further_token(connected: Application):
    tokens = connected.tokens(scope="openid profile email")
    metadata = clients.metadata_of(connected.client)
    narrower = replace(metadata, scopes=tuple(name for name in metadata.scopes if name != "email"))
    registration.change(client_pk=connected.client.pk, metadata=narrower)
    assert not _opens(connected, tokens["access_token"])
    answer = connected.refresh(tokens["refresh_token"]).json()
    assert answer["scope"] == "openid profile"
    assert connected.refresh(answer["refresh_token"], scope="email").json()["error"] == "invalid_scope"


def test_what_gives_a_client_more_ends_nothing(connected: Application):
    tokens = connected.tokens()
    metadata = clients.metadata_of(connected.client)
    registration.change(client_pk=connected.client.pk, metadata=replace(metadata, scopes=(*metadata.scopes, "write")))
    assert _opens(connected, tokens["access_token"])


def test_a_deleted_clients_tokens_are_dead_and_its_consents_gone(connected: Application):
    tokens = connected.tokens()
    registration.delete(client_pk=connected.client.pk)
    assert not _opens(connected, tokens["access_token"])
    assert not Consent.objects.exists()
    assert _actions()[-1] == "client.deleted"


def test_an_access_token_is_refused_within_the_bound_by_another_process(connected: Application):
    """The other process knows of the revocation by reading it alone."""
    value = connected.tokens()["access_token"]
    token = access_token.verify(value, now=clock.now(), audience="http://testserver")
    elsewhere = Feed(refresh_after=0)
    assert not elsewhere.is_revoked(token)
    registration.disable(client_pk=connected.client.pk)
    assert elsewhere.is_revoked(token)
