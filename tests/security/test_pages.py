"""What a browser could be tricked into: forged forms, open redirects, frames, the back button, links that act."""

import re

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Session, User
from tests.people import PASSWORD
from tests.security.endpoints import paths
from tests.staff import sign_in_strongly

pytestmark = pytest.mark.django_db

PAGES = [path for path in paths() if path.startswith(("/accounts/", "/admin/", "/i18n/"))]
ELSEWHERE = [
    "https://evil.example/",
    "http://evil.example",
    "//evil.example/",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/%09/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "http://testserver:80@evil.example/",
    "//testserver@evil.example",
    "ftp://testserver/",
    "\x0b//evil.example",
    "/\u2215evil.example//..//evil.example",
    "//evil%E3%80%82example",
    "/.//evil.example",
    "https://evil.example\\@testserver/",
]


def leaves(location: str) -> bool:
    """Tell whether a browser would go elsewhere: backslashes are slashes, tabs and line feeds are nothing to it."""
    seen = re.sub(r"[\t\r\n]", "", location.strip()).replace("\\", "/")
    return not re.match(r"/(?!/)|http://testserver(?:/|\Z)", seen)


def test_every_form_needs_its_token(make_person):
    """The person is signed in and staff; the request comes from another site."""
    client = Client(enforce_csrf_checks=True)
    sign_in_strongly(client, make_person("root", staff=True, superuser=True))
    for path in PAGES:
        answer = client.post(path, {"email": "x@example.com"}, headers={"origin": "https://evil.example"})
        assert answer.status_code in {403, 404, 405}, path
    assert Session.objects.alive().count() == 1
    assert User.objects.count() == 1


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_no_other_method_is_a_way_around_the_token(make_person, method):
    client = Client(enforce_csrf_checks=True)
    sign_in_strongly(client, make_person("root", staff=True, superuser=True))
    for path in PAGES:
        assert client.generic(method, path).status_code in {302, 403, 404, 405}, path
    assert Session.objects.alive().count() == 1


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_page_sends_elsewhere(client, person, target):
    """CVE-2026-9689, CVE-2025-71403: open redirects by `next`."""
    answers = [
        client.get("/accounts/signup/", {"next": target}),
        client.get("/admin/login/", {"next": target}),
        client.post("/i18n/setlang/", {"language": "ko", "next": target}),
        client.post("/accounts/login/", {"login": "alice", "password": PASSWORD, "next": target}),
        client.get("/accounts/login/", {"next": target}),
        client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": target}),
        client.post("/i18n/setlang/", {"language": "en"}, headers={"referer": target}),
        client.post("/accounts/logout/", {"next": target}),
    ]
    for answer in answers:
        assert not leaves(answer.headers.get("Location", "/")), answer.request["PATH_INFO"]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_staff_are_sent_nowhere_else(client, make_person, target):
    sign_in_strongly(client, make_person("root", staff=True, superuser=True))
    assert not leaves(client.get("/admin/login/", {"next": target})["Location"])


def test_no_link_to_elsewhere_is_shown(client):
    """What is not followed is not written into the page either."""
    for target in ELSEWHERE:
        for path in ("/accounts/login/", "/accounts/signup/"):
            page = client.get(path, {"next": target}).content.decode()
            assert 'href="javascript' not in page.lower()
            assert not re.search(r'(?:href|action)="[^"]*//evil', page)


@pytest.mark.parametrize("path", ["/accounts/", "/accounts/profile/", "/accounts/sessions/", "/accounts/email/"])
def test_the_back_button_shows_nothing_after_the_sign_out(client, person, path):
    client.force_login(person)
    answer = client.get(path)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    client.post("/accounts/logout/")
    assert client.get(path).status_code == 302


def test_pages_that_hold_a_bearer_link_are_kept_nowhere_and_name_no_other_site(client, person, deliver_mail):
    client.post("/accounts/password/reset/", {"email": "alice@example.com"})
    deliver_mail()
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[0].body)[1]
    answer = client.get(link)
    assert answer.status_code == 302
    assert link.split("/")[-2].partition("-")[2] not in answer["Location"]
    page = client.get(answer["Location"])
    for sent in (answer, page):
        assert "no-store" in sent["Cache-Control"]
        assert sent["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert not re.search(r'(?:src|href)="(?:https?:)?//(?!testserver)', page.content.decode())


def test_no_page_is_framed(make_person):
    client = Client()
    sign_in_strongly(client, make_person("root", staff=True, superuser=True))
    for path in PAGES:
        assert "frame-ancestors 'none'" in client.get(path)["Content-Security-Policy"], path


def test_no_get_changes_anything(make_person, client):
    """ASVS: no unsafe GET. The person stays signed in, and everybody is as they were."""
    root = make_person("root", staff=True, superuser=True)
    sign_in_strongly(client, root)
    before = list(User.objects.exclude(pk=None).values("username", "email", "is_active", "password"))
    for path in PAGES:
        client.get(path)
    assert list(User.objects.values("username", "email", "is_active", "password")) == before
    assert Session.objects.alive().count() == 1


@pytest.mark.parametrize("extra", [{"is_staff": "on"}, {"is_superuser": "on"}, {"email": "x@example.com"}, {"id": "1"}])
def test_the_profile_assigns_nothing_but_its_fields(client, person, extra):
    client.force_login(person)
    client.post("/accounts/profile/", {"username": "alice", "name": "Alice", "phone_number_verified": "on", **extra})
    person.refresh_from_db()
    assert person.name == "Alice"
    assert (person.is_staff, person.is_superuser, person.phone_number_verified) == (False, False, False)
    assert person.email == "alice@example.com"


@pytest.mark.parametrize("path", ["/api/me/", "/api/sessions/", "/api/protected/"])
@pytest.mark.parametrize("method", ["post", "put", "patch"])
def test_the_api_assigns_no_power(person, path, method):
    from tests.accounts.api.client import Api

    api = Api()
    api.sign_in(person)
    answer = getattr(api.http, method)(
        path, b'{"is_staff": true, "email": "x@example.com"}', content_type="application/json",
        headers={"authorization": f"Bearer {api.bearer}"},
    )  # fmt: skip
    may_change_claims = (method, path) == ("patch", "/api/me/")
    assert answer.status_code == (400 if may_change_claims else 405)
    person.refresh_from_db()
    assert (person.is_staff, person.email) == (False, "alice@example.com")


def test_a_browsers_cookie_opens_no_api(client, person):
    """CVE-2019-3868 the other way round: the API acts on no cookie's authority, so no form can be forged for it."""
    client.force_login(person)
    for path in ("/api/me/", "/api/sessions/", "/api/protected/"):
        assert client.get(path).status_code == 401


@pytest.mark.parametrize("cookie", ["sessionid", "csrftoken"])
def test_a_token_is_no_cookie(client, person, cookie):
    """CVE-2019-3868: an access token passed as the session's cookie."""
    from tests.accounts.api.client import Api

    pair = Api().sign_in(person)
    for value in (pair["access"], pair["refresh"], str(Session.objects.get().pk)):
        client.cookies[cookie] = value
        assert client.get("/accounts/").status_code == 302
