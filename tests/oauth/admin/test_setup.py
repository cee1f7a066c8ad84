"""How to connect a client: pieces of programs that are filled in, whose values break out of no language, and no secret."""

import ast
import json
import shlex
from typing import Any
from urllib.parse import quote_plus

import pytest
from django.test import Client as Browser

from oauth.admin.connecting import PLACEHOLDER, Connection
from oauth.admin.kinds import Kind
from oauth.admin.snippets import snippets
from oauth.models import Client
from oauth.vocabulary import AuthMethod
from tests.clients import SECRET, make_client
from tests.clients import app as app
from tests.clients import spa as spa
from tests.oauth.admin.conftest import BrowserOf
from tests.oauth.admin.forms import LIST, add, page_of

pytestmark = pytest.mark.django_db
# A client_id is visible ASCII; all of it that could end a literal, or a command.
NASTY = "a\"b'c\\d$e`f`${g}:h;i%"


def _path(client: Client) -> str:
    return f"{LIST}{client.pk}/setup/"


def _nasty(kind: Kind, **named: Any) -> dict[str, str]:
    connection = Connection(
        kind=kind,
        issuer="https://idp.example",
        client_id=NASTY,
        secret=NASTY,
        redirect_uri="https://app.example/it's?a=$b",
        scope="openid it's$(x)",
        introspects=True,
        **named,
    )
    return {snippet.name: snippet.text for snippet in snippets(connection)}


def _strings(tree: ast.AST) -> list[object]:
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]


@pytest.mark.parametrize("method", [AuthMethod.ANY_SECRET, AuthMethod.CLIENT_SECRET_POST])
@pytest.mark.parametrize("kind", [Kind.WEB, Kind.SERVICE])
def test_no_value_breaks_out_of_python(kind: Kind, method: AuthMethod) -> None:
    pieces = {
        name: text for name, text in _nasty(kind, auth_method=method).items() if name.startswith(("Python", "Dj"))
    }
    assert pieces
    for text in pieces.values():
        said = _strings(ast.parse(text))
        assert said.count(NASTY) + said.count(quote_plus(NASTY)) == 2


def test_no_value_breaks_out_of_a_shell() -> None:
    words = shlex.split(_nasty(Kind.SERVICE)["curl"].replace("\\\n", " "), comments=True)
    assert "scope=openid it's$(x)" in words
    assert words.count("curl") == 2
    by_body = _nasty(Kind.SERVICE, auth_method=AuthMethod.CLIENT_SECRET_POST)["curl"]
    assert f"client_secret={NASTY}" in shlex.split(by_body.replace("\\\n", " "), comments=True)


@pytest.mark.parametrize("kind", [Kind.WEB, Kind.SPA])
def test_values_are_literals_of_javascript(kind: Kind) -> None:
    text = next(text for name, text in _nasty(kind).items() if "JavaScript" in name or "Node" in name)
    assert json.dumps(NASTY) in text
    assert json.dumps("https://app.example/it's?a=$b") in text


def test_a_dollar_is_no_template_of_kotlin() -> None:
    text = _nasty(Kind.NATIVE)["Android: AppAuth"]
    assert "$" not in text.replace("\\$", "")


def test_the_secret_is_in_the_pieces_once_and_a_placeholder_afterwards(browser_of: BrowserOf) -> None:
    browser = browser_of()
    answer = add(browser, "web", client_name="Shop", redirect_uris="https://shop.example/callback")
    secret, page = answer.context["secret"], answer.content.decode()
    assert page.count(secret) == 4
    assert "no-store" in answer["Cache-Control"]
    later = browser.get(_path(Client.objects.get()))
    assert secret not in later.content.decode()
    assert later.content.decode().count(PLACEHOLDER) == 3
    assert Client.objects.get().client_secret not in later.content.decode()


def test_a_client_without_a_secret_is_led_to_its_pieces(browser_of: BrowserOf, spa: Client) -> None:
    browser = browser_of()
    answer = add(browser, "spa", client_name="The Page", redirect_uris="https://page.example/")
    made = Client.objects.get(name="The Page")
    assert answer["Location"] == _path(made)
    page = browser.get(_path(made)).content.decode()
    assert made.client_id in page
    assert "oidc-client-ts" in page
    assert PLACEHOLDER not in page
    assert "offline_access" not in made.scopes


def test_a_client_with_a_key_of_its_own_is_told_what_to_do(browser_of: BrowserOf) -> None:
    by_key = make_client("by-key", client_secret="", token_endpoint_auth_method="private_key_jwt", jwks={"keys": []})
    page = browser_of().get(_path(by_key)).content.decode()
    assert "the private key" in page
    assert PLACEHOLDER not in page


def test_what_a_client_is_called_is_text_on_the_page(browser_of: BrowserOf) -> None:
    named = make_client("</pre><script>alert(1)</script>", name="<b>bold</b>")
    page = browser_of().get(_path(named)).content.decode()
    assert "<script>alert(1)" not in page
    assert "<b>bold</b>" not in page


def test_who_may_see_clients_sees_it_and_nobody_else(browser_of: BrowserOf, app: Client) -> None:
    browser = browser_of("view_client")
    assert _path(app) in browser.get(page_of(app)).content.decode()
    assert SECRET not in browser.get(_path(app)).content.decode()
    assert browser.get(f"{LIST}99999/setup/").status_code == 404
    assert Browser().get(_path(app)).status_code == 302


def test_who_may_not_see_clients_does_not(browser_of: BrowserOf, app: Client) -> None:
    assert browser_of("view_session").get(_path(app)).status_code == 404


def test_a_clients_page_leads_to_what_hangs_on_it(browser_of: BrowserOf, app: Client, spa: Client) -> None:
    browser = browser_of()
    page = browser.get(page_of(app)).content.decode()
    for link in (
        "refreshtoken/?application__id__exact",
        "consent/?client__id__exact",
        "clientsession/?client__id__exact",
    ):
        path = f"/admin/oauth/{link}={app.pk}"
        assert path in page
        assert browser.get(path).status_code == 200


def test_a_clients_page_leads_nowhere_that_is_closed(browser_of: BrowserOf, app: Client) -> None:
    page = browser_of("view_client", "view_consent").get(page_of(app)).content.decode()
    assert "consent/?client__id__exact" in page
    assert "refreshtoken/?" not in page
