"""npm openid-client 6: the whole way, with each way to authenticate and each algorithm of id tokens."""

import pytest

from accounts.models import User
from tests.clients import CALLBACK, SECRET, make_client
from tests.interop.client_keys import ClientKey
from tests.interop.person import Person
from tests.interop.program import run
from tests.live_site import LiveSite

pytestmark = [pytest.mark.node, pytest.mark.django_db(transaction=True)]

BYE = "https://app.example/bye"


@pytest.mark.parametrize(
    ("method", "algorithm"),
    [
        ("client_secret_basic", "RS256"),
        ("client_secret_post", "ES256"),
        ("none", "EdDSA"),
        ("private_key_jwt", "ES256"),
    ],
)
def test_goes_the_whole_way(site: LiveSite, alice: User, browser_of_alice: Person, method: str, algorithm: str) -> None:
    is_public, key = method == "none", ClientKey(algorithm)
    registered = key.registered() if method == "private_key_jwt" else {"token_endpoint_auth_method": method}
    make_client(
        "app",
        public=is_public,
        algorithm=algorithm,
        post_logout_redirect_uris=BYE,
        introspects="none" if is_public else "own",
        **registered,
    )
    told = run(
        "openid-client",
        browser_of_alice,
        issuer=site.url,
        client_id="app",
        client_secret=SECRET,
        redirect_uri=CALLBACK,
        post_logout_redirect_uri=BYE,
        jwk=key.jwk,
        method=method,
        algorithm=algorithm,
    )
    assert (told["sub"], told["refreshed_sub"], told["api"]) == (str(alice.pk), str(alice.pk), 200)
    assert (told["userinfo"]["email"], told["userinfo"]["name"]) == ("alice@example.com", "Alice Liddell")
    assert told["after_revocation"] == "invalid_grant"
    assert (told["gone_to"], told["state_came_back"]) == (BYE, True)
    if not is_public:
        assert (told["introspected"]["active"], told["introspected"]["username"]) == (True, "alice")
        assert (told["own_token"]["scope"], told["own_token"]["token_type"]) == ("read", "bearer")
