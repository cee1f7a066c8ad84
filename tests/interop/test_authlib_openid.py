"""PyPI Authlib against what a provider offers beyond the basics: keys for secrets, answers by form, claims by name."""

import json
from typing import Any

import pytest
from authlib.integrations.django_client import OAuth
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from django.test import RequestFactory

from accounts.models import User
from oauth.models import PairwiseSubject
from tests.clients import CALLBACK, SECRET, make_client
from tests.interop.client_keys import ClientKey
from tests.interop.person import Person
from tests.live_site import LiveSite

pytestmark = pytest.mark.django_db(transaction=True)

BYE = "https://app.example/bye"
GIVEN_NAME = json.dumps({"userinfo": {"given_name": {"essential": True}}, "id_token": {"email": None}})


def test_the_django_integration_takes_its_answer_from_a_form_and_signs_out(
    site: LiveSite, alice: User, browser_of_alice: Person
) -> None:
    make_client("web", post_logout_redirect_uris=BYE, subject_type="pairwise")
    provider = _provider(site, client_secret=SECRET)
    session: dict[str, Any] = {}
    token = _signed_in(provider, browser_of_alice, session, response_mode="form_post", claims=GIVEN_NAME)
    assert token["userinfo"]["sub"] == str(PairwiseSubject.objects.get(user=alice, sector="app.example").subject)
    assert token["userinfo"]["email"] == "alice@example.com"
    userinfo = provider.userinfo(token=token)
    assert (userinfo["sub"], userinfo["given_name"]) == (token["userinfo"]["sub"], "Alice")

    going = _request(session)
    gone_to = browser_of_alice.visit(provider.logout_redirect(going, BYE, token["id_token"])["Location"])
    back = RequestFactory().get(gone_to)
    back.session = session
    assert provider.validate_logout_response(back) == {"post_logout_redirect_uri": BYE}


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # the name, by RFC 9864
@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
def test_a_client_with_a_key_goes_the_whole_way(
    site: LiveSite, alice: User, browser_of_alice: Person, algorithm: str
) -> None:
    own = ClientKey(algorithm)
    make_client("web", introspects="own", **own.registered())
    by_key = PrivateKeyJWT(f"{site.url}/oauth/token", headers={"kid": own.kid}, alg=algorithm)
    provider = _provider(site, client_secret=own.key, client_auth_methods=[by_key])
    token = _signed_in(provider, browser_of_alice, {})
    assert token["userinfo"]["sub"] == str(alice.pk)

    metadata = provider.load_server_metadata()
    methods = dict.fromkeys(("token_endpoint_auth_method", "revocation_endpoint_auth_method"), "private_key_jwt")
    with OAuth2Session("web", own.key, token=token, **methods) as session:
        session.register_client_auth_method(by_key)
        refreshed = session.refresh_token(metadata["token_endpoint"])
        known = session.introspect_token(metadata["introspection_endpoint"], token=refreshed["access_token"]).json()
        assert (known["active"], known["username"]) == (True, "alice")
        revoked = session.revoke_token(metadata["revocation_endpoint"], token=refreshed["refresh_token"])
        assert revoked.status_code == 200
        of_itself = session.fetch_token(metadata["token_endpoint"], grant_type="client_credentials", scope="read")
        assert (of_itself["scope"], "refresh_token" in of_itself) == ("read", False)


def _provider(site: LiveSite, **named: Any) -> Any:
    options = {"scope": "openid profile", "code_challenge_method": "S256"}
    if "client_auth_methods" in named:
        options["token_endpoint_auth_method"] = "private_key_jwt"
    metadata_url = f"{site.url}/.well-known/openid-configuration"
    return OAuth().register("us", client_id="web", server_metadata_url=metadata_url, client_kwargs=options, **named)


def _signed_in(provider: Any, person: Person, session: dict[str, Any], **asked: str) -> dict[str, Any]:
    """Send a person to us; return what came of their answer, in whichever way it came."""
    led_to = person.visit(provider.authorize_redirect(_request(session), CALLBACK, **asked)["Location"])
    back = RequestFactory().post(led_to, person.form) if person.form else RequestFactory().get(led_to)
    assert bool(person.form) == (asked.get("response_mode") == "form_post")
    back.session = session
    return provider.authorize_access_token(back)


def _request(session: dict[str, Any]) -> Any:
    request = RequestFactory().get("/")
    request.session = session
    return request
