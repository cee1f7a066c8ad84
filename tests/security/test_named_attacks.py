"""Vulnerabilities that systems like ours really had, and that no other file here is about: each tried on us."""

import time

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.core import mail
from django.test import Client

from accounts.models import Session, User
from tests.accounts.api.client import Api
from tests.people import PASSWORD
from tests.staff import sign_in_strongly

pytestmark = pytest.mark.django_db

NEW = "a quite different passphrase"


def test_a_reset_whose_first_step_was_skipped_changes_nothing(client, person):
    """CVE-2026-18963: the form for the new password, called with a user's id and no key."""
    uid = user_pk_to_url_str(person)
    for key in ("set-password", "", "x", "set-password-set-password"):
        path = f"/accounts/password/reset/key/{uid}-{key}/"
        client.get(path)
        client.post(path, {"password1": NEW, "password2": NEW})
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_a_reset_begun_for_one_person_is_not_ended_for_another(client, person, make_person, deliver_mail):
    """CVE-2023-26481: a step that is not bound to its person."""
    import re

    bob = make_person("bob")
    client.post("/accounts/password/reset/", {"email": "alice@example.com"})
    deliver_mail()
    link = re.search(r"http://testserver(/accounts/password/reset/key/(\S+)/)", mail.outbox[0].body)
    client.get(link[1])
    key = link[2].partition("-")[2]
    other = user_pk_to_url_str(bob)
    for path in (f"/accounts/password/reset/key/{other}-set-password/", f"/accounts/password/reset/key/{other}-{key}/"):
        client.get(path)
        client.post(path, {"password1": NEW, "password2": NEW})
    bob.refresh_from_db()
    assert bob.check_password(PASSWORD)


def test_a_key_of_the_old_password_is_dead_after_the_change(client, person, deliver_mail):
    """CVE-2022-23555: what was mailed, used again."""
    import re

    client.post("/accounts/password/reset/", {"email": "alice@example.com"})
    deliver_mail()
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+/)", mail.outbox[0].body)[1]
    person.set_password(NEW)
    person.save()
    assert "password1" not in client.get(link, follow=True).content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/admin;/",
        "/admin/;x/",
        "/accounts/..;/admin/",
        "/accounts/../admin/",
        "/%61dmin/",
        "/admin%2f",
        "/./admin/",
    ],
)
def test_no_spelling_of_the_path_opens_the_administration(client, person, path):
    """CVE-2026-0976: a `;` in the path beat the filter."""
    client.force_login(person)
    assert client.get(path).status_code in {302, 403, 404}
    for given in ("HTTP_X_ORIGINAL_URL", "HTTP_X_REWRITE_URL", "HTTP_X_FORWARDED_PATH", "HTTP_X_FORWARDED_PREFIX"):
        assert b"/static/admin/" not in client.get("/", **{given: "/admin/"}).content


def test_no_page_and_no_answer_shows_what_the_cookie_is(client, make_person):
    """CVE-2020-5224: keys of sessions in the page of devices."""
    sign_in_strongly(client, make_person("root", staff=True, superuser=True))
    cookie = client.cookies["sessionid"].value
    shown = [client.get(path) for path in ("/accounts/sessions/", "/accounts/", "/admin/accounts/session/")]
    sid = str(Session.objects.get().pk)
    shown.append(client.get(f"/admin/accounts/session/{sid}/change/"))
    for page in shown:
        assert page.status_code == 200
        assert cookie not in page.content.decode()


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        pytest.param("/accounts/login/", {"login": "alice", "password": "é" * 30_000}, id="CVE-2021-45115 sign-in"),
        pytest.param(
            "/accounts/signup/",
            {"email": "a@example.com", "password1": "ab" * 14_000, "password2": "ab" * 14_000},
            id="CVE-2021-45115 sign-up",
        ),
        pytest.param("/accounts/password/reset/", {"email": "a." * 20_000 + "@b"}, id="CVE-2023-36053 e-mail"),
        pytest.param("/accounts/password/reset/", {"email": "a@" + "b." * 20_000 + "c"}, id="CVE-2023-36053 domain"),
        pytest.param("/accounts/signup/", {"email": "a@[" + ":" * 30_000 + "]"}, id="CVE-2023-36053 literal"),
        pytest.param(
            "/accounts/signup/", {"username": "\ufdfa" * 9_000, "email": "a@example.com"}, id="NFKC of 18 for 1"
        ),
    ],
)
def test_long_input_costs_little(client, person, path, fields):
    started = time.process_time()
    assert client.post(path, fields).status_code < 500
    assert time.process_time() - started < 1.5
    assert User.objects.count() == 1


