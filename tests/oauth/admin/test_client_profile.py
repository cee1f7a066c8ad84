"""What a client is held to beyond RFC 6749, in its form: the profile, pushed and signed requests, bound tokens."""

import json
from typing import Any

import pytest

from oauth.admin.kinds import Kind, members_of
from oauth.models import Client
from oauth.services import clients
from tests.clients import app as app
from tests.clients import make_client
from tests.fapi2 import KEY, make_fapi_client
from tests.oauth.admin.conftest import BrowserOf
from tests.oauth.admin.forms import add, change, errors_of, filled, page_of

pytestmark = pytest.mark.django_db
KEYS = json.dumps(KEY.key_set())
BANK = {"client_name": "The Bank", "redirect_uris": "https://bank.example/callback", "x_profile": "fapi2"}
# By member: what is typed (None unticks), and what the client is then.
TYPED: dict[str, tuple[Any, str, object]] = {
    "require_pushed_authorization_requests": ("on", "require_pushed_authorization_requests", True),
    "require_signed_request_object": ("on", "require_signed_request_object", True),
    "authorization_signed_response_alg": ("ES256", "authorization_signed_response_alg", "ES256"),
    "introspection_signed_response_alg": ("EdDSA", "introspection_signed_response_alg", "EdDSA"),
    "dpop_bound_access_tokens": ("on", "dpop_bound_access_tokens", True),
    "x_token_exchange": ("delegation", "token_exchange", "delegation"),
    "x_global_token_revocation": ("on", "may_revoke_subjects", True),
    "x_refresh_rotation": (None, "rotates_refresh_tokens", False),
}
UNTYPED = {"x_token_exchange": "none", "x_refresh_rotation": "on"}
EMPTY = {"authorization_signed_response_alg": "", "introspection_signed_response_alg": ""}


def stands(client: Client) -> Any:
    return clients.metadata_of(Client.objects.get(pk=client.pk))


@pytest.fixture
def keyed(db: None) -> Client:
    """A client with a key of its own."""
    named = {"token_endpoint_auth_method": "private_key_jwt", "client_secret": "", "jwks": KEY.key_set()}
    return make_client("keyed", **named)


@pytest.mark.parametrize("member", TYPED)
def test_a_policy_is_set_shown_kept_and_taken_back(browser_of: BrowserOf, keyed: Client, member: str) -> None:
    browser, before = browser_of(), stands(keyed)
    typed, attribute, value = TYPED[member]
    assert change(browser, keyed, **{member: typed}).status_code == 302
    assert getattr(stands(keyed), attribute) == value
    assert change(browser, keyed, client_name="Another name").status_code == 302
    assert getattr(stands(keyed), attribute) == value
    back = UNTYPED.get(member, EMPTY.get(member))
    assert change(browser, keyed, **{member: back, "client_name": before.name}).status_code == 302
    assert stands(keyed) == before


def test_a_client_of_the_profile_is_made_by_choosing_it(browser_of: BrowserOf) -> None:
    browser = browser_of()
    answer = add(browser, "web", **BANK, jwks=KEYS)
    assert answer.status_code == 302  # it has no secret to be shown
    made = stands(Client.objects.get())
    assert (made.is_fapi2, made.auth_method, made.id_token_alg) == (True, "private_key_jwt", "ES256")
    assert made.rotates_refresh_tokens is False
    assert change(browser, Client.objects.get(), client_name="Our Bank").status_code == 302
    assert stands(Client.objects.get()).is_fapi2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"token_endpoint_auth_method": "client_secret_post"}, "token_endpoint_auth_method"),
        ({"jwks": ""}, "jwks_uri"),
        ({"jwks": "", "jwks_uri": "ftp://bank.example/keys"}, "jwks_uri"),
    ],
)
def test_a_new_one_that_contradicts_the_profile_is_told_beside_the_field(
    browser_of: BrowserOf, changed: dict[str, str], field: str
) -> None:
    assert field in errors_of(add(browser_of(), "web", **(BANK | {"jwks": KEYS} | changed)))
    assert not Client.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"x_pkce": "optional"}, "is always required in the profile fapi2"),
        ({"x_refresh_rotation": "on"}, "must be off in the profile fapi2"),
        ({"id_token_signed_response_alg": "RS256"}, "the algorithms of the profile fapi2"),
        ({"token_endpoint_auth_signing_alg": "RS256"}, "the algorithms of the profile fapi2"),
        ({"request_object_signing_alg": "none"}, "the algorithms of the profile fapi2"),
        ({"authorization_signed_response_alg": "RS256"}, "the algorithms of the profile fapi2"),
        ({"introspection_signed_response_alg": "RS256"}, "the algorithms of the profile fapi2"),
        ({"userinfo_signed_response_alg": "RS256"}, "the algorithms of the profile fapi2"),
    ],
)
def test_one_that_stands_is_held_to_it(browser_of: BrowserOf, changed: dict[str, str], said: str) -> None:
    client = make_fapi_client()
    errors = errors_of(change(browser_of(), client, **changed))
    assert said in " ".join(errors[next(iter(changed))])
    assert stands(client).is_fapi2


def test_rotation_is_not_switched_off_for_a_secret_alone(browser_of: BrowserOf, app: Client) -> None:
    browser = browser_of()
    errors = errors_of(change(browser, app, x_refresh_rotation=None))
    assert "private_key_jwt or DPoP" in errors["x_refresh_rotation"][0]
    assert change(browser, app, x_refresh_rotation=None, dpop_bound_access_tokens="on").status_code == 302


@pytest.mark.parametrize("kind", [Kind.SPA, Kind.NATIVE])
def test_a_public_client_is_not_offered_what_needs_a_key_or_a_secret(kind: Kind) -> None:
    offered = members_of(kind.sections) | members_of(kind.first_sections)
    assert not {"x_profile", "x_token_exchange", "x_global_token_revocation"} & offered
    assert {"dpop_bound_access_tokens", "require_pushed_authorization_requests"} <= offered


def test_who_may_look_sees_the_profile_and_changes_nothing(browser_of: BrowserOf) -> None:
    client = make_fapi_client()
    browser = browser_of("view_client")
    page = browser.get(page_of(client))
    assert "FAPI 2.0 security profile" in page.content.decode()
    assert browser.post(page_of(client), {"x_profile": ""}).status_code == 403
    assert stands(client).is_fapi2


def test_the_form_shows_a_new_client_without_any_of_it(browser_of: BrowserOf, app: Client) -> None:
    shown = filled(browser_of(), page_of(app))
    assert (shown["x_profile"], shown["x_refresh_rotation"], shown["x_token_exchange"]) == ("", True, "none")
    assert "dpop_bound_access_tokens" not in shown
