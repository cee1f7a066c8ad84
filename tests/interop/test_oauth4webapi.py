"""npm oauth4webapi 3: every answer of ours judged by the strictest of readers, what goes wrong too."""

import pytest

from accounts.models import User
from tests.clients import CALLBACK, SECRET, make_client
from tests.interop.client_keys import ClientKey
from tests.interop.person import Person
from tests.interop.program import run
from tests.live_site import LiveSite

pytestmark = [pytest.mark.node, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("method", "algorithm"),
    [
        ("client_secret_basic", "EdDSA"),
        ("client_secret_post", "RS256"),
        ("none", "ES256"),
        ("private_key_jwt", "RS256"),
    ],
)
def test_goes_the_whole_way(site: LiveSite, alice: User, browser_of_alice: Person, method: str, algorithm: str) -> None:
    is_public, key = method == "none", ClientKey(algorithm)
    registered = key.registered() if method == "private_key_jwt" else {"token_endpoint_auth_method": method}
    introspects = "none" if is_public else "own"
    make_client("app", public=is_public, algorithm=algorithm, introspects=introspects, **registered)
    told = run(
        "oauth4webapi",
        browser_of_alice,
        issuer=site.url,
        client_id="app",
        client_secret=SECRET,
        redirect_uri=CALLBACK,
        jwk=key.jwk,
        method=method,
        algorithm=algorithm,
    )
    assert (told["same_token_endpoint"], told["before_sign_in"]) == (True, "login_required")
    assert (told["sub"], told["userinfo"]["preferred_username"]) == (str(alice.pk), "alice")
    assert (told["access_token"]["client_id"], told["access_token"]["sub"]) == ("app", str(alice.pk))
    assert told["renewed"] is True
    assert (told["second_use"], told["after_theft"]) == ("invalid_grant", "invalid_token")
    if not is_public:
        assert told["introspected"]["active"] is True
        assert told["own_token"]["scope"] == "read"
