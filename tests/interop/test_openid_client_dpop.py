"""npm openid-client 6 with DPoP (RFC 9449): its proofs, its thumbprints, and its answers to our nonces."""

from pathlib import Path

import pytest

from accounts.models import User
from tests.clients import CALLBACK, SECRET, make_client
from tests.interop.person import Person
from tests.interop.program import run
from tests.live_site import live_site
from tests.loopback import Authority

pytestmark = [pytest.mark.node, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("nonce", ["optional", "required"])
def test_binds_what_it_is_given_to_its_key(
    alice: User, nonce: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.path))
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", str(authority.path))
    make_client("public", public=True, redirect_uris=CALLBACK)
    make_client("confidential")
    with live_site(own_issuer=True, authority=authority, DPOP_NONCE=nonce) as site:
        for method, client_id, algorithm in (("none", "public", "ES256"), ("secret", "confidential", "PS256")):
            told = run(
                "openid-client-dpop",
                Person(site),
                issuer=site.url,
                client_id=client_id,
                client_secret=SECRET,
                redirect_uri=CALLBACK,
                method=method,
                algorithm=algorithm,
            )
            assert told["by_another_key"] == "invalid_grant"
            assert (told["token_type"], told["refreshed"]) == ("dpop", "dpop")
            assert told["userinfo"]["sub"] == str(alice.pk)
            assert (told["api"], told["again"]) == (200, 200)
            assert (told["as_bearer"], told["with_another_key"]) == ("invalid_token", "invalid_token")
            assert told["refreshed_by_another_key"] == ("invalid_grant" if method == "none" else "none")
