"""SECURITY's "Browser headers": what every class of answer carries, and the cookies of an https deployment."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.people import MakePerson
from tests.staff import sign_in_strongly

pytestmark = pytest.mark.django_db

DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}
ANYBODYS = {
    "front page": ("/", 200),
    "form": ("/accounts/login/", 200),
    "redirect": ("/accounts/", 302),
    "administration's redirect": ("/admin/", 302),
    "unknown page": ("/nowhere/", 404),
    "malformed": ("/?a=%00", 400),
    "too long": ("/" + "a" * 8192, 414),
    "API without a token": ("/api/me/", 401),
    "unknown endpoint": ("/api/nowhere/", 404),
    "OpenAPI document": ("/api/schema/", 200),
    "OpenAPI page": ("/api/docs/", 200),
    "probe": ("/health/ready", 200),
}
OWN = ("/accounts/", "/accounts/profile/", "/accounts/sessions/", "/accounts/2fa/", "/accounts/password/change/")
STAFFS = ("/admin/", "/admin/accounts/user/", "/admin/accounts/user/add/", "/admin/audit/auditevent/")


def _check(answer: Any) -> None:
    headers = answer.headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy == DIRECTIVES
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "no-store" in headers["Cache-Control"]
    assert headers["X-Request-ID"]
    assert "Server" not in headers


@pytest.mark.parametrize(("path", "status"), ANYBODYS.values(), ids=ANYBODYS)
def test_every_class_of_answer_is_guarded(client: Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    _check(answer)


@pytest.mark.parametrize("path", OWN)
def test_a_persons_own_pages_are_guarded(client: Client, person: User, path: str) -> None:
    client.force_login(person)
    answer = client.get(path)
    assert answer.status_code == 200
    _check(answer)


@pytest.mark.parametrize("path", STAFFS)
def test_the_administration_is_guarded(client: Client, make_person: MakePerson, path: str) -> None:
    sign_in_strongly(client, make_person("root", staff=True, superuser=True))
    answer = client.get(path)
    assert answer.status_code == 200
    _check(answer)


def test_a_forged_form_is_refused_with_a_guarded_page(person: User) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "alice"})
    assert answer.status_code == 403
    assert "CSRF" not in answer.content.decode()
    _check(answer)


@pytest.fixture(scope="module")
def https(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the site says when ISSUER is https; settings are read once, so in a process of its own."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "authproject.settings",
        "ISSUER": "https://id.example.com",
        "ALLOWED_HOSTS": "id.example.com",
        "DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('https') / 'db.sqlite3'}",
    }
    command = [sys.executable, "-W", "ignore", "-m", "tests.security.https_site"]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_https_is_demanded_of_all_but_probes(https: Any) -> None:
    assert https["plain"] == [301, "https://id.example.com/accounts/login/"]
    assert https["probe"] == 200


def test_https_is_remembered_by_browsers(https: Any) -> None:
    assert https["headers"]["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"


@pytest.mark.parametrize("name", ["__Host-sessionid", "__Host-csrftoken", "__Host-language", "__Host-device"])
def test_https_cookies_belong_to_the_host_alone(https: Any, name: str) -> None:
    cookie = https["cookies"][name]
    assert cookie["secure"] is True
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert "domain" not in cookie


def test_https_sets_no_other_cookie(https: Any) -> None:
    assert https["signed_in"] == 200
    assert {name for name in https["cookies"] if not name.startswith("__Host-")} == set()
