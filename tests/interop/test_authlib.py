"""PyPI Authlib: its session and its Django integration as clients, its JWT validators on what we sign."""

from typing import Any

import pytest
import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.django_client import OAuth
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator
from authlib.oidc.core import CodeIDToken
from django.test import RequestFactory
from joserfc import jwt
from joserfc.jwk import KeySet

from accounts.models import User
from oauth.models import Client
from tests.clients import CALLBACK, SECRET, make_client
from tests.interop.person import Person
from tests.live_site import LiveSite

pytestmark = pytest.mark.django_db(transaction=True)

ALGORITHMS = ("RS256", "ES256", "EdDSA")


@pytest.fixture
def web(db: None) -> Client:
    return make_client("web", introspects="own")


@pytest.fixture
def metadata(site: LiveSite) -> dict[str, Any]:
    return _json(site, "/.well-known/openid-configuration")


def test_the_session_goes_the_whole_way(
    site: LiveSite, web: Client, alice: User, browser_of_alice: Person, metadata: dict[str, Any]
) -> None:
    with _session(site) as session:
        url, state = session.create_authorization_url(
            metadata["authorization_endpoint"], code_verifier="v" * 43, nonce="n", login_hint="alice"
        )
        led_to = browser_of_alice.visit(url)
        token = session.fetch_token(
            metadata["token_endpoint"], authorization_response=led_to, state=state, code_verifier="v" * 43
        )
        claims = _id_token_claims(site, metadata, token, nonce="n")
        assert claims["sub"] == str(alice.pk)
        assert session.get(metadata["userinfo_endpoint"]).json()["email"] == "alice@example.com"

        refreshed = session.refresh_token(metadata["token_endpoint"])
        assert refreshed["access_token"] != token["access_token"]
        assert _id_token_claims(site, metadata, refreshed)["auth_time"] == claims["auth_time"]

        known = session.introspect_token(metadata["introspection_endpoint"], token=refreshed["access_token"]).json()
        assert (known["active"], known["username"]) == (True, "alice")
        assert (
            session.revoke_token(metadata["revocation_endpoint"], token=refreshed["refresh_token"]).status_code == 200
        )
        known = session.introspect_token(metadata["introspection_endpoint"], token=refreshed["access_token"]).json()
        assert known == {"active": False}
        with pytest.raises(OAuthError, match="invalid_grant"):
            session.refresh_token(metadata["token_endpoint"])
    assert browser_of_alice.pages == ["/accounts/login/", "/oauth/authorize"]


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # the name, by RFC 9864; discovery still knows no other
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_django_integration_signs_in_and_reads_the_id_token(
    site: LiveSite, web: Client, alice: User, browser_of_alice: Person, metadata: dict[str, Any], algorithm: str
) -> None:
    web.algorithm = algorithm
    web.save()
    provider = _registered(site)
    going = _request("/login")
    led_to = browser_of_alice.visit(provider.authorize_redirect(going, CALLBACK, max_age=3600)["Location"])
    back = _request(led_to)
    back.session = going.session
    token = provider.authorize_access_token(back)
    assert token["userinfo"]["sub"] == str(alice.pk)
    assert provider.userinfo(token=token)["given_name"] == "Alice"
    header = jwt.decode(token["id_token"], _keys(site, metadata), algorithms=list(ALGORITHMS)).header
    assert header["alg"] == algorithm


def test_a_client_acts_as_itself_and_its_token_is_an_rfc_9068_token(
    site: LiveSite, web: Client, metadata: dict[str, Any]
) -> None:
    with _session(site, scope="read") as session:
        token = session.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
    validator = _Resource(site, metadata)
    claims = validator.authenticate_token(token["access_token"])
    validator.validate_token(claims, ["read"], None)
    assert (claims["sub"], claims["client_id"], claims["scope"]) == ("web", "web", "read")


class _Resource(JWTBearerTokenValidator):
    """A resource server that validates as RFC 9068 says."""

    def __init__(self, site: LiveSite, metadata: dict[str, Any]) -> None:
        super().__init__(issuer=metadata["issuer"], resource_server=metadata["issuer"])
        self._keys = _keys(site, metadata)

    def get_jwks(self) -> KeySet:
        return self._keys


def _session(site: LiveSite, scope: str = "openid profile email offline_access") -> OAuth2Session:
    return OAuth2Session("web", SECRET, scope=scope, redirect_uri=CALLBACK, code_challenge_method="S256")


def _registered(site: LiveSite) -> Any:
    options = {"scope": "openid profile", "code_challenge_method": "S256"}
    return OAuth().register(
        "us",
        client_id="web",
        client_secret=SECRET,
        server_metadata_url=f"{site.url}/.well-known/openid-configuration",
        client_kwargs=options,
    )


def _request(url: str) -> Any:
    request = RequestFactory().get(url)
    request.session = {}
    return request


def _id_token_claims(site: LiveSite, metadata: dict[str, Any], token: dict[str, Any], **expected: str) -> CodeIDToken:
    decoded = jwt.decode(token["id_token"], _keys(site, metadata), algorithms=list(ALGORITHMS))
    options = {"iss": {"essential": True, "value": metadata["issuer"]}, "aud": {"essential": True, "value": "web"}}
    expected |= {"client_id": "web", "access_token": token["access_token"]}
    claims = CodeIDToken(decoded.claims, decoded.header, options, expected)
    claims.validate(leeway=5)
    return claims


def _keys(site: LiveSite, metadata: dict[str, Any]) -> KeySet:
    return KeySet.import_key_set(_json(site, metadata["jwks_uri"].removeprefix(site.url)))


def _json(site: LiveSite, path: str) -> dict[str, Any]:
    return requests.get(site.url + path, timeout=30).json()
