"""OpenID Connect RP-Initiated Logout 1.0: what the plan of that name looks at."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client as Browser

from accounts.models import Session
from oauth.models import PairwiseSubject
from oauth.services import registration
from tests.clients import Application, answer_of, make_client
from trust.keys.models import Algorithm, SigningKey
from trust.keys.ring import ring
from trust.keys.rotation import ensure_keys
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


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
@pytest.mark.parametrize("value", ["alice", "bob@example.com", "<script>", "a b", ""])
def test_a_logout_hint_is_no_error_and_signs_nobody_out(application, hint, value):
    assert asks(leave(application, logout_hint=value))
    assert is_signed_in(application)
    assert leave(application, id_token_hint=hint, post_logout_redirect_uri=BYE, logout_hint=value)["Location"] == BYE


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
@pytest.mark.parametrize(("ui_locales", "language"), [("ko", "ko"), ("xx ko-KR en", "ko"), ("xx", "en"), ("<b>", "en")])
def test_ui_locales_picks_the_language_of_the_page_where_we_have_it(application, hint, ui_locales, language):
    answer = leave(application, ui_locales=ui_locales)
    assert asks(answer)
    assert answer["Content-Language"] == language
    assert f'lang="{language}"' in answer.content.decode()
    gone = application.browser.post(answer.wsgi_request.get_full_path(), {"decision": "sign_out"})
    assert (gone.status_code, gone["Content-Language"]) == (200, language)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_parameters_that_nobody_knows_are_ignored(application, hint):
    assert leave(application, id_token_hint=hint, post_logout_redirect_uri=BYE, ui="x", sid="y")["Location"] == BYE


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
@pytest.mark.parametrize("repeated", ["state", "id_token_hint", "client_id", "post_logout_redirect_uri"])
def test_a_parameter_that_comes_twice_leads_nowhere(application, hint, repeated):
    asked = {"id_token_hint": hint, "post_logout_redirect_uri": BYE, "state": "s", "client_id": "app"}
    answer = application.browser.get(f"/oauth/end-session?{urlencode([*asked.items(), (repeated, asked[repeated])])}")
    assert asks(answer)
    assert is_signed_in(application)
    confirmed = application.browser.post(answer.wsgi_request.get_full_path(), {"decision": "sign_out"})
    assert (confirmed.status_code, "Location" in confirmed) == (200, False)


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "3")
@pytest.mark.parametrize("end", [registration.disable, registration.delete])
@pytest.mark.parametrize("named", [{}, {"client_id": "app"}])
def test_a_client_that_is_disabled_or_gone_signs_nobody_out_and_is_not_led_back_to(application, hint, end, named):
    end(client_pk=application.client.pk)
    answer = leave(application, id_token_hint=hint, post_logout_redirect_uri=BYE, state="s", **named)
    assert asks(answer)
    assert "app.example" not in answer["Content-Security-Policy"]
    assert Session.objects.get().ended_at is None
    confirmed = application.browser.post(answer.wsgi_request.get_full_path(), {"decision": "sign_out"})
    assert (confirmed.status_code, "Location" in confirmed) == (200, False)
    assert Session.objects.get().ended_at is not None


def retire(*, published: bool):
    """Let the key of id tokens have signed until a moment ago; be published still, or no more."""
    key, now = SigningKey.objects.get(algorithm=Algorithm.RS256), clock.now()
    key.signs_until = now - timedelta(seconds=2)
    key.published_until = now + timedelta(hours=1) if published else now - timedelta(seconds=1)
    key.save()
    ensure_keys(now=now)
    ring.forget()


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_a_hint_of_a_key_that_signs_no_more_is_good_while_it_is_published(application, hint):
    retire(published=True)
    assert leave(application, id_token_hint=hint, post_logout_redirect_uri=BYE)["Location"] == BYE


@pytest.mark.spec("OpenID Connect RP-Initiated Logout 1.0", "2")
def test_a_hint_of_a_key_that_rotated_out_asks_and_leads_nowhere(application, hint):
    retire(published=False)
    answer = leave(application, id_token_hint=hint, post_logout_redirect_uri=BYE)
    assert asks(answer)
    assert "app.example" not in answer["Content-Security-Policy"]


@pytest.mark.spec("OpenID Connect Core 1.0", "8.1")
def test_a_pairwise_hint_is_compared_with_what_its_client_was_told(application, make_person):
    callback = "https://pair.example/callback"
    made = make_client("pair", subject_type="pairwise", redirect_uris=callback, post_logout_redirect_uris=BYE)
    pairwise, elsewhere, bobs = Application(made), Application(made), Application(made)
    pairwise.browser = application.browser
    elsewhere.sign_in()
    make_person("bob")
    bobs.sign_in("bob")
    hint = pairwise.tokens()["id_token"]
    for other in (elsewhere, bobs):  # Bob's name in this sector was never made
        assert asks(leave(other, id_token_hint=hint, post_logout_redirect_uri=BYE))
    assert not Session.objects.exclude(ended_at=None).exists()
    assert PairwiseSubject.objects.count() == 1
    assert leave(pairwise, id_token_hint=hint, post_logout_redirect_uri=BYE)["Location"] == BYE


def test_a_hint_whose_session_is_right_and_whose_person_is_not_signs_nobody_out(application, make_person):
    """We never sign such a token; if a fault of ours ever does, the person is asked."""
    session, now = Session.objects.get(), clock.now()
    claims = {"iss": "http://testserver", "sub": str(make_person("bob").pk), "aud": "app", "sid": str(session.pk)}
    claims |= {"iat": int(now.timestamp()), "exp": int(now.timestamp()) + 60}
    token = ring.sign(claims, typ="JWT", algorithm=Algorithm.RS256, now=now)
    assert asks(leave(application, id_token_hint=token, post_logout_redirect_uri=BYE))
