"""What the form of a client asks beyond the beginning: every registered member, read and written as RFC 7591 has it."""

import json
from typing import Any

import pytest

from oauth.admin.kinds import Kind
from oauth.models import Client
from oauth.services import clients
from tests.clients import app as app
from tests.clients import make_client
from tests.loopback import Server, saying
from tests.oauth.admin.conftest import BrowserOf
from tests.oauth.admin.forms import LIST, add, change, errors_of, page_of
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
KEY = {"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}  # fmt: skip
KEYS = {"keys": [KEY | {"kid": "one", "use": "sig", "alg": "ES256"}]}
# What is typed, and what the client is then.
TYPED: dict[str, tuple[str, str, object]] = {
    "client_uri": ("https://app.example/", "client_uri", "https://app.example/"),
    "logo_uri": ("https://app.example/logo.png", "logo_uri", "https://app.example/logo.png"),
    "policy_uri": ("https://app.example/policy", "policy_uri", "https://app.example/policy"),
    "tos_uri": ("https://app.example/tos", "tos_uri", "https://app.example/tos"),
    "contacts": ("ops@app.example, dev@app.example", "contacts", ("ops@app.example", "dev@app.example")),
    "jwks": (json.dumps(KEYS), "jwks", KEYS),
    "backchannel_logout_uri": ("https://app.example/out", "backchannel_logout_uri", "https://app.example/out"),
    "request_uris": ("https://app.example/a\nhttps://app.example/b", "request_uris", ("https://app.example/a", "https://app.example/b")),
    "request_object_signing_alg": ("none", "request_object_signing_alg", "none"),
    "default_max_age": ("0", "default_max_age", 0),
    "default_acr_values": ("phr aal2", "default_acr_values", ("phr", "aal2")),
    "subject_type": ("pairwise", "subject_type", "pairwise"),
    "userinfo_signed_response_alg": ("EdDSA", "userinfo_signed_response_alg", "EdDSA"),
    "x_claims": ("role = attributes.role\ngroups = groups", "claims", {"role": "attributes.role", "groups": "groups"}),
}  # fmt: skip
RIGHT = {"client_name": "The Shop", "redirect_uris": "https://shop.example/"}


def _stands(client: Client) -> Any:
    return clients.metadata_of(Client.objects.get(pk=client.pk))


@pytest.mark.parametrize("member", TYPED)
def test_a_member_is_set_shown_kept_and_taken_back(browser_of: BrowserOf, app: Client, member: str) -> None:
    browser, before = browser_of(), _stands(app)
    typed, attribute, value = TYPED[member]
    assert change(browser, app, **{member: typed}).status_code == 302
    assert getattr(_stands(app), attribute) == value
    assert change(browser, app, client_name="Our App").status_code == 302
    assert getattr(_stands(app), attribute) == value
    empty = {"subject_type": "public"}.get(member, "")
    assert change(browser, app, **{member: empty, "client_name": before.name}).status_code == 302
    assert _stands(app) == before


def test_a_form_that_was_not_changed_changes_nothing(browser_of: BrowserOf) -> None:
    browser = browser_of()
    assert add(browser, "web", **RIGHT).status_code == 200
    client = Client.objects.get()
    assert change(browser, client).status_code == 302
    assert not AuditEvent.objects.of_action("client.changed").exists()
    for _time in range(2):
        assert change(browser, client, **{name: typed for name, (typed, _, _) in TYPED.items()}).status_code == 302
    assert AuditEvent.objects.of_action("client.changed").count() == 1


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"client_uri": "http://shop.example/"}, "client_uri", "must be an https address"),
        ({"policy_uri": "javascript:alert(1)"}, "policy_uri", "must be an https address"),
        ({"logo_uri": "https://user@shop.example/"}, "logo_uri", "that can be fetched"),
        ({"jwks_uri": "ftp://shop.example/keys"}, "jwks_uri", "that can be fetched"),
        ({"backchannel_logout_uri": "nowhere"}, "backchannel_logout_uri", "must be"),
        ({"jwks": "{"}, "jwks", "This is no JSON"),
        ({"jwks": "[]"}, "jwks", "Write a JSON object"),
        ({"jwks": '{"keys": [{"kty": "oct", "k": "AAAA"}]}'}, "jwks", "private key"),
        ({"token_endpoint_auth_signing_alg": "ES256"}, "token_endpoint_auth_signing_alg", "private_key_jwt alone"),
        ({"request_object_signing_alg": "RS256"}, "request_object_signing_alg", "needs jwks"),
        ({"default_max_age": "-1"}, "default_max_age", "0"),
        ({"default_max_age": "99999999999"}, "default_max_age", "number of seconds"),
        ({"default_acr_values": "gold"}, "default_acr_values", "gold: is not known here"),
        ({"subject_type": "secret"}, "subject_type", "secret"),
        ({"sector_identifier_uri": "http://shop.example/s"}, "sector_identifier_uri", "that can be fetched"),
        ({"sector_identifier_uri": "https://sector.invalid/s"}, "sector_identifier_uri", "cannot be fetched"),
        ({"x_claims": "role"}, "x_claims", "Line 1"),
        ({"x_claims": "\na = groups\na = groups"}, "x_claims", "Line 3: a stands above already"),
        ({"x_claims": "sub = groups"}, "x_claims", "sub: cannot be replaced"),
        ({"x_claims": "role = password"}, "x_claims", "role: is taken from nothing"),
    ],
)
def test_a_fault_is_shown_beside_its_field(
    browser_of: BrowserOf, app: Client, changed: dict[str, str], field: str, said: str
) -> None:
    before = _stands(app)
    errors = errors_of(change(browser_of(), app, **changed))
    assert field in errors
    assert said in " ".join(errors[field])
    assert _stands(app) == before


