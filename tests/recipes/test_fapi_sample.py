"""The sample client of the FAPI profile signs a person in at a live site, as docs/fapi.md says."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import HOUSE
from tests.fapi2 import make_fapi_client
from tests.live_site import free_port, live_site
from tests.people import MakePerson

# Slow: it starts the site and four programs; tests/conformance/fapi2 goes the same way within one process.
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_it_makes_its_key_pushes_and_signs_in(make_person: MakePerson, tmp_path: Path) -> None:
    alice, port = make_person("alice"), free_port()
    with live_site(own_issuer=True) as site:
        environment = os.environ | {"ISSUER": site.url, "APP_PORT": str(port), "KEY_FILE": str(tmp_path / "key.pem")}
        environment |= {"CLIENT_ID": "bank", "BROWSER": f"{sys.executable} -m tests.recipes.browser %s"}

        def bank(word: str) -> dict[str, object]:
            command = [sys.executable, "docs/samples/fapi/bank.py", word]
            done = subprocess.run(command, cwd=HOUSE, env=environment, capture_output=True, timeout=120, check=True)
            printed: dict[str, object] = json.loads(done.stdout.decode())
            return printed

        keys = bank("keys")
        assert (tmp_path / "key.pem").stat().st_mode & 0o077 == 0
        make_fapi_client(jwks=keys, redirect_uris=f"http://127.0.0.1:{port}/callback")
        assert bank("sign-in")["sub"] == str(alice.pk)
