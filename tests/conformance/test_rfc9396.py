"""RFC 9396: rich authorization requests, from the request to what an API is told."""

import json
from urllib.parse import urlencode

import jwt
import pytest

from tests.authorization_details import EVERY_TYPE, LOOK, RENT, put_types, said
from tests.clients import Application, answer_of, basic, make_client, post_form
from tests.consent_form import ConsentForm
from tests.explained import last_explained
from tests.registration import register
from tests.request_objects import KEY, allow, object_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(person):
    put_types()
    client = make_client(authorization_details_types=EVERY_TYPE, introspects="own", jwks=KEY.key_set())
    application = Application(client)
    application.sign_in()
    return application


def tokens(application, *details, **more):
    answer = application.exchange(application.code(authorization_details=said(*details)), **more)
    assert answer.status_code == 200, answer.content
    return answer.json()


def claims_of(token):
    return jwt.decode(token, options={"verify_signature": False})


def introspected(application, token):
    headers = {"authorization": basic(application.client.client_id, application.secret)}
    return post_form("/oauth/introspect", {"token": token}, **headers).json()


def refused(application, **asked):
    answer = answer_of(application.authorize(**asked))
    assert answer["state"] == "the state"
    return answer["error"]


@pytest.mark.spec("RFC 9396", "2")
@pytest.mark.spec("RFC 9396", "3")
def test_details_are_asked_for_shown_and_granted(application):
    page = application.authorize(authorization_details=said(RENT)).content.decode()
    for word in ("Pay once", "From your account.", "Amount", "450.00 EUR", "Landlord &amp; Sons", "Actions", "status"):
        assert word in page
    answer = tokens(application, RENT, LOOK)
    assert answer["authorization_details"] == [RENT, LOOK]


@pytest.mark.spec("RFC 9396", "3")
def test_they_stand_beside_scopes_or_alone(application):
    code = application.code(authorization_details=said(LOOK), scope=None)
    answer = application.exchange(code).json()
    assert answer["authorization_details"] == [LOOK]
    assert not answer.get("scope")


@pytest.mark.spec("RFC 9396", "5")
@pytest.mark.parametrize(
    "asked",
    [
        *("not JSON", "{}", "[]", "[1]", "[{}]"),
        said({**RENT, "type": "unheard_of"}),
        said({**RENT, "hidden": "x"}),
        said({**RENT, "amount": "much"}),
        said({"type": "payment"}),
        said(RENT, RENT),
    ],
)
def test_what_is_malformed_unknown_or_incomplete_is_refused(application, asked):
    assert refused(application, authorization_details=asked) == "invalid_authorization_details"


@pytest.mark.spec("RFC 9396", "5")
def test_a_refusal_says_what_was_found(application):
    refused(application, authorization_details=said({**RENT, "type": "unheard_of"}))
    explanation = last_explained()
    assert explanation.error == "invalid_authorization_details"
    assert explanation.finding == "detail_type_not_allowed"
    refused(application, authorization_details=said({**RENT, "days": "x"}))
    assert (last_explained().finding, last_explained().about) == ("detail_malformed", "days")


@pytest.mark.spec("RFC 9396", "10")
def test_a_client_asks_for_the_types_that_it_is_registered_for_alone(application):
    application.client.authorization_details_types = "accounts"
    application.client.save()
    assert refused(application, authorization_details=said(RENT)) == "invalid_authorization_details"
    assert tokens(application, LOOK)["authorization_details"] == [LOOK]


@pytest.mark.spec("RFC 9396", "3")
def test_they_come_in_a_request_object_as_json_and_as_text(application):
    for inside in ([LOOK], said(LOOK)):
        answer = allow(application, request=object_of(application, authorization_details=inside, prompt="consent"))
        assert application.exchange(answer["code"]).json()["authorization_details"] == [LOOK]


@pytest.mark.spec("RFC 9396", "3")
def test_they_come_in_a_pushed_request_and_are_checked_there(application):
    headers = {"authorization": basic(application.client.client_id, application.secret)}
    good = application.parameters(authorization_details=said(RENT))
    pushed = post_form("/oauth/par", good, **headers)
    assert pushed.status_code == 201, pushed.content
    asked = urlencode({"client_id": application.client.client_id, "request_uri": pushed.json()["request_uri"]})
    assert "450.00 EUR" in application.browser.get(f"/oauth/authorize?{asked}").content.decode()
    answer = application.browser.post(f"/oauth/authorize?{asked}", {"decision": "allow"})
    assert application.exchange(answer_of(answer)["code"]).json()["authorization_details"] == [RENT]
    wrong = post_form("/oauth/par", good | {"authorization_details": said({**RENT, "type": "x"})}, **headers)
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_authorization_details")


