"""A browser's sign-in and our Session are one thing: fixation, two people in one browser, what ends when."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Session, User
from accounts.services import people, sessions
from tests.people import PASSWORD
from trust.lib import clock

pytestmark = pytest.mark.django_db

NEW = "a quite different passphrase"


def sign_in(client, login="alice", password=PASSWORD):
    return client.post("/accounts/login/", {"login": login, "password": password})


def is_signed_in(client):
    return client.get("/accounts/").status_code == 200


def test_a_sign_in_on_the_page_makes_one_session(client, person):
    sign_in(client)
    session = Session.objects.get()
    assert (session.kind, session.user, session.amr, session.acr) == ("browser", person, "pwd", "aal1")
    assert client.session["sid"] == str(session.pk)


def test_a_new_session_key_at_sign_in(client, person):
    """Session fixation: CVE-2026-7507 and its like."""
    client.get("/accounts/login/")
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_sign_out_ends_the_session(client, person):
    sign_in(client)
    client.post("/accounts/logout/")
    assert not Session.objects.alive().exists()
    assert not is_signed_in(client)


def test_a_get_of_the_sign_out_page_ends_nothing(client, person):
    sign_in(client)
    client.get("/accounts/logout/")
    assert is_signed_in(client)


def test_an_ended_session_signs_the_browser_out_at_its_next_request(client, person):
    sign_in(client)
    sessions.end_all(user=person, reason="test")
    assert not is_signed_in(client)
    assert "_auth_user_id" not in client.session


def test_a_session_past_its_absolute_end_signs_the_browser_out(client, person):
    sign_in(client)
    Session.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert not is_signed_in(client)


def test_a_disabled_person_is_out_at_the_next_request(client, person):
    sign_in(client)
    people.deactivate(user=person, actor=None)
    assert not is_signed_in(client)


def test_disabling_behind_the_services_back_shuts_out_too(client, person):
    sign_in(client)
    User.objects.update(is_active=False)
    assert not is_signed_in(client)


def test_a_browser_sign_in_without_a_session_is_none(client, person):
    """CVE-2019-3868 and its like: what is not ours does not pass for a session."""
    sign_in(client)
    stored = client.session
    del stored["sid"]
    stored.save()
    assert not is_signed_in(client)


def test_a_session_of_somebody_else_is_none(client, person, make_person):
    sign_in(client)
    other = Client()
    sign_in(other, make_person("bob").username)
    stored = client.session
    stored["sid"] = other.session["sid"]
    stored.save()
    assert not is_signed_in(client)


@pytest.mark.parametrize("sid", ["junk", "", 7, None])
def test_a_mangled_sid_signs_out_and_is_no_500(client, person, sid):
    sign_in(client)
    stored = client.session
    stored["sid"] = sid
    stored.save()
    assert not is_signed_in(client)


def test_signing_in_as_another_ends_the_first_session(client, person, make_person):
    """CVE-2023-6787, CVE-2025-12390: two people in one browser never share a session."""
    bob = make_person("bob")
    sign_in(client)
    first = Session.objects.get()
    client.post("/accounts/logout/")
    sign_in(client, "bob")
    second = Session.objects.alive().get()
    assert (second.user, second.pk == first.pk) == (bob, False)


def test_forcing_a_second_sign_in_ends_the_first_session(client, person, make_person, rf):
    from django.contrib.auth import login

    sign_in(client)
    request = rf.post("/")
    request.session = client.session
    request.account_session = Session.objects.get()
    login(request, make_person("bob"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert [session.user.username for session in Session.objects.alive()] == ["bob"]


def test_a_changed_password_ends_all_other_sessions(client, person):
    """S4: nothing of the old password lives on."""
    other = Client()
    sign_in(other)
    sign_in(client)
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/accounts/password/change/", form).status_code == 302
    assert is_signed_in(client)
    assert not is_signed_in(other)


def test_the_old_password_is_asked_for_on_change(client, person):
    sign_in(client)
    form = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    assert client.post("/accounts/password/change/", form).status_code == 200
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def reset_link(client, deliver_mail):
    client.post("/accounts/password/reset/", {"email": "alice@example.com"})
    deliver_mail()
    return re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[-1].body).group(1)


def test_a_reset_ends_every_session_and_keeps_the_second_factor(client, person, totp, deliver_mail):
    other = Client()
    sign_in(other)
    other.post("/accounts/2fa/authenticate/", {"code": totp.now()})
    assert is_signed_in(other)
    page = client.get(reset_link(client, deliver_mail), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert not is_signed_in(other)
    sign_in(client, password=NEW)
    assert not is_signed_in(client)


def test_a_reset_link_is_good_once(client, person, deliver_mail):
    link = reset_link(client, deliver_mail)
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    again = Client().get(link, follow=True)
    assert "password1" not in again.content.decode()


def test_a_second_factor_brings_the_browser_to_aal2(client, person, totp):
    sign_in(client)
    assert not is_signed_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": totp.now()})
    assert is_signed_in(client)
    session = Session.objects.get()
    assert (session.amr, session.acr) == ("mfa otp pwd", "aal2")


def test_a_totp_code_used_in_the_browser_is_spent(client, person, totp):
    """A2: the replay protection is a row, not a process's memory."""
    from django.core.cache import cache

    code = totp.now()
    sign_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    cache.clear()
    other = Client()
    sign_in(other)
    other.post("/accounts/2fa/authenticate/", {"code": code})
    assert not is_signed_in(other)


def test_a_reauthentication_moves_auth_time_on(client, person):
    sign_in(client)
    Session.objects.update(auth_time=clock.now() - timedelta(hours=2))
    before = Session.objects.get().auth_time
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert Session.objects.get().auth_time > before


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_leads_nowhere_else(client, person, target):
    response = client.post(f"/accounts/login/?next={target}", {"login": "alice", "password": PASSWORD, "next": target})
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/")


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"])
def test_forms_need_a_csrf_token(person, path):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"login": "alice", "password": PASSWORD, "email": "a@example.com"}).status_code == 403


def test_an_empty_post_skips_no_step(client, person, totp):
    """CVE-2026-49448: a stage bypassed by an empty POST."""
    sign_in(client)
    for path in ("/accounts/2fa/authenticate/", "/accounts/login/", "/accounts/reauthenticate/"):
        client.post(path, {})
    assert not is_signed_in(client)
