"""Run as a process of its own: our site as an https deployment. Prints what its answers carry, as JSON."""

import json
import sys
from http.cookies import Morsel
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.services.people import create_person  # noqa: E402
from tests.people import PASSWORD  # noqa: E402
from trust.keys.rotation import ensure_keys  # noqa: E402
from trust.lib import clock  # noqa: E402


def _cookie(morsel: "Morsel[str]") -> dict[str, Any]:
    return {name: value for name, value in morsel.items() if value}


def main() -> None:
    call_command("migrate", verbosity=0)
    ensure_keys(now=clock.now())
    create_person(username="alice", email="alice@example.com", password=PASSWORD, verified=True, staff=True)
    client = Client(headers={"host": "id.example.com"}, enforce_csrf_checks=False)
    plain = client.get("/accounts/login/")
    form = client.get("/accounts/login/", secure=True)
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD}, secure=True)
    client.get("/admin/login/", secure=True)  # leaves a message: set up a second factor
    client.post("/i18n/setlang/", {"language": "ko"}, secure=True)
    told = {
        "plain": [plain.status_code, plain.headers.get("Location")],
        "probe": client.get("/health/live").status_code,
        "headers": dict(form.headers),
        "cookies": {name: _cookie(morsel) for name, morsel in client.cookies.items()},
        "signed_in": client.get("/accounts/profile/", secure=True).status_code,
    }
    sys.stdout.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
    main()
