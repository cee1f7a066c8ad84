"""Devices in the administration: a kind of their own, without what speaks of redirects, and how to connect one."""

import ast
import shlex
from typing import Any

import pytest

from oauth.admin.connecting import Connection
from oauth.admin.kinds import Kind, kind_of
from oauth.admin.snippets import snippets
from oauth.client_metadata import ClientMetadata
from oauth.models import Client
from oauth.services import clients
from oauth.vocabulary import AuthMethod, GrantType
from tests.devices import GRANT, Device, connected, make_device_client
from tests.oauth.admin.conftest import BrowserOf
from tests.oauth.admin.forms import LIST, add, change, errors_of, page_of

pytestmark = pytest.mark.django_db
NASTY = "a\"b'c\\d$e`f`${g}:h;i%"


def test_a_device_is_added_without_a_redirect_uri_and_works(browser_of: BrowserOf) -> None:
    browser = browser_of()
    answer = add(browser, "device", client_name="The Television", client_id="tv", scope=["openid", "profile"])
    client = Client.objects.get()
    assert answer["Location"] == f"{LIST}{client.pk}/setup/"
    assert (client.client_type, client.redirect_uris) == ("public", "")
    assert client.grant_types.split() == [GRANT, "refresh_token"]
    assert Device(client).begin(scope="openid").status_code == 200


def test_its_page_asks_for_nothing_of_redirects_and_keeps_what_it_is(browser_of: BrowserOf) -> None:
    client = make_device_client()
    browser = browser_of()
    fields = set(browser.get(page_of(client)).context["adminform"].form.fields)
    assert {"grant_types", "x_groups", "default_acr_values", "logo_uri"} <= fields
    assert not {"redirect_uris", "x_skip_consent", "x_pkce", "request_uris", "token_endpoint_auth_method"} & fields
    assert change(browser, client, client_name="Another name").status_code == 302
    client.refresh_from_db()
    assert (client.name, client.grant_types) == ("Another name", f"{GRANT} refresh_token")


def test_it_cannot_be_given_codes_by_redirect_or_tokens_of_its_own(browser_of: BrowserOf) -> None:
    client, browser = make_device_client(), browser_of()
    for grant_type in ("authorization_code", "client_credentials"):
        assert "grant_types" in errors_of(change(browser, client, grant_types=[GRANT, grant_type]))


@pytest.mark.parametrize("method", [AuthMethod.NONE, AuthMethod.ANY_SECRET, AuthMethod.PRIVATE_KEY_JWT])
def test_whoever_has_device_codes_and_no_redirects_is_a_device(method: AuthMethod) -> None:
    by_code = (GrantType.DEVICE_CODE, GrantType.REFRESH_TOKEN)
    assert kind_of(ClientMetadata(auth_method=method, grant_types=by_code)) is Kind.DEVICE
    both = (*by_code, GrantType.AUTHORIZATION_CODE)
    assert kind_of(ClientMetadata(auth_method=AuthMethod.NONE, grant_types=both)) is not Kind.DEVICE


def test_who_may_not_add_clients_adds_no_device(browser_of: BrowserOf) -> None:
    assert browser_of("view_client").get(f"{LIST}add/?kind=device").status_code in {302, 403, 404}


def test_what_devices_connected_is_among_the_grants_and_ends_there(browser_of: BrowserOf, person: Any) -> None:
    device = connected(client=make_device_client())
    device.poll()
    page = browser_of().get("/admin/oauth/refreshtoken/").content.decode()
    assert "The Television" in page
    assert "alice" in page


@pytest.mark.parametrize("method", [AuthMethod.NONE, AuthMethod.ANY_SECRET, AuthMethod.CLIENT_SECRET_POST])
def test_no_value_breaks_out_of_its_language(method: AuthMethod) -> None:
    connection = Connection(
        kind=Kind.DEVICE,
        issuer="https://idp.example",
        client_id=NASTY,
        secret=NASTY,
        auth_method=method,
        scope="openid it's$(x)",
    )
    pieces = {snippet.name: snippet.text for snippet in snippets(connection)}
    words = shlex.split(pieces["curl"].replace("\\\n", " "), comments=True)
    assert words.count("curl") == 2
    assert "scope=openid it's$(x)" in words
    said = [node.value for node in ast.walk(ast.parse(pieces["Python: requests"])) if isinstance(node, ast.Constant)]
    assert "openid it's$(x)" in said
    assert NASTY in said


def test_its_metadata_has_no_response_type(db: None) -> None:
    from oauth.protocol.rfc7591_metadata import registered

    said = registered(clients.metadata_of(make_device_client()))
    assert (said["grant_types"], said["response_types"]) == ([GRANT, "refresh_token"], [])
