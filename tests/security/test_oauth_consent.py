"""Consent that was forged, remembered too well, or never asked for; and prompt=none, which tells nothing."""

from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser

from oauth.models import AuthorizationCode, Consent, PairwiseSubject
from tests.clients import Application, answer_of, make_client

pytestmark = pytest.mark.django_db

LOCAL = ["http://127.0.0.1/callback", "http://[::1]/callback", "http://localhost/callback", "com.example.app:/callback"]


def asks(answer):
    return answer.status_code == 200 and b'name="decision"' in answer.content


def strict(application):
    """The same browser, whose forms are checked as they are in production."""
    browser = Browser(enforce_csrf_checks=True)
    browser.cookies = application.browser.cookies
    return browser


@pytest.mark.parametrize(
    "headers", [{}, {"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
@pytest.mark.parametrize("decision", ["allow", "deny"])
def test_nobody_decides_by_another_sites_form(application, headers, decision):
    path = f"/oauth/authorize?{urlencode(application.parameters())}"
    answer = strict(application).post(path, {"decision": decision, "csrfmiddlewaretoken": "x" * 64}, headers=headers)
    assert (answer.status_code, "Location" in answer) == (403, False)
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"decision": "allow"},
        {"approval_prompt": "auto"},
        {"consent": "1"},
        {"allow": "true"},
        {"skip_authorization": "1"},
    ],
)
def test_nothing_in_the_request_stands_for_consent(application, more):
    assert asks(application.authorize(**more))
    posted = application.browser.post(
        "/oauth/authorize", urlencode(application.parameters()), content_type="text/plain"
    )
    assert posted.status_code == 303
    assert not AuthorizationCode.objects.exists()


@pytest.mark.parametrize("decision", ["", "yes", "ALLOW", "allow ", "allow,deny", "true"])
def test_only_allow_is_allow(application, decision):
    answer = application.decide(decision)
    assert asks(answer) or answer_of(answer)["error"] == "access_denied"
    assert not AuthorizationCode.objects.exists()


def test_nobody_consents_who_is_not_signed_in(app):
    answer = Application(app).decide()
    assert answer["Location"].startswith("/accounts/login/")
    assert not AuthorizationCode.objects.exists()
    assert not Consent.objects.exists()


def test_consent_is_remembered_for_what_was_allowed(application):
    application.code(scope="openid profile")
    assert not asks(application.authorize(scope="openid profile"))
    assert not asks(application.authorize(scope="profile"))
    assert asks(application.authorize(scope="openid profile email"))
    assert asks(application.authorize(scope="openid profile offline_access"))
    assert answer_of(application.authorize(scope="openid email", prompt="none"))["error"] == "consent_required"


def test_what_was_denied_is_not_remembered_as_allowed(application):
    application.code(scope="openid")
    application.decide("deny", scope="openid email")
    assert asks(application.authorize(scope="openid email"))


def test_who_denies_gives_no_code_though_it_was_allowed_before(application):
    application.code()
    answer = answer_of(application.decide("deny"))
    assert (answer["error"], "code" in answer) == ("access_denied", False)


def test_consent_is_each_persons_own_and_for_one_client(application, make_person):
    application.code()
    make_person("bob")
    of_bob = Application(application.client)
    of_bob.sign_in("bob")
    assert asks(of_bob.authorize())
    other = Application(make_client("other"))
    other.browser = application.browser
    assert asks(other.authorize())


def test_consent_that_was_taken_back_is_asked_for_again(application):
    application.code()
    application.browser.post(f"/accounts/apps/{application.client.pk}/revoke/")
    assert asks(application.authorize())


@pytest.mark.spec("RFC 8252", "8.6")
@pytest.mark.parametrize("redirect_uri", LOCAL)
@pytest.mark.parametrize("skips", [False, True])
def test_any_program_may_pose_as_a_public_client_on_the_device_so_it_is_always_asked_about(person, redirect_uri, skips):
    application = Application(make_client("native", public=True, redirect_uris=redirect_uri, skip_authorization=skips))
    application.sign_in()
    for _ in range(2):
        assert asks(application.authorize())
        assert "code" in answer_of(application.decide())
    assert answer_of(application.authorize(prompt="none"))["error"] == "consent_required"


def test_a_public_client_of_the_web_is_remembered(public_application):
    public_application.code()
    assert not asks(public_application.authorize())


def test_prompt_none_tells_a_strangers_page_nothing(application, make_person):
    """Whether one is signed in is all that it says: neither who, nor a page, nor anything stored."""
    stranger = Application(make_client("stranger", redirect_uris="https://stranger.example/callback"))
    stranger.browser = application.browser
    answer = stranger.authorize(prompt="none")
    assert set(answer_of(answer)) == {"error", "error_description", "error_uri", "state", "iss"}
    assert answer.content == b""
    assert not AuthorizationCode.objects.exists()
    assert not Consent.objects.exists()


def test_prompt_none_shows_no_page_whatever_is_wrong(application):
    for changed in ({"max_age": "0"}, {"scope": "unknown"}, {"request": "x"}, {"code_challenge": None}):
        answer = application.authorize(prompt="none", **changed)
        assert "error" in answer_of(answer), changed


def test_who_is_in_none_of_the_clients_groups_is_denied(person, application):
    group = Group.objects.create(name="staff")
    application.client.groups.add(group)
    answers = (application.authorize(), application.decide(), application.decide("deny"))
    assert [(answer.status_code, "Location" in answer) for answer in answers] == [(403, False)] * 3
    assert answer_of(application.authorize(prompt="none"))["error"] == "access_denied"
    assert not AuthorizationCode.objects.exists()
    group.user_set.add(person)
    assert asks(application.authorize())


def test_who_leaves_the_clients_group_can_refresh_no_more(person, application):
    group = Group.objects.create(name="staff")
    group.user_set.add(person)
    application.client.groups.add(group)
    refresh = application.tokens(scope="openid offline_access")["refresh_token"]
    group.user_set.remove(person)
    assert application.refresh(refresh).json()["error"] == "invalid_grant"
    group.user_set.add(person)
    assert application.refresh(refresh).status_code == 200


def test_one_of_several_groups_is_enough(person, application):
    groups = [Group.objects.create(name=name) for name in ("staff", "editors", "guests")]
    application.client.groups.set(groups[:2])
    groups[1].user_set.add(person)
    groups[2].user_set.add(person)
    tokens = application.tokens()
    assert application.refresh(tokens["refresh_token"]).status_code == 200


def test_names_of_clients_are_text_on_the_page(person):
    application = Application(make_client(name="<script>alert(1)</script>{{ 7 }}"))
    application.sign_in()
    page = application.authorize().content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 }}" in page


def test_a_client_has_no_name_for_a_person_before_they_allow_it(person, app):
    """Else whoever makes her browser visit learns nothing, but leaves rows: one for each sector that there is."""
    app.subject_type = "pairwise"
    app.save()
    application = Application(app)
    application.sign_in()
    assert application.authorize().status_code == 200
    assert answer_of(application.authorize(prompt="none"))["error"] == "consent_required"
    assert answer_of(application.decide("deny"))["error"] == "access_denied"
    assert not PairwiseSubject.objects.exists()
    application.tokens()
    assert PairwiseSubject.objects.count() == 1
