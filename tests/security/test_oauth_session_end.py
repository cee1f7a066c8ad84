"""What ends with a session and what outlives it (DESIGN section 6; docs/decisions/0002)."""

import re

import pytest
from django.test import Client as Browser

from accounts.models import Session
from accounts.services import people, sessions
from oauth.models import RefreshToken
from tests.clients import Application
from tests.people import PASSWORD
from tests.relying_party import userinfo, verified
from tests.staff import sign_in_strongly

pytestmark = pytest.mark.django_db

ONLINE, OFFLINE = "openid profile", "openid profile offline_access"
NEW_PASSWORD = "another battery, another staple, another horse"


@pytest.fixture
def elsewhere(application):
    """The same application on another device of Alice."""
    other = Application(application.client)
    other.sign_in()
    return other


def lives(application, tokens):
    """Tell whether tokens still refresh, and whether the access token that they came with is good."""
    refreshed = application.refresh(tokens["refresh_token"])
    if refreshed.status_code == 200:
        assert userinfo(refreshed.json()["access_token"]).status_code == 200
    return refreshed.status_code == 200, userinfo(tokens["access_token"]).status_code == 200


DEAD = (False, False)
ONLY_REFRESH = (True, False)
ALIVE = (True, True)


def sign_out(application):
    application.browser.post("/accounts/logout/")


def sign_out_by_the_client(application):
    application.browser.post("/oauth/end-session", {"decision": "sign_out"})


def end_on_the_devices_page(application):
    browser = Browser()
    browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    session = Session.objects.order_by("created").first()
    browser.post(f"/accounts/sessions/{session.pk}/end/")


ENDINGS = [sign_out, sign_out_by_the_client, end_on_the_devices_page]


@pytest.mark.parametrize("end", ENDINGS)
def test_tokens_without_offline_access_end_with_their_session(application, end):
    tokens = application.tokens(scope=ONLINE)
    end(application)
    assert Session.objects.order_by("created").first().ended_at
    assert lives(application, tokens) == DEAD


@pytest.mark.parametrize("end", ENDINGS)
def test_tokens_with_offline_access_survive_the_end_of_their_session(application, end):
    tokens = application.tokens(scope=OFFLINE)
    end(application)
    assert lives(application, tokens) == ONLY_REFRESH


def test_an_offline_token_names_the_session_no_more_once_it_is_over(application):
    tokens = application.tokens(scope=OFFLINE)
    sign_out(application)
    refreshed = application.refresh(tokens["refresh_token"]).json()
    for value, audience in ((refreshed["access_token"], "http://testserver"), (refreshed["id_token"], "app")):
        assert "sid" not in verified(value, audience=audience)
    before = verified(tokens["id_token"], audience="app")
    assert verified(refreshed["id_token"], audience="app")["auth_time"] == before["auth_time"]


def test_an_administrator_ends_a_session_and_what_hangs_on_it(application, make_person):
    tokens = application.tokens(scope=ONLINE)
    browser = Browser()
    root = make_person("root", staff=True, superuser=True)
    sign_in_strongly(browser, root)
    session = Session.objects.get(user__username="alice")
    form = {"action": "end", "_selected_action": [str(session.pk)]}
    browser.post("/admin/accounts/session/", form)
    session.refresh_from_db()
    assert session.ended_at
    assert lives(application, tokens) == DEAD


def test_the_session_of_another_device_leaves_this_one_alone(application, elsewhere):
    here, there = application.tokens(scope=ONLINE), elsewhere.tokens(scope=ONLINE)
    sign_out(elsewhere)
    assert lives(elsewhere, there) == DEAD
    assert lives(application, here) == ALIVE


def test_ending_all_others_ends_offline_tokens_too_and_leaves_those_of_this_session(application, elsewhere):
    """Offline tokens hang on no session, so that "all others" means them, wherever they came from."""
    here, there = application.tokens(scope=ONLINE), elsewhere.tokens(scope=ONLINE)
    offline_here, offline_there = application.tokens(scope=OFFLINE), elsewhere.tokens(scope=OFFLINE)
    assert application.browser.post("/accounts/sessions/end-others/").status_code == 302
    assert lives(application, here) == ALIVE
    assert lives(elsewhere, there) == DEAD
    assert lives(application, offline_here) == DEAD
    assert lives(elsewhere, offline_there) == DEAD


def change_password(application):
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    application.browser.post("/accounts/password/change/", form)


