"""The table of the authorization request: its order is its meaning."""

import uuid
from datetime import timedelta

import pytest

from oauth.given_consent import GivenConsent
from oauth.protocol.authorization import PERSON_STEPS, STEPS, Refused, check_person, checked
from oauth.protocol.pending import AccountChoiceNeeded, ConsentNeeded, LoginNeeded, Person, ReauthenticationNeeded
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.vocabulary import AuthMethod
from tests.oauth.protocol.requests import registered, sent
from trust.lib import clock

NOW = clock.now()


def answer(client=None, **changed):
    request = sent(client, **changed)
    return examined(request, request.parameters)


def examined(request, parameters):
    known = {"find_client": request.find_client, "issuer": request.issuer, "received_at": request.received_at}
    return checked(parameters, **known)


def refusal(client=None, **changed):
    with pytest.raises(Refused) as refused:
        answer(client, **changed)
    return refused.value


def person(**named):
    defaults = {
        "user_id": uuid.UUID(int=1),
        "session_id": uuid.UUID(int=2),
        "auth_time": NOW - timedelta(minutes=5),
        "acr": "aal1",
        "reachable_acr": "aal1",
        "subject": str(uuid.UUID(int=1)),
    }
    return Person(
        **(defaults | {"is_admitted": True, "consented": GivenConsent(allowed=frozenset({"openid"}))} | named)
    )


def meet(who, client=None, **changed):
    return check_person(answer(client, **changed), who, now=NOW)


def test_nothing_is_redirected_before_client_and_address_are_known_to_be_right():
    names = [step.__name__ for step in STEPS]
    assert names[:4] == ["find_client", "recall_stored_request", "read_request_object", "choose_redirect_uri"]
    for changed in ({"client_id": "x"}, {"redirect_uri": "https://evil.example"}):
        assert not refusal(response_type="token", scope="x", **changed).may_redirect
    assert refusal(response_type="token").may_redirect


def test_who_is_signed_in_is_looked_at_first_and_consent_last():
    names = [step.__name__ for step in PERSON_STEPS]
    assert (names[0], names[-1]) == ("check_signed_in", "check_consent")


def test_a_request_that_is_right_passes_and_tells_what_was_found():
    found = answer(nonce="n", prompt="login consent unknown", max_age="5")
    assert (found.redirect_uri, found.scope, found.nonce) == ("https://app.example/callback", ("openid",), "n")
    assert (found.prompt, found.max_age, found.state) == ({"login", "consent"}, 5, "s")


@pytest.mark.parametrize(
    ("changed", "error", "step"),
    [
        ({"client_id": None}, "invalid_request", "find_client"),
        ({"redirect_uri": "https://app.example/"}, "invalid_request", "choose_redirect_uri"),
        ({"request": "x"}, "invalid_request_object", "read_request_object"),
        ({"request_uri": "https://app.example/x"}, "request_uri_not_supported", "read_request_object"),
        ({"response_type": "token"}, "unsupported_response_type", "check_response_type"),
        ({"response_mode": "fragment"}, "invalid_request", "choose_response_mode"),
        ({"scope": "admin"}, "invalid_scope", "grant_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request", "_pkce"),
        ({"nonce": "n" * 256}, "invalid_request", "read_nonce"),
        ({"prompt": "none login"}, "invalid_request", "read_prompt"),
        ({"max_age": "0" * 12 + "9" * 20}, "invalid_request", "read_max_age"),
    ],
)
def test_each_step_refuses_what_is_its_own(changed, error, step):
    refused = refusal(**changed)
    assert (refused.error.error, refused.step) == (error, step)


def test_a_client_that_is_not_registered_for_codes_is_refused():
    assert refusal(registered(grant_types=frozenset())).error.error == "unauthorized_client"


def test_a_state_that_came_twice_is_not_echoed():
    request = sent()
    twice = Parameters(request.parameters.values, {"state": ("s", "t")})
    with pytest.raises(Refused) as refused:
        examined(request, twice)
    assert (refused.value.error.error, refused.value.request.state) == ("invalid_request", None)


@pytest.mark.parametrize(
    ("who", "changed", "page", "error"),
    [
        (None, {}, LoginNeeded, "login_required"),
        (person(auth_time=NOW - timedelta(hours=1)), {"max_age": "60"}, ReauthenticationNeeded, "login_required"),
        (person(), {"max_age": "0"}, ReauthenticationNeeded, "login_required"),
        (person(consented=None), {}, ConsentNeeded, "consent_required"),
        (person(consented=GivenConsent()), {}, ConsentNeeded, "consent_required"),
        (person(consented=GivenConsent(allowed=frozenset({"profile"}))), {}, ConsentNeeded, "consent_required"),
    ],
)
def test_what_a_page_would_settle_is_an_error_where_no_page_may_be_shown(who, changed, page, error):
    with pytest.raises(page):
        meet(who, **changed)
    with pytest.raises(Refused) as refused:
        meet(who, prompt="none", **changed)
    assert refused.value.error.error == error


@pytest.mark.parametrize("changed", [{}, {"prompt": "none"}, {"max_age": "600"}])
def test_a_person_who_consented_passes(changed):
    meet(person(), **changed)


@pytest.mark.parametrize(
    ("changed", "needed"),
    [
        ({"prompt": "login"}, ReauthenticationNeeded),
        ({"prompt": "select_account"}, AccountChoiceNeeded),
        ({"prompt": "create"}, AccountChoiceNeeded),
        ({"max_age": "0"}, ReauthenticationNeeded),
        ({"max_age": "1"}, ReauthenticationNeeded),
    ],
)
def test_a_new_proof_counts_only_if_it_came_after_the_asking(changed, needed):
    before, after = NOW - timedelta(minutes=6), NOW - timedelta(minutes=4)
    with pytest.raises(needed):
        meet(person(asked_at=after), **changed)
    meet(person(asked_at=before), **changed)


def test_who_is_not_admitted_is_denied_before_being_asked():
    with pytest.raises(Refused) as refused:
        meet(person(is_admitted=False, consented=None))
    assert refused.value.error.error == "access_denied"


@pytest.mark.parametrize("skips", [False, True])
@pytest.mark.parametrize("uri", ["http://127.0.0.1/callback", "com.example.app:/callback"])
def test_consent_for_a_program_on_the_device_is_never_taken_as_given(uri, skips):
    local = registered(auth_method=AuthMethod.NONE, redirect_uris=(uri,), skips_consent=skips)
    with pytest.raises(ConsentNeeded):
        meet(person(), local)
    meet(person(), registered(redirect_uris=(uri,)))  # a confidential client proves itself when it takes the code
