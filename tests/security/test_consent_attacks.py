"""Consent that says less than is granted: scopes and details widened, hidden, disguised or remembered too well."""

import json
from urllib.parse import urlencode

import jwt
import pytest

from oauth.authorization_detail import DetailField, DetailType
from oauth.models import AuthorizationCode, Consent
from oauth.services import authorization_detail_types
from tests.authorization_details import EVERY_TYPE, LOOK, RENT, put_types, said
from tests.clients import Application, answer_of, make_client
from tests.consent_form import ConsentForm
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(person):
    """A client that may ask in detail, and Alice's browser."""
    put_types()
    application = Application(make_client(authorization_details_types=EVERY_TYPE))
    application.sign_in()
    return application


def asks(answer):
    return answer.status_code == 200 and b'name="decision"' in answer.content


def page_of(application, *details):
    return application.authorize(authorization_details=said(*details)).content.decode()


@pytest.mark.parametrize(
    "more",
    [
        {"scope": ["profile", "email", "roles", "read", "openid profile email", "admin", ""]},
        {"scope": ["profile"], "scopes": "email", "scopes_shown": ["openid", "profile", "email", "roles"]},
        {"scope": ["profile", '"claim', "offline_access"], "claims": '{"userinfo":{"email":null}}'},
    ],
)
def test_ticking_what_was_not_asked_grants_nothing_more(application, more):
    answer = ConsentForm(application, scope="openid profile").send(**more)
    tokens = application.exchange(answer_of(answer)["code"]).json()
    assert tokens["scope"] == "openid profile"
    assert set(Consent.objects.get().scope.split()) == {"openid", "profile"}
    bearer = {"authorization": f"Bearer {tokens['access_token']}"}
    assert "email" not in application.browser.get("/oauth/userinfo", headers=bearer).json()


def test_who_lures_a_page_of_little_into_an_answer_to_much_is_asked_to_show_it(application):
    """The form posts to its own address: whoever changes that address has nothing that the page did not name."""
    little = ConsentForm(application, scope="openid")
    little.asked = {"scope": "openid email roles offline_access"}
    assert asks(little.send())
    assert not AuthorizationCode.objects.exists()


def test_a_claim_that_the_client_was_given_since_the_page_was_shown_is_shown_first(application):
    form = ConsentForm(application, scope="openid")
    application.client.claims = {"employee": "attributes.number"}
    application.client.save()
    assert asks(form.send())
    assert not AuthorizationCode.objects.exists()


def test_a_detail_that_the_page_did_not_show_is_not_granted(agent):
    form = ConsentForm(agent, authorization_details=said(LOOK))
    form.asked = {"authorization_details": said(LOOK, RENT)}
    answer = form.send()
    assert asks(answer)
    assert "450.00 EUR" in answer.content.decode()
    assert not AuthorizationCode.objects.exists()


def test_the_box_of_one_detail_does_not_stand_for_another(agent):
    rent, more = said(RENT), said({**RENT, "amount": {"currency": "EUR", "amount": "9999.00"}})
    ticked = ConsentForm(agent, authorization_details=rent).boxes[-1]
    form = ConsentForm(agent, authorization_details=more)
    form.untick(form.boxes[-1])
    tokens = agent.exchange(answer_of(form.send(detail=[ticked]))["code"]).json()
    assert "authorization_details" not in tokens


def test_a_form_without_the_boxes_of_details_grants_none_of_them(agent):
    form = ConsentForm(agent, scope="openid")
    form.asked = {"authorization_details": said(RENT), "scope": "openid"}
    assert asks(form.send())


def test_what_may_happen_once_is_not_remembered_as_something_allowed(agent):
    agent.code(authorization_details=said(RENT, LOOK))
    assert json.loads(Consent.objects.get().authorization_details) == [LOOK]
    assert "Landlord" not in agent.browser.get("/accounts/apps/").content.decode()


@pytest.mark.parametrize("skips", [False, True])
def test_what_asks_each_time_is_never_given_by_a_consent_before(agent, skips):
    agent.client.skip_authorization = skips
    agent.client.save()
    for _ in range(2):
        assert asks(agent.authorize(authorization_details=said(RENT)))
        agent.code(authorization_details=said(RENT))
    silently = agent.authorize(authorization_details=said(RENT), prompt="none")
    assert answer_of(silently)["error"] == "consent_required"


def test_another_detail_than_the_one_allowed_is_asked_about_however_small_the_difference(agent):
    agent.code(authorization_details=said(LOOK), scope="openid")
    assert not asks(agent.authorize(authorization_details=said(LOOK), scope="openid"))
    for other in ({**LOOK, "identifier": "DE03"}, {"type": "accounts"}, {**LOOK, "actions": ["balance", "history"]}):
        assert asks(agent.authorize(authorization_details=said(other), scope="openid"))
        assert asks(agent.authorize(authorization_details=said(LOOK, other), scope="openid"))