def test_a_changed_password_ends_all_but_what_hangs_on_this_session(person, application, elsewhere):
    here, there = application.tokens(scope=ONLINE), elsewhere.tokens(scope=ONLINE)
    offline = application.tokens(scope=OFFLINE)
    change_password(application)
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD)
    assert lives(application, here) == ALIVE
    assert lives(elsewhere, there) == DEAD
    assert lives(application, offline) == DEAD


def test_a_reset_password_ends_everything(person, application, deliver_mail):
    online, offline = application.tokens(scope=ONLINE), application.tokens(scope=OFFLINE)
    visitor = Browser()
    visitor.post("/accounts/password/reset/", {"email": person.email})
    link = re.search(r"/accounts/password/reset/key/\S+", deliver_mail()[-1].body).group()
    form_at = visitor.get(link)["Location"]
    visitor.post(form_at, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD)
    assert lives(application, online) == DEAD
    assert lives(application, offline) == DEAD


def test_a_changed_factor_ends_offline_tokens_and_other_sessions(person, application, elsewhere):
    from accounts.middleware import SID_KEY
    from trust.lib.origin import Origin

    here, there = application.tokens(scope=ONLINE), elsewhere.tokens(scope=ONLINE)
    offline = application.tokens(scope=OFFLINE)
    keep = Session.objects.get(pk=application.browser.session[SID_KEY]).pk
    people.factor_changed(user=person, keep=keep, factor="totp", origin=Origin())
    assert lives(application, here) == ALIVE
    assert lives(elsewhere, there) == DEAD
    assert lives(application, offline) == DEAD


def test_a_deactivation_ends_everything_for_good(person, application):
    online, offline = application.tokens(scope=ONLINE), application.tokens(scope=OFFLINE)
    people.deactivate(user=person, actor=None)
    people.activate(user=person, actor=None)
    assert lives(application, online) == DEAD
    assert lives(application, offline) == DEAD


@pytest.mark.parametrize("scope", [ONLINE, OFFLINE])
def test_taking_an_app_back_ends_its_tokens_and_no_others(application, public_application, scope):
    public_application.browser = application.browser
    tokens, of_other = application.tokens(scope=scope), public_application.tokens(scope=scope)
    assert application.browser.post(f"/accounts/apps/{application.client.pk}/revoke/").status_code == 302
    assert lives(application, tokens) == DEAD
    assert lives(public_application, of_other) == ALIVE


def test_nobody_takes_back_an_app_of_somebody_else(application, make_person):
    tokens = application.tokens(scope=OFFLINE)
    make_person("bob")
    of_bob = Application(application.client)
    of_bob.sign_in("bob")
    assert of_bob.browser.post(f"/accounts/apps/{application.client.pk}/revoke/").status_code == 404
    assert lives(application, tokens) == ALIVE


def test_what_ended_stays_dead_in_a_process_that_starts_afterwards(application):
    from trust.revocation.feed import feed

    tokens = application.tokens(scope=ONLINE)
    sign_out(application)
    feed.forget()
    assert lives(application, tokens) == DEAD


def test_what_ended_is_known_for_as_long_as_any_access_token_may_live(application):
    """A token of the longest lifetime is refused to its last second, though its revocation is no longer new."""
    from oauth.conf import ACCESS_TOKEN_LIFETIMES
    from trust.revocation.models import Revocation

    application.client.access_token_lifetime = ACCESS_TOKEN_LIFETIMES[1]
    application.client.save()
    tokens = application.tokens(scope=ONLINE)
    assert tokens["expires_in"] == ACCESS_TOKEN_LIFETIMES[1]
    sign_out(application)
    dies = verified(tokens["access_token"], audience="http://testserver")["exp"]
    assert all(entry.expires_at.timestamp() >= dies for entry in Revocation.objects.all())


def test_an_expired_session_takes_its_tokens_along(application):
    from datetime import timedelta

    from trust.lib import clock

    online, offline = application.tokens(scope=ONLINE), application.tokens(scope=OFFLINE)
    Session.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert application.refresh(online["refresh_token"]).json()["error"] == "invalid_grant"
    assert application.refresh(offline["refresh_token"]).status_code == 200


def test_rotation_never_moves_the_absolute_end(application):
    tokens = application.tokens(scope=OFFLINE)
    before = RefreshToken.objects.get().expires_at
    application.refresh(application.refresh(tokens["refresh_token"]).json()["refresh_token"])
    assert RefreshToken.objects.get().expires_at == before
    sessions.end_all(user=Session.objects.get().user, reason="test")
    assert RefreshToken.objects.get().revoked