def test_a_key_is_missing_where_one_was_chosen(browser_of: BrowserOf) -> None:
    by_key = {"token_endpoint_auth_method": "private_key_jwt"}
    assert "is missing" in errors_of(add(browser_of(), "web", **RIGHT, **by_key))["jwks_uri"][0]
    assert not Client.objects.exists()


def test_pairwise_people_of_several_hosts_need_a_sector_that_names_them_all(
    browser_of: BrowserOf, settings: Any
) -> None:
    settings.OUTBOUND_ALLOW_PRIVATE = True
    uris = ["https://one.example/", "https://two.example/"]
    two = {"client_name": "Two", "redirect_uris": "\n".join(uris), "subject_type": "pairwise"}
    browser = browser_of()
    assert "is needed" in errors_of(add(browser, "web", **two))["sector_identifier_uri"][0]
    with Server(saying(json.dumps(uris[:1]).encode(), cache_control="no-store")) as one:
        errors = errors_of(add(browser, "web", **two, sector_identifier_uri=f"http://127.0.0.1:{one.port}/"))
        assert "https://two.example/: does not name" in errors["sector_identifier_uri"][0]
    with Server(saying(json.dumps(uris).encode(), cache_control="no-store")) as both:
        assert add(browser, "web", **two, sector_identifier_uri=f"http://127.0.0.1:{both.port}/").status_code == 200
    assert clients.metadata_of(Client.objects.get()).sector == "127.0.0.1"


def test_a_web_application_may_authenticate_by_its_own_key_and_has_no_secret(browser_of: BrowserOf) -> None:
    browser = browser_of()
    by_key = {"token_endpoint_auth_method": "private_key_jwt", "jwks": json.dumps(KEYS)}
    answer = add(browser, "web", **RIGHT, **by_key)
    client = Client.objects.get()
    assert answer.status_code == 302
    assert (client.client_secret, client.token_endpoint_auth_method) == ("", "private_key_jwt")
    page = browser.get(page_of(client)).content.decode()
    assert "/secret/" not in page
    assert browser.get(f"{LIST}{client.pk}/secret/").status_code == 404
    assert browser.post(f"{LIST}{client.pk}/secret/").status_code == 404


def test_what_a_client_has_to_prove_itself_is_not_offered_to_be_changed(browser_of: BrowserOf, app: Client) -> None:
    browser = browser_of()
    by_key = make_client(
        "by-key", token_endpoint_auth_method="private_key_jwt", client_secret="", jwks=KEYS, introspects="none"
    )
    for client, offered in ((app, {"", "client_secret_basic", "client_secret_post"}), (by_key, {"private_key_jwt"})):
        field = browser.get(page_of(client)).context["adminform"].form.fields["token_endpoint_auth_method"]
        assert {value for value, _label in field.choices} == offered
        assert change(browser, client, client_name="Renamed").status_code == 302
    refused = change(browser, app, token_endpoint_auth_method="private_key_jwt", jwks=json.dumps(KEYS))
    assert list(errors_of(refused)) == ["token_endpoint_auth_method"]


def test_a_service_authenticates_by_its_own_key_too(browser_of: BrowserOf) -> None:
    by_key = {"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://service.example/keys"}
    assert add(browser_of(), "service", client_name="The Service", **by_key).status_code == 302
    assert clients.metadata_of(Client.objects.get()).jwks_uri == "https://service.example/keys"


@pytest.mark.parametrize("kind", Kind)
def test_what_is_folded_is_unfolded_where_a_fault_is(browser_of: BrowserOf, kind: Kind) -> None:
    browser = browser_of()
    page = browser.get(f"{LIST}add/?kind={kind}").content.decode()
    assert "<details" in page
    answer = add(browser, kind, **(RIGHT if kind != "service" else {"client_name": "S"}), client_id="first-party")
    chosen_once = answer.content.decode().split('for="id_client_id"')[0].rsplit("<fieldset", 1)[1]
    assert "<details" not in chosen_once


def test_who_may_only_look_sees_all_of_it(browser_of: BrowserOf, app: Client) -> None:
    Client.objects.update(jwks=KEYS, claims={"role": "attributes.role"}, tos_uri="https://app.example/tos")
    page = browser_of("view_client").get(page_of(app)).content.decode()
    for seen in ("https://app.example/tos", "attributes.role", KEY["x"]):
        assert seen in page


@pytest.mark.django_db(transaction=True)
def test_a_document_is_fetched_outside_a_transaction(
    browser_of: BrowserOf, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database ends a transaction that waits for longer than a stranger's server may take."""
    from django.db import connection

    from oauth.services import client_documents
    from trust.lib.fetch_cache import FetchCache

    inside: list[bool] = []

    def note(url: str) -> Any:
        from trust.lib.fetch import Fetched

        inside.append(connection.in_atomic_block)
        return Fetched(200, {}, b'["https://shop.example/"]')

    monkeypatch.setattr(client_documents, "_documents", FetchCache(get=note))
    answer = add(browser_of(), "web", **RIGHT, sector_identifier_uri="https://shop.example/sector")
    assert answer.status_code == 200
    assert inside == [False]
