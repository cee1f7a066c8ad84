"""Debian's libapache2-mod-auth-openidc: an Apache that lets nobody in whom we have not signed in."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import quote, urlencode

import pytest

from accounts.models import User
from oauth.models import Client
from tests.clients import SECRET, make_client
from tests.interop.apache import CALLBACK, SIGNED_OUT, Apache, apache, pick_origin
from tests.interop.client_keys import ClientKey
from tests.interop.member import Member
from tests.interop.person import Person
from tests.live_site import LiveSite

pytestmark = [pytest.mark.apache, pytest.mark.django_db(transaction=True)]

_PATIENCE: Final = 60.0  # seconds for a logout to come through the queue
# What the module is told, and what its client is registered as, beyond what all are.
WAYS: Final[dict[str, tuple[dict[str, str], dict[str, Any]]]] = {
    "as it comes": ({}, {}),
    "form_post": ({"OIDCResponseMode": "form_post"}, {}),
    "client_secret_post": (
        {"OIDCProviderTokenEndpointAuth": "client_secret_post"},
        {"token_endpoint_auth_method": "client_secret_post"},
    ),
    "ES256": ({"OIDCIDTokenSignedResponseAlg": "ES256"}, {"algorithm": "ES256"}),
    "signed userinfo, asked for by POST": (
        {"OIDCUserInfoSignedResponseAlg": "RS256", "OIDCUserInfoTokenMethod": "post_param"},
        {"userinfo_signed_response_alg": "RS256"},
    ),
}
REQUEST_OBJECT: Final = {
    "copy_and_remove_from_request": [
        *("response_type", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method"),
    ],
    "copy_from_request": ["client_id"],
    "crypto": {"sign_alg": "RS256"},
    "request_object_type": "request",
}


@pytest.mark.parametrize(("directives", "registered"), WAYS.values(), ids=WAYS)
def test_signs_in_and_reads_userinfo(
    site: LiveSite, alice: User, browser_of_alice: Person, directives: dict[str, str], registered: dict[str, Any]
) -> None:
    with _garden(site, directives, registered) as garden:
        member = Member(garden, browser_of_alice)
        page = member.visit()
        assert (page.status_code, page.text) == (200, "The garden plan")
        assert page.headers["Signed-In"] == f"{alice.pk}@{site.url.removeprefix('https://')}"
        known = member.known()
    assert (known["id_token"]["sub"], known["userinfo"]["sub"]) == (str(alice.pk), str(alice.pk))
    assert (known["userinfo"]["given_name"], known["userinfo"]["email"]) == ("Alice", "alice@example.com")
    assert browser_of_alice.pages[:2] == ["/accounts/login/", "/oauth/authorize"]


def test_has_a_key_for_its_secret_and_signs_its_requests(site: LiveSite, alice: User, browser_of_alice: Person) -> None:
    key = ClientKey("RS256")
    directives = {
        "OIDCPublicKeyFiles": f"{key.kid}#{{folder}}/public.pem",
        "OIDCPrivateKeyFiles": f"{key.kid}#{{folder}}/private.pem",  # before their use
        "OIDCProviderTokenEndpointAuth": "private_key_jwt",
        "OIDCRequestObject": _quoted(REQUEST_OBJECT),
    }
    registered = {**key.registered(), "request_object_signing_alg": "RS256"}
    files = {"public.pem": key.pem(private=False), "private.pem": key.pem(private=True)}
    with _garden(site, directives, registered, files) as garden:
        member = Member(garden, browser_of_alice)
        assert member.visit().text == "The garden plan"
        assert member.known()["id_token"]["sub"] == str(alice.pk)


def test_registers_itself(site: LiveSite, leave: str, alice: User, browser_of_alice: Person) -> None:
    name = quote(site.url.removeprefix("https://"), safe="")
    files = {
        f"metadata/{name}.provider": json.dumps(site.call("GET", "/.well-known/openid-configuration").body).encode(),
        f"metadata/{name}.conf": json.dumps({"registration_token": leave}).encode(),
    }
    url = pick_origin()
    with apache(site, url, {"OIDCMetadataDir": "{folder}/metadata"}, files) as garden:
        member = Member(garden, browser_of_alice)
        begin = urlencode({"iss": site.url, "target_link_uri": f"{url}/protected/plan.html"})
        assert member.visit(f"{CALLBACK}?{begin}").text == "The garden plan"
        assert member.known()["id_token"]["sub"] == str(alice.pk)


def test_a_sign_out_there_is_a_sign_out_here(site: LiveSite, alice: User, browser_of_alice: Person) -> None:
    with _garden(site) as garden:
        member = Member(garden, browser_of_alice)
        member.visit()
        page = member.visit(f"{CALLBACK}?logout={quote(garden.url + SIGNED_OUT, safe='')}")
        assert (page.text, member.known()) == ("Signed out", {})
        browser_of_alice.pages.clear()
        assert member.visit().text == "The garden plan"
    assert browser_of_alice.pages == ["/accounts/login/"]  # and what she allowed is remembered


def test_a_sign_out_here_is_a_sign_out_there(
    site: LiveSite, worker: None, alice: User, browser_of_alice: Person
) -> None:
    with _garden(site) as garden:
        member = Member(garden, browser_of_alice)
        member.visit()
        assert member.known()
        browser_of_alice.sign_out()
        deadline = time.monotonic() + _PATIENCE
        while member.known() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert member.known() == {}


@contextmanager
def _garden(
    site: LiveSite,
    directives: Mapping[str, str] = {},
    registered: Mapping[str, Any] = {},
    files: Mapping[str, bytes] = {},
) -> Iterator[Apache]:
    url = pick_origin()
    _client(url, **registered)
    known = f"{site.url}/.well-known/openid-configuration"
    given = {"OIDCProviderMetadataURL": known, "OIDCClientID": "garden", "OIDCClientSecret": f'"{SECRET}"'}
    given |= directives
    with apache(site, url, given, files) as running:
        yield running


def _quoted(value: object) -> str:
    """Return JSON as Apache's configuration takes it."""
    return '"' + json.dumps(value).replace('"', r"\"") + '"'


def _client(url: str, **registered: Any) -> Client:
    return make_client(
        "garden",
        redirect_uris=url + CALLBACK,
        post_logout_redirect_uris=url + SIGNED_OUT,
        backchannel_logout_uri=f"{url}{CALLBACK}?logout=backchannel",
        **registered,
    )
