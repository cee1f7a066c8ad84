"""OpenID Connect RP-Initiated Logout 1.0: what the plan of that name looks at."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client as Browser

from accounts.models import Session
from tests.clients import Application, answer_of, make_client
from trust.keys.models import Algorithm
from trust.keys.ring import ring
from trust.lib import clock

pytestmark = pytest.mark.django_db

BYE = "https://app.example/bye"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def application(person):
    program = Application(make_client(post_logout_redirect_uris=f"{BYE} https://app.example/bye?from=op"))
    program.sign_in()
    return program


@pytest.fixture
def hint(application):
    return application.tokens()["id_token"]


def leave(application, **parameters):
    return application.browser.get(f"/oauth/end-session?{urlencode(parameters)}")


def is_signed_in(application):
    return "error" not in answer_of(application.authorize(prompt="none"))


def asks(answer):
    return answer.status_code == 200 and b'name="decision"' in answer.content


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_a_hint_and_a_registered_address_sign_out_and_lead_back_with_the_state(application, hint):
    answer = leave(application, id_token_hint=hint, post_logout_redirect_uri=BYE, state="a b&c")
    assert answer.status_code == 303
    assert answer["Location"].startswith(f"{BYE}?")
    assert dict(parse_qsl(urlsplit(answer["Location"]).query)) == {"state": "a b&c"}
    assert answer_of(application.authorize(prompt="none"))["error"] == "login_required"
    assert Session.objects.get().ended_at is not None


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_without_a_state_none_is_returned(application, hint):
    assert leave(application, id_token_hint=hint, post_logout_redirect_uri=BYE)["Location"] == BYE


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "3")
def test_the_query_of_a_registered_address_is_retained(application, hint):
    asked = "https://app.example/bye?from=op"
    answer = leave(application, id_token_hint=hint, post_logout_redirect_uri=asked, state="s")
    assert answer["Location"] == f"{asked}&state=s"


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_a_post_from_the_clients_page_works_as_a_get(application, hint):
    form = {"id_token_hint": hint, "post_logout_redirect_uri": BYE}
    # From another site the browser sends no cookie along, and our CSRF token is not to be had.
    answer = Browser(enforce_csrf_checks=True).post("/oauth/end-session", urlencode(form), content_type=FORM)
    assert answer.status_code == 303
    assert application.browser.get(answer["Location"])["Location"] == BYE
    assert not is_signed_in(application)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "3")
@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/", f"{BYE}/", f"{BYE}?x=y", f"{BYE}#x", "https://app.example/callback", "https://app.example/BYE",
        "https://app.example:443/bye", "https://user@app.example/bye", "//evil.example", "javascript:alert(1)", f"{BYE} ",
    ],
)  # fmt: skip
def test_an_address_that_is_not_registered_is_never_redirected_to(application, hint, address):
    answer = leave(application, id_token_hint=hint, post_logout_redirect_uri=address, state="s")
    assert (answer.status_code, "Location" in answer) == (200, False)
    assert not is_signed_in(application)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "4")
@pytest.mark.parametrize("forge", ["altered", "none", "another key", "access token", "nonsense"])
def test_a_hint_that_is_not_ours_asks_and_leads_nowhere(application, hint, forge):
    head, body, signature = hint.split(".")
    forged = {
        "altered": f"{head}.{body[:-4]}AAAA.{signature}",
        "none": f"eyJhbGciOiJub25lIn0.{body}.",
        "another key": f"{head}.{body}.{'A' * len(signature)}",
        "access token": application.tokens()["access_token"],
        "nonsense": "nonsense",
    }[forge]
    answer = leave(application, id_token_hint=forged, post_logout_redirect_uri=BYE)
    assert asks(answer)
    assert is_signed_in(application)
    assert "app.example" not in answer["Content-Security-Policy"]
    confirmed = application.browser.post(answer.wsgi_request.get_full_path(), {"decision": "sign_out"})
    assert (confirmed.status_code, "Location" in confirmed) == (200, False)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_an_expired_hint_is_accepted(application, hint):
    past = clock.now() - timedelta(days=2)
    session = Session.objects.get()
    claims = {"iss": "http://testserver", "sub": str(session.user_id), "aud": "app", "sid": str(session.pk)}
    claims |= {"iat": int(past.timestamp()), "exp": int(past.timestamp()) + 3600}
    expired = ring.sign(claims, typ="JWT", algorithm=Algorithm.RS256, now=clock.now())
    assert leave(application, id_token_hint=expired, post_logout_redirect_uri=BYE)["Location"] == BYE
    assert not is_signed_in(application)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_without_a_hint_the_person_is_asked(application, hint):
    for parameters in ({}, {"state": "s"}, {"post_logout_redirect_uri": BYE}, {"client_id": "app"}):
        assert asks(leave(application, **parameters)), parameters
    assert is_signed_in(application)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_the_person_may_sign_out_or_stay(application, hint):
    path = f"/oauth/end-session?{urlencode({'client_id': 'app', 'post_logout_redirect_uri': BYE, 'state': 's'})}"
    assert application.browser.post(path, {"decision": "stay"})["Location"] == "/accounts/"
    assert is_signed_in(application)
    assert application.browser.post(path, {"decision": "sign_out"})["Location"] == f"{BYE}?state=s"
    assert not is_signed_in(application)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "3")
def test_without_a_client_the_confirmation_leads_to_our_own_page(application, hint):
    path = f"/oauth/end-session?{urlencode({'post_logout_redirect_uri': BYE})}"
    answer = application.browser.post(path, {"decision": "sign_out"})
    assert (answer.status_code, "Location" in answer) == (200, False)
    assert not is_signed_in(application)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "6")
def test_nobody_is_signed_out_by_another_sites_form(person, app):
    application = Application(app)
    application.browser = Browser(enforce_csrf_checks=True)
    application.browser.force_login(person)
    answer = application.browser.post("/oauth/end-session", {"decision": "sign_out"})
    assert answer.status_code == 403
    assert Session.objects.get().ended_at is None


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_a_hint_beside_another_clients_id_leads_nowhere(application, hint):
    make_client("other", post_logout_redirect_uris="https://other.example/bye")
    for address in (BYE, "https://other.example/bye"):
        answer = leave(application, id_token_hint=hint, client_id="other", post_logout_redirect_uri=address)
        assert asks(answer)
    assert is_signed_in(application)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_a_hint_of_another_session_signs_nobody_out_without_asking(application, hint):
    elsewhere = Application(application.client)
    elsewhere.sign_in()
    assert asks(leave(elsewhere, id_token_hint=hint, post_logout_redirect_uri=BYE))
    assert is_signed_in(elsewhere)
    assert is_signed_in(application)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_who_is_signed_out_already_is_led_back_all_the_same(application, hint):
    application.browser.post("/accounts/logout/")
    answer = leave(application, id_token_hint=hint, post_logout_redirect_uri=BYE, state="s")
    assert answer["Location"] == f"{BYE}?state=s"
    assert leave(application).status_code == 200


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_other_devices_stay_signed_in(application, hint):
    elsewhere = Application(application.client)
    elsewhere.sign_in()
    leave(application, id_token_hint=hint)
    assert not is_signed_in(application)
    assert is_signed_in(elsewhere)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2.1")
def test_the_metadata_names_the_endpoint_which_answers_with_a_slash_too():
    said = Browser().get("/.well-known/openid-configuration").json()
    assert said["end_session_endpoint"] == "http://testserver/oauth/end-session"
    assert Browser().get("/oauth/end-session/").status_code == 200
