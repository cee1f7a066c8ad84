"""OpenID Connect Core 1.0 section 5.5: claims asked for by name; and what is said of the authentication."""

import json
from datetime import timedelta

import pytest

from accounts.models import Session
from tests.clients import Application, answer_of
from tests.proofs import STEP_UP, next_code, page_of, prove, set_up_authenticator
from tests.relying_party import userinfo, verified

pytestmark = pytest.mark.django_db

ESSENTIAL = {"essential": True}


def asking(**members):
    return {"claims": json.dumps(members)}


def wanting(*levels, essential):
    return asking(id_token={"acr": {"values": list(levels), "essential": essential}})


def id_token(application, **asked):
    return verified(application.tokens(**asked)["id_token"], audience="app")


@pytest.fixture
def alice(person):
    person.given_name, person.family_name = "Alice", "Liddell"
    person.save()
    return person


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5")
@pytest.mark.parametrize("wanted", [None, ESSENTIAL, {"essential": False}, {"value": "Alice Liddell"}], ids=str)
def test_a_name_asked_for_at_the_userinfo_endpoint_is_there_and_not_in_the_id_token(alice, application, wanted):
    tokens = application.tokens(scope="openid", **asking(userinfo={"name": wanted}))
    assert userinfo(tokens["access_token"]).json() == {"sub": str(alice.pk), "name": "Alice Liddell"}
    assert "name" not in verified(tokens["id_token"], audience="app")


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5")
def test_a_name_asked_for_in_the_id_token_is_there_and_not_at_the_userinfo_endpoint(alice, application):
    tokens = application.tokens(scope="openid", **asking(id_token={"name": ESSENTIAL}))
    assert verified(tokens["id_token"], audience="app")["name"] == "Alice Liddell"
    assert userinfo(tokens["access_token"]).json() == {"sub": str(alice.pk)}