@pytest.mark.parametrize("value", ["9" * 2000, "ko-" + "a" * 8000, ",".join(["ko"] * 900), "-" * 8000])
def test_a_long_language_costs_little(client, value):
    """CVE-2023-23969, CVE-2024-39614."""
    started = time.process_time()
    assert client.get("/", headers={"accept-language": value}).status_code == 200
    assert time.process_time() - started < 1


def test_an_installation_has_no_page_that_sets_it_up(client):
    """CVE-2023-46249: the first administrator made by whoever comes first."""
    paths = ("/setup/", "/install/", "/admin/setup/", "/if/flow/initial-setup/", "/accounts/setup/")
    assert {client.get(path).status_code for path in paths} <= {302, 404}
    assert not User.objects.exists()


def test_an_end_of_a_session_goes_by_the_path_alone(person, make_person):
    """CVE-2026-4636, CVE-2024-42490: the id in the body is not the one in the path."""
    bob, api = Api(), Api()
    api.sign_in(person)
    bob.sign_in(make_person("bob"))
    mine, theirs = (Session.objects.get(user__username=name).pk for name in ("alice", "bob"))
    for path, body, status in ((theirs, mine, 404), (mine, theirs, 204)):
        answer = api.http.delete(
            f"/api/sessions/{path}/",
            {"id": str(body)},
            "application/json",
            headers={"authorization": f"Bearer {api.bearer}"},
        )
        assert answer.status_code == status
    assert [session.user.username for session in Session.objects.alive()] == ["bob"]


def test_a_token_of_another_sealing_key_refreshes_nothing_and_ends_nothing(person):
    """Whoever makes a counter of their own has not our seal."""
    from trust.keys import jws
    from trust.keys.jwk import generate
    from trust.keys.models import Algorithm, SigningKey

    api = Api()
    pair = api.sign_in(person)
    session = Session.objects.get()
    kid = SigningKey.objects.filter(algorithm="HS256").values_list("kid", flat=True)[0]
    claims = {"jti": str(session.pk), "gen": session.generation, "exp": int(session.expires_at.timestamp())}
    for generation in (session.generation, session.generation - 1, 0):
        forged = jws.sign(
            claims | {"gen": generation}, key=generate(Algorithm.HS256), algorithm="HS256", kid=kid, typ="rt+jwt"
        )
        assert Api().post("/api/token/refresh/", {"refresh": forged}).status_code == 401
        assert Api().post("/api/token/logout/", {"refresh": forged}).status_code == 401
    assert Api().post("/api/token/refresh/", {"refresh": pair["refresh"]}).status_code == 200


def test_a_generation_that_was_not_reached_yet_is_refused_without_an_end(person):
    """A genuine token after a restored backup: no theft, and no pass."""
    from dataclasses import replace

    from accounts.api.tokens import RefreshToken

    pair = Api().sign_in(person)
    ahead = Session.objects.get()
    ahead.generation += 5
    future = str(RefreshToken.for_session(ahead))
    assert Api().post("/api/token/refresh/", {"refresh": future}).status_code == 401
    assert replace(RefreshToken.read(future), generation=1) == RefreshToken.read(pair["refresh"])
    assert Session.objects.alive().count() == 1


def test_the_password_is_right_only_as_it_was_typed(person):
    """SECURITY "wiring" 9: the password was trimmed."""
    for password in (f" {PASSWORD}", f"{PASSWORD} ", f"{PASSWORD}\n", PASSWORD.upper(), PASSWORD[:-1]):
        assert Api().post("/api/token/", {"username": "alice", "password": password}).status_code == 401
        client = Client()
        client.post("/accounts/login/", {"login": "alice", "password": password})
        assert "_auth_user_id" not in client.session
