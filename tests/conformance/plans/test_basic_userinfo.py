"""The plans `oidcc-basic` and `oidcc-formpost-basic`: the userinfo endpoint, scopes, and the claims parameter."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conformance.plans.browser import Browser, Person
from tests.conformance.plans.conftest import NewBrowser
from tests.conformance.plans.provider import Provider
from tests.conformance.plans.relying_party import RelyingParty

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("response_mode", ["query", "form_post"]),
]

CLAIMS_OF = {
    "profile": {
        *("name", "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile", "picture"),
        *("website", "gender", "birthdate", "zoneinfo", "locale", "updated_at"),
    },
    "email": {"email", "email_verified"},
    "address": {"address"},
    "phone": {"phone_number", "phone_number_verified"},
}
ADDRESS = {"formatted", "street_address", "locality", "region", "postal_code", "country"}


@pytest.mark.spec("OpenID Connect Core 1.0", "5.3.1")
def test_userinfo_takes_the_token_in_three_ways(rp: RelyingParty, browser: Browser, provider: Provider) -> None:
    """GET and POST with the header, POST with the token in the form body."""
    signed_in, url = rp.sign_in(browser, scope="openid email"), provider.endpoint("userinfo")
    bearer = f"Bearer {signed_in.access_token}"
    answers = [
        provider.get(url, Authorization=bearer),
        provider.post(url, {}, Authorization=bearer),
        provider.post(url, {"access_token": signed_in.access_token}),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.json() == answers[0].json()
    assert answers[0].json()["sub"] == signed_in.claims["sub"]


@pytest.mark.spec("OpenID Connect Core 1.0", "5.3.3")
def test_userinfo_refuses_what_is_no_access_token(rp: RelyingParty, browser: Browser, provider: Provider) -> None:
    signed_in = rp.sign_in(browser)
    for token in (signed_in.id_token, signed_in.access_token[:-4], "nonsense"):
        answer = provider.get(provider.endpoint("userinfo"), Authorization=f"Bearer {token}")
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.spec("OpenID Connect Core 1.0", "5.4")
@pytest.mark.parametrize("scope", ["profile", "email", "address", "phone", "profile email address phone"])
def test_a_scope_brings_every_claim_that_it_stands_for(rp: RelyingParty, browser: Browser, scope: str) -> None:
    signed_in = rp.sign_in(browser, scope=f"openid {scope}")
    told = rp.userinfo(signed_in)
    assert set(told) == {"sub"}.union(*(CLAIMS_OF[one] for one in scope.split()))
    assert told["sub"] == signed_in.claims["sub"]
    _has_the_right_types(told)


def _has_the_right_types(told: dict[str, Any]) -> None:
    """OpenID Connect Core section 5.1."""
    for name, value in told.items():
        if name.endswith("_verified"):
            assert isinstance(value, bool), name
        elif name == "updated_at":
            assert isinstance(value, int)
            assert not isinstance(value, bool)
        elif name == "address":
            assert set(value) == ADDRESS
            assert all(isinstance(member, str) and member for member in value.values())
        else:
            assert isinstance(value, str), name
            assert value, name
    for name in {"profile", "picture", "website"} & told.keys():
        assert urlsplit(told[name]).scheme == "https"
    assert re.fullmatch(r"\d{4}(-\d{2}-\d{2})?", told.get("birthdate", "0000"))


@pytest.mark.spec("OpenID Connect Core 1.0", "5.3.2")
def test_a_claim_without_a_value_is_left_out(rp: RelyingParty, open_browser: NewBrowser, bob: Person) -> None:
    told = rp.userinfo(rp.sign_in(open_browser(bob), scope="openid profile email address phone"))
    assert {"sub", "preferred_username", "email", "email_verified", "updated_at"} <= set(told)
    assert not {"address", "phone_number", "phone_number_verified", "middle_name", "website"} & set(told)
    assert not [name for name, value in told.items() if value in (None, "", {}, [])]


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5")
@pytest.mark.parametrize("place", ["userinfo", "id_token"])
def test_a_claim_asked_for_by_name_is_told_where_it_was_asked_for(
    rp: RelyingParty, browser: Browser, place: str
) -> None:
    signed_in = rp.sign_in(browser, claims=json.dumps({place: {"name": {"essential": True}}}))
    told = {"id_token": signed_in.claims, "userinfo": rp.userinfo(signed_in)}
    assert told.pop(place)["name"] == "Alice Pleasance Liddell"
    assert "name" not in next(iter(told.values()))


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5.1")
def test_auth_time_may_be_asked_for_as_essential(rp: RelyingParty, browser: Browser) -> None:
    asked = json.dumps({"id_token": {"auth_time": {"essential": True}}})
    assert isinstance(rp.sign_in(browser, claims=asked).claims["auth_time"], int)


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5.1.1")
def test_an_essential_acr_that_is_met_is_told(rp: RelyingParty, browser: Browser, provider: Provider) -> None:
    for wanted in ({"essential": True}, {"essential": True, "values": [provider.metadata["acr_values_supported"][0]]}):
        claims = rp.sign_in(browser, claims=json.dumps({"id_token": {"acr": wanted}})).claims
        assert claims["acr"] in wanted.get("values", provider.metadata["acr_values_supported"])


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5.1")
def test_a_sub_that_is_asked_for_is_that_of_the_answer_or_there_is_none(
    rp: RelyingParty, browser: Browser, open_browser: NewBrowser, bob: Person
) -> None:
    of_alice = rp.sign_in(browser).claims["sub"]
    asked = json.dumps({"id_token": {"sub": {"value": of_alice}}})
    assert rp.sign_in(browser, claims=asked).claims["sub"] == of_alice
    of_bob = open_browser(bob)
    rp.sign_in(of_bob)
    assert rp.ask(of_bob, claims=asked, prompt="none")["error"] == "login_required"


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5")
def test_unknown_claims_and_members_are_ignored(rp: RelyingParty, browser: Browser) -> None:
    asked = {"userinfo": {"shoe_size": None, "nickname": None}, "id_token": {"x": {"y": 1}}, "more": {}}
    told = rp.userinfo(rp.sign_in(browser, claims=json.dumps(asked)))
    assert (told["nickname"], "shoe_size" in told) == ("Al", False)