@pytest.mark.spec("OpenID Connect Core 1.0", "12.2")
def test_what_was_asked_for_is_in_the_id_token_of_a_refresh_too(alice, application):
    refreshed = application.refresh(application.tokens(**asking(id_token={"name": None}))["refresh_token"]).json()
    assert verified(refreshed["id_token"], audience="app")["name"] == "Alice Liddell"


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5")
def test_a_claim_that_the_person_has_not_is_left_out_even_if_essential(application):
    assert "phone_number" not in id_token(application, scope="openid", **asking(id_token={"phone_number": ESSENTIAL}))


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5")
@pytest.mark.parametrize("name", ["favourite_colour", "password", "is_staff", "iss", "http://example.info/claims/x"])
def test_unknown_claims_are_left_out(application, name):
    with_it = id_token(application, scope="openid", **asking(id_token={name: ESSENTIAL}))
    assert set(with_it) - {"iss"} == set(id_token(application, scope="openid")) - {"iss"}
    assert with_it["iss"] == "http://testserver"


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5")
def test_a_claim_beyond_the_clients_scopes_is_left_out(alice, application):
    application.client.scopes = "openid profile"
    application.client.save()
    tokens = application.tokens(scope="openid", **asking(userinfo={"name": None, "email": ESSENTIAL}))
    assert set(userinfo(tokens["access_token"]).json()) == {"sub", "name"}


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5")
def test_the_person_is_asked_in_the_words_of_its_scope(application):
    words = b"See your e-mail address"
    assert words in application.authorize(scope="openid", **asking(userinfo={"email": None})).content
    application.code(scope="openid")
    assert words in application.authorize(scope="openid", **asking(id_token={"email": ESSENTIAL})).content


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5")
@pytest.mark.parametrize(
    "malformed",
    [
        *("", "{", "[]", "null", '"name"', "1", '{"userinfo": []}', '{"userinfo": 1}', '{"id_token": {"name": true}}'),
        *('{"id_token": {"acr": {"values": "aal2"}}}', '{"id_token": {"sub": {"value": 7}}}'),
    ],
)
def test_a_malformed_parameter_is_told_to_the_client(application, malformed):
    if malformed:
        assert answer_of(application.authorize(claims=malformed))["error"] == "invalid_request"
    else:  # a parameter without a value is none (RFC 6749 section 3.1)
        assert application.authorize(claims=malformed).status_code == 200


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5")
def test_too_many_claims_and_too_deep_ones_are_refused(application):
    many = {f"claim_{number}": None for number in range(60)}
    deep = '{"userinfo":' * 300 + "1" + "}" * 300
    for claims in (json.dumps({"userinfo": many}), deep):
        assert answer_of(application.authorize(claims=claims))["error"] == "invalid_request"


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5")
def test_unknown_members_of_the_parameter_are_ignored(application):
    claims = {"userinfo": {"name": {"essential": True, "purpose": "x"}}, "other": {"x": None}}
    assert application.authorize(claims=json.dumps(claims)).status_code == 200


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5.1.1")
def test_auth_time_is_there_as_asked(application):
    assert id_token(application, **asking(id_token={"auth_time": ESSENTIAL}))["auth_time"] > 0


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5.1")
def test_the_sub_of_the_same_person_is_answered(person, application):
    for place in ("id_token", "userinfo"):
        asked = asking(**{place: {"sub": {"value": str(person.pk)}}})
        assert id_token(application, **asked)["sub"] == str(person.pk)


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5.1")
@pytest.mark.parametrize("place", ["id_token", "userinfo"])
@pytest.mark.parametrize("prompt", [None, "none"])
def test_the_sub_of_another_person_is_never_answered_with_a_code(application, make_person, place, prompt):
    application.code()
    asked = asking(**{place: {"sub": {"value": str(make_person("bob").pk)}}})
    answer = answer_of(application.authorize(prompt=prompt, **asked))
    assert (answer["error"], "code" in answer) == ("login_required", False)


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5.1.1")
@pytest.mark.parametrize(
    "asked", [{"acr_values": "aal1"}, wanting("aal1", essential=True)], ids=["acr_values", "claims"]
)
def test_a_level_that_is_met_is_told(application, asked):
    assert id_token(application, **asked)["acr"] == "aal1"


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5.1.1")
@pytest.mark.parametrize(
    "asked",
    [
        {"acr_values": "aal2"},
        {"acr_values": "urn:unknown aal2"},
        {"acr_values": "aal2", "max_age": "0"},
        wanting("aal2", essential=True),
        wanting("aal2", essential=True) | {"prompt": "login"},
    ],
    ids=str,
)
def test_a_level_that_the_person_can_reach_is_asked_for_and_told(application, asked):
    totp = set_up_authenticator(application.browser)
    assert id_token(application)["acr"] == "aal1"
    answer = application.authorize(**asked)
    assert page_of(answer) == STEP_UP
    code = answer_of(prove(application, answer, code=next_code(totp)))["code"]
    claims = verified(application.exchange(code).json()["id_token"], audience="app")
    assert (claims["acr"], "otp" in claims["amr"]) == ("aal2", True)


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5.1.1")
def test_who_signs_in_with_both_factors_is_not_asked_again(person, totp, app):
    application = Application(app)
    page = application.authorize(**wanting("aal2", essential=True))["Location"]
    application.browser.post(page, {"login": "alice", "password": "correct horse battery staple"})
    signed_in = application.browser.post("/accounts/2fa/authenticate/", {"code": totp.now()})
    assert application.browser.get(signed_in["Location"]).status_code == 200  # the consent page
    assert id_token(application, **wanting("aal2", essential=True))["acr"] == "aal2"


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5.1.1")
def test_a_level_out_of_reach_is_an_error_only_if_essential(application):
    application.code()
    answer = answer_of(application.authorize(**wanting("aal2", essential=True)))
    assert answer["error"] == "unmet_authentication_requirements"
    for asked in (wanting("aal2", essential=False), {"acr_values": "aal2"}, {"acr_values": "urn:unknown"}):
        assert id_token(application, **asked)["acr"] == "aal1"


@pytest.mark.spec("OpenID Connect Core 1.0", "5.5.1.1")
def test_a_voluntary_level_is_asked_for_once(application):
    application.code()
    set_up_authenticator(application.browser)
    answer = application.authorize(acr_values="aal2")
    assert page_of(answer) == STEP_UP
    by_password = {"Location": answer["Location"].replace(STEP_UP, "/accounts/reauthenticate/")}
    assert "code" in answer_of(prove(application, by_password))


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.6")
def test_a_level_that_needs_a_page_is_told_with_prompt_none(application):
    application.code()
    set_up_authenticator(application.browser)
    answer = answer_of(application.authorize(prompt="none", **wanting("aal2", essential=True)))
    assert answer["error"] == "interaction_required"
    assert "code" in answer_of(application.authorize(prompt="none", acr_values="aal2"))


@pytest.mark.spec("OpenID Connect Core 1.0", "3.1.2.1")
def test_a_proof_is_not_good_for_ever(application):
    """The consent page may have been left open, and somebody else sits before it now."""
    prove(application, application.authorize(prompt="login"))
    assert application.authorize(prompt="login").status_code == 200
    _grow_older(application, timedelta(minutes=11))
    assert page_of(application.decide(prompt="login")) == "/accounts/reauthenticate/"


def _grow_older(application, by):
    """Let the sign-in, and the asking, have been so long ago."""
    session = Session.objects.get(pk=application.browser.session["sid"])
    session.auth_time -= by
    session.save()
    kept = application.browser.session
    for one in kept["asked_of_person"]:
        one["at"] -= by.total_seconds()
    for record in kept["account_authentication_methods"]:
        record["at"] -= by.total_seconds()
    kept.save()