@pytest.mark.spec("RFC 9396", "6")
def test_a_token_request_may_ask_for_some_of_them(application):
    answer = tokens(application, RENT, LOOK, authorization_details=said(LOOK))
    assert answer["authorization_details"] == [LOOK]
    again = application.refresh(answer["refresh_token"]).json()
    assert again["authorization_details"] == [RENT, LOOK]
    narrowed = application.refresh(again["refresh_token"], authorization_details=said(RENT)).json()
    assert claims_of(narrowed["access_token"])["authorization_details"] == [RENT]


@pytest.mark.spec("RFC 9396", "6")
def test_a_token_request_for_others_is_refused_and_spends_nothing(application):
    wider = said(RENT, {**LOOK, "identifier": "DE99"})
    code = application.code(authorization_details=said(RENT))
    refusal = application.exchange(code, authorization_details=wider)
    assert (refusal.status_code, refusal.json()["error"]) == (400, "invalid_authorization_details")
    refresh = application.exchange(code).json()["refresh_token"]
    refusal = application.refresh(refresh, authorization_details=wider)
    assert (refusal.status_code, refusal.json()["error"]) == (400, "invalid_authorization_details")
    assert application.refresh(refresh).json()["authorization_details"] == [RENT]


@pytest.mark.spec("RFC 9396", "6")
def test_what_the_client_may_ask_for_no_more_is_not_refreshed(application):
    refresh = tokens(application, RENT, LOOK)["refresh_token"]
    application.client.authorization_details_types = "accounts"
    application.client.save()
    assert application.refresh(refresh).json()["authorization_details"] == [LOOK]


@pytest.mark.spec("RFC 9396", "6")
def test_a_client_that_acts_as_itself_is_given_none(application):
    answer = application.token(grant_type="client_credentials", scope="read", authorization_details=said(LOOK))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_authorization_details")


@pytest.mark.spec("RFC 9396", "7")
@pytest.mark.spec("RFC 9396", "9.1")
@pytest.mark.spec("RFC 9396", "9.2")
@pytest.mark.parametrize("form", ["jwt", "opaque"])
def test_an_api_is_told_by_the_token_or_by_introspection(application, form):
    application.client.access_token_format = form
    application.client.save()
    token = tokens(application, RENT)["access_token"]
    if form == "jwt":
        assert claims_of(token)["authorization_details"] == [RENT]
    assert introspected(application, token)["authorization_details"] == [RENT]


@pytest.mark.spec("RFC 9396", "10")
def test_the_metadata_names_the_types(application):
    for path in ("oauth-authorization-server", "openid-configuration"):
        told = application.browser.get(f"/.well-known/{path}").json()
        assert told["authorization_details_types_supported"] == ["accounts", "payment"]


@pytest.mark.spec("RFC 9396", "10")
@pytest.mark.parametrize(
    ("types", "error"),
    [
        (["accounts"], None),
        (["payment"], "invalid_client_metadata"),
        (["unheard_of"], "invalid_client_metadata"),
        ("accounts", "invalid_client_metadata"),
    ],
)
def test_a_client_that_registers_itself_names_types_that_are_open_to_it(application, settings, types, error):
    settings.DCR = "open"
    answer = register({"redirect_uris": ["https://new.example/cb"], "authorization_details_types": types})
    assert answer.json().get("error") == error
    if error is None:
        assert answer.json()["authorization_details_types"] == types


@pytest.mark.spec("RFC 9396", "7")
def test_what_was_unticked_is_not_granted(application):
    form = ConsentForm(application, authorization_details=said(RENT, LOOK))
    digest = form.boxes[-1]
    answer = application.exchange(answer_of(form.untick(digest).send())["code"]).json()
    assert answer["authorization_details"] == [RENT]
    form = ConsentForm(application, authorization_details=said(RENT))
    answer = application.exchange(answer_of(form.untick(form.boxes[-1]).send())["code"]).json()
    assert not answer.get("authorization_details")
    assert "authorization_details" not in claims_of(answer["access_token"])


def test_the_text_of_a_detail_is_kept_as_it_was_said(application):
    rent = {**RENT, "creditor": '임대인 \\ " & <b>', "days": 2.50}
    assert tokens(application, rent)["authorization_details"] == [json.loads(json.dumps(rent))]
