"""The administrator's part: people and clients, made by `manage.py create_user` and `create_client`."""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command
from django.db.models import F
from django.test import override_settings
from django_tasks_db.models import DBTaskResult, get_date_max

from accounts.models import User
from tests.conformance.plans.browser import Person
from tests.people import PASSWORD
from tests.software_authenticator import give_passkey
from trust.keys.models import Algorithm
from trust.keys.ring import ring
from trust.lib import clock

CALLBACK: Final = "https://client.example/callback"
ALL_SCOPES: Final = "openid profile email address phone roles offline_access"


class House:
    """Writes to the live server's database."""

    def __init__(self, unblocked: Callable[[], AbstractContextManager[None]], folder: Path) -> None:
        self._unblocked, self._folder = unblocked, folder

    def person(self, username: str, **claims: Any) -> Person:
        """Make a person with a verified address; claims by their names."""
        known = {"username": username, "email": f"{username}@example.com", "email_verified": True, "password": PASSWORD}
        self.run("create_user", known | claims)
        return Person(username)

    def give_second_factor(self, person: Person) -> None:
        """Give a person an authenticator app, and codes on paper."""
        with self._unblocked():
            user = User.objects.get(username=person.username)
            TOTP.activate(user, "JBSWY3DPEHPK3PXP")
            person.codes = RecoveryCodes.activate(user).get_unused_codes()

    def give_passkey(self, person: Person, *, site: str) -> None:
        """Give a person a passkey for this site."""
        with self._unblocked(), override_settings(ISSUER=site):
            user = User.objects.get(username=person.username)
            person.passkey = give_passkey(user, origin=site, rp_id=urlsplit(site).hostname)

    def client(self, **metadata: Any) -> dict[str, Any]:
        """Register a static client, which need not send a code challenge unless told otherwise."""
        defaults = {"client_name": "The Client", "redirect_uris": [CALLBACK], "scope": ALL_SCOPES}
        named = {"client_id": f"client-{secrets.token_hex(6)}", "x_pkce": "optional", **defaults, **metadata}
        if named.get("token_endpoint_auth_method") == "none":
            named["x_pkce"] = "required"
        return self.run("create_client", named)

    def initial_access_token(self) -> str:
        """Give leave to register one client."""
        return str(json.loads(self.command("create_initial_access_token", "--uses", "1"))["initial_access_token"])

    def old_id_token(self, claims: Mapping[str, Any]) -> str:
        """Return a genuine id token of these claims that expired an hour ago, as if one had kept it."""
        now = int(time.time())
        with self._unblocked():
            aged = {**claims, "iat": now - 7200, "exp": now - 3600}
            return ring.sign(aged, typ="JWT", algorithm=Algorithm.RS256, now=clock.now())

    def let_time_pass_for_jobs(self, *, minutes: int) -> None:
        """Let what the job queue was told to do within these minutes be due now."""
        with self._unblocked():
            waiting = DBTaskResult.objects.filter(status="READY").exclude(run_after=get_date_max())
            waiting.update(run_after=F("run_after") - timedelta(minutes=minutes))

    def run(self, command: str, document: object) -> Any:
        """Run a command that takes JSON in and prints it."""
        path = self._folder / f"{secrets.token_hex(6)}.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        return json.loads(self.command(command, "--json", str(path)))

    def command(self, name: str, *options: str) -> str:
        """Run a command and return what it printed."""
        printed = StringIO()
        with self._unblocked(), override_settings(OUTBOUND_ALLOW_PRIVATE=True):  # as the server's environment says
            call_command(name, *options, stdout=printed)
        return printed.getvalue()
