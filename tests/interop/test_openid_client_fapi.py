"""npm openid-client 6 as a client of the FAPI 2.0 profile: what it pushes, signs and proves, and how it reads us."""

from pathlib import Path

import pytest

from accounts.models import User
from tests.clients import CALLBACK
from tests.fapi2 import make_fapi_client
from tests.interop.client_keys import ClientKey
from tests.interop.person import Person
from tests.interop.program import run
from tests.live_site import live_site
from tests.loopback import Authority

pytestmark = [pytest.mark.node, pytest.mark.django_db(transaction=True)]


def test_goes_the_whole_way_plain_and_signed(alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.path))
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", str(authority.path))
    with live_site(own_issuer=True, authority=authority) as site:
        for mode, algorithm in (("plain", "ES256"), ("signed", "PS256")):
            key = ClientKey(algorithm)
            registered = key.registered() | {"require_signed_request_object": mode == "signed"}
            make_fapi_client(mode, redirect_uris=CALLBACK, **registered)
            told = run(
                "openid-client-fapi",
                Person(site),
                issuer=site.url,
                client_id=mode,
                redirect_uri=CALLBACK,
                jwk=key.jwk,
                mode=mode,
            )
            assert (told["token_type"], told["sub"], told["kept"]) == ("dpop", str(alice.pk), True)
            assert set(told["in_address"]) == {"client_id", "request_uri"}
            assert set(told["in_answer"]) == ({"response"} if mode == "signed" else {"code", "state", "iss"})