def test_what_is_remembered_of_details_is_bounded(agent):
    for number in range(25):
        detail = said({**LOOK, "identifier": f"DE{number}"})
        agent.decide(authorization_details=detail, scope="openid")
    assert len(json.loads(Consent.objects.get().authorization_details)) == 20
    assert asks(agent.authorize(authorization_details=said({**LOOK, "identifier": "DE0"}), scope="openid"))


def test_details_are_text_on_every_page(agent):
    page = page_of(agent, {**RENT, "creditor": "<script>alert(1)</script>{{ 7 }}", "notes": ['"><img src=x>']})
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 }}" in page
    assert "<img src=x>" not in page
    agent.code(authorization_details=said({**LOOK, "identifier": "<b>x</b>"}))
    apps = agent.browser.get("/accounts/apps/").content.decode()
    assert "&lt;b&gt;x&lt;/b&gt;" in apps
    assert "See accounts" in apps


@pytest.mark.parametrize(
    "text",
    ["Landlord \u202e00.054", "a\u2066b\u2069", "Sam\u200bsung", "\u3164", "a\nb", "a\r\nSet-Cookie: x=1", "\u2800x"],
)
def test_text_that_would_not_be_read_as_it_is_is_refused(agent, text):
    answer = agent.authorize(authorization_details=said({**RENT, "creditor": text}))
    assert answer_of(answer)["error"] == "invalid_authorization_details"


def test_a_name_of_letters_that_look_alike_is_told(agent):
    warning = "It mixes letters of several alphabets that look alike."
    assert warning in page_of(agent, {**RENT, "creditor": "Аpple"})
    assert warning not in page_of(agent, {**RENT, "creditor": "Apple 한국 Яблоко"})


def test_a_title_is_never_the_clients_own_choice(agent):
    for member in ("title", "title_en", "description", "label"):
        answer = agent.authorize(authorization_details=said({**RENT, member: "Only a login"}))
        assert answer_of(answer)["error"] == "invalid_authorization_details"


@pytest.mark.parametrize(
    "asked",
    [
        said(*({**LOOK, "identifier": f"DE{n}"} for n in range(11))),
        said({**LOOK, "actions": [f"a{n}" for n in range(21)]}),
        said({**LOOK, "identifier": "x" * 256}),
        "[" * 1000 + "]" * 1000,
        '[{"type":"accounts","identifier":' * 60,
        f'[{{"type":"accounts","identifier":{"9" * 3000}}}]',
        '[{"type":"accounts","type":"payment"}]',
        said({**LOOK, "locations": ["https://a.example/" + "x" * 3000]}),
    ],
)
def test_more_than_a_page_can_say_is_refused(agent, asked):
    answer = agent.authorize(authorization_details=asked)
    assert answer_of(answer)["error"] == "invalid_authorization_details"


def test_a_parameter_beyond_all_bounds_is_refused_like_any_other(agent):
    path = f"/oauth/authorize?{urlencode(agent.parameters(authorization_details=said(LOOK) + ' ' * 5000))}"
    assert agent.browser.get(path).status_code == 400


def test_details_that_came_twice_are_refused(agent):
    twice = f"{urlencode(agent.parameters(authorization_details=said(LOOK)))}&{urlencode({'authorization_details': said(RENT)})}"
    assert answer_of(agent.browser.get(f"/oauth/authorize?{twice}"))["error"] == "invalid_request"


def test_a_type_that_is_gone_is_told_in_its_own_names_and_asked_for_no_more(agent):
    tokens = agent.tokens(authorization_details=said(LOOK))
    authorization_detail_types.delete(name="accounts")
    authorization_detail_types.memory.forget()
    apps = agent.browser.get("/accounts/apps/").content.decode()
    assert "Use the authorization “accounts”" in apps
    assert "DE02" in apps
    answer = agent.authorize(authorization_details=said(LOOK))
    assert answer_of(answer)["error"] == "invalid_authorization_details"
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert claims["authorization_details"] == [LOOK]


def test_a_type_that_changed_shows_what_was_granted_all_the_same(agent):
    agent.tokens(authorization_details=said(RENT))
    authorization_detail_types.put(
        DetailType(type="payment", title_en="Pay", fields=(DetailField(name="creditor", label_en="Whom"),))
    )
    authorization_detail_types.memory.forget()
    apps = agent.browser.get("/accounts/apps/").content.decode()
    for word in ("Pay", "Whom", "Landlord &amp; Sons", "450.00 EUR"):
        assert word in apps


def test_the_trail_names_the_types_alone_and_not_what_they_say_of_a_person(agent):
    agent.code(authorization_details=said(RENT))
    details = AuditEvent.objects.of_action("consent.given").get().details
    assert details["authorization_details_types"] == "payment"
    assert "Landlord" not in json.dumps(details)
