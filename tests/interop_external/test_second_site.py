"""Two sites of ours, each a process on a database of its own: one signs its people in by the other."""

import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
from django.conf import settings

from tests.live_site import LiveSite, live_site

PASSWORD = "a password of the other site"
SECRET = "a-client-secret+of&more=than:32%characters"
HERE = "/accounts/oidc/head-office/login/"


@dataclass(frozen=True)
class Sites:
    """The branch signs in by the head office."""

    head_office: LiveSite
    branch: LiveSite
    branch_database: str


def manage_by(database: str, *commands: tuple[str, ...]) -> None:
    """Give several commands in one process: that which a process costs is its start."""
    call = "from django.core.management import call_command"
    manage(database, "shell", "--no-imports", "-c", f"{call}\nfor words in {commands!r}: call_command(*words)")


def manage(database: str, *arguments: str) -> str:
    environment = os.environ | {"DATABASE_URL": database}
    command = [sys.executable, "manage.py", *arguments]
    ended = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False, timeout=300
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    folder: Path = tmp_path_factory.mktemp("sites")
    databases = {name: f"sqlite:///{folder / name}.sqlite3" for name in ("head-office", "branch")}
    manage(databases["head-office"], "migrate", "-v", "0")
    shutil.copy(folder / "head-office.sqlite3", folder / "branch.sqlite3")
    person = ("--username", "dora", "--email", "dora@office.example", "--password", PASSWORD, "--verified")
    manage_by(databases["head-office"], ("rotate_signing_keys",), ("create_user", *person))
    manage(databases["branch"], "rotate_signing_keys")
    with live_site(own_issuer=True, DATABASE_URL=databases["head-office"], REDIS_URL="") as head_office:
        known = {"provider_id": "head-office", "name": "Head Office", "client_id": "branch", "secret": SECRET}
        providers = [known | {"settings": {"server_url": head_office.url, "trusted_domains": ["office.example"]}}]
        variables = {"OIDC_PROVIDERS": json.dumps(providers), "OUTBOUND_ALLOW_PRIVATE": "1", "REDIS_URL": ""}
        with live_site(own_issuer=True, DATABASE_URL=databases["branch"], **variables) as branch:
            client = ("--client-id", "branch", "--client-secret", SECRET, "--name", "The Branch")
            redirect = ("--redirect-uri", f"{branch.url}{HERE}callback/", "--scopes", "openid profile email")
            manage(databases["head-office"], "create_client", *client, *redirect)
            yield Sites(head_office, branch, databases["branch"])


class Dora:
    """Dora's browser, which goes from page to page over both sites.

    Its cookies are kept by site: a browser's are by host, and here both have the same.
    """

    def __init__(self, sites: Sites) -> None:
        self.sites, self.pages = sites, list[str]()
        self._cookies = {site.url: requests.Session() for site in (sites.head_office, sites.branch)}

    def sign_in(self) -> str:
        """Press the button on the branch's sign-in page; return the page where it all ends."""
        page = self._get(f"{self.sites.branch.url}/accounts/login/")
        assert "Continue with Head Office" in page.text
        page = self._send(page, f"{self.sites.branch.url}{HERE}", {})
        leaving = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.text)
        assert leaving, page.text
        page = self._get(html.unescape(leaving[1]))
        while '<form method="post"' in page.text and page.url.startswith(self.sites.head_office.url):
            page = self._send(page, page.url, {"login": "dora", "password": PASSWORD, "decision": "allow"})
        return page.url.removeprefix(self.sites.branch.url)

    def _get(self, url: str) -> requests.Response:
        return self._followed("GET", url)

    def _send(self, page: requests.Response, url: str, answers: dict[str, str]) -> requests.Response:
        form = re.search(r"<main.*?(<form.*?</form>)", page.text, re.DOTALL)
        assert form
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[1]))
        action = re.search(r'<form[^>]*action="([^"]+)"', form[1])
        url = url if url.endswith(HERE) or not action else urljoin(page.url, html.unescape(action[1]))
        filled = {name: html.unescape(value) for name, value in hidden.items()} | answers
        return self._followed("POST", url, data=filled, headers={"Referer": page.url})

    def _followed(self, method: str, url: str, **sent: Any) -> requests.Response:
        answer = self._at(url).request(method, url, allow_redirects=False, timeout=30, **sent)
        assert answer.status_code < 400, f"{answer.status_code} at {answer.url}: {answer.text}"
        self.pages.append(answer.url)
        led_to = answer.headers.get("Location")
        return self._followed("GET", urljoin(answer.url, led_to)) if led_to else answer

    def _at(self, url: str) -> requests.Session:
        return next(session for site, session in self._cookies.items() if url.startswith(site))


def test_signs_up_and_in_by_the_other_site(sites: Sites) -> None:
    dora = Dora(sites)
    assert dora.sign_in() == "/accounts/"
    assert any(page.startswith(f"{sites.head_office.url}/accounts/login/") for page in dora.pages)
    assert any(page.startswith(f"{sites.head_office.url}/oauth/authorize") for page in dora.pages)
    again = Dora(sites)
    assert again.sign_in() == "/accounts/"
    count = "from accounts.models import User, Session; print(User.objects.count(), Session.objects.count())"
    assert manage(sites.branch_database, "shell", "--no-imports", "-c", count).split() == ["1", "2"]
