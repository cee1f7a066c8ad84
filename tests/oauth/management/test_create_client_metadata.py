"""create_client and what OpenID Connect adds to a client: by options, by JSON, and what takes it away again."""

import json
from pathlib import Path
from typing import Any

import pytest

from oauth.models import Client
from tests.oauth.management.test_create_client import URI, create, create_from
from tests.oauth.management.test_create_client import refused as refused
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
KEYS = {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": "one"}]}
OPTIONS: dict[str, tuple[str, object]] = {
    "--client-uri": ("https://app.example/", "https://app.example/"),
    "--logo-uri": ("https://app.example/logo.png", "https://app.example/logo.png"),
    "--policy-uri": ("https://app.example/policy", "https://app.example/policy"),
    "--tos-uri": ("https://app.example/tos", "https://app.example/tos"),
    "--contacts": ("ops@app.example,dev@app.example", ["ops@app.example", "dev@app.example"]),
    "--jwks-uri": ("https://app.example/keys", "https://app.example/keys"),
    "--backchannel-logout-uri": ("https://app.example/out", "https://app.example/out"),
    "--request-uris": (
        "https://app.example/a https://app.example/b",
        ["https://app.example/a", "https://app.example/b"],
    ),
    "--request-object-signing-alg": ("none", "none"),
    "--subject-type": ("pairwise", "pairwise"),
    "--userinfo-signed-response-alg": ("ES256", "ES256"),
    "--default-max-age": ("0", 0),
    "--default-acr-values": ("phr aal2", ["phr", "aal2"]),
}


def member_of(option: str) -> str:
    return option.removeprefix("--").replace("-", "_")


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_sets_its_member_and_an_empty_one_takes_it_away(option: str) -> None:
    before = create("--client-id", "app", "--redirect-uri", URI)
    value, printed = OPTIONS[option]
    assert create("--client-id", "app", option, value)[member_of(option)] == printed
    events = AuditEvent.objects.count()
    assert create("--client-id", "app", option, value)[member_of(option)] == printed
    assert AuditEvent.objects.count() == events
    taken = create("--client-id", "app", option, "public" if option == "--subject-type" else "")
    assert taken == {name: value for name, value in before.items() if not name.startswith("client_secret")}


def test_a_client_with_a_key_of_its_own_has_no_secret(refused: Any) -> None:
    by_key = ("--auth-method", "private_key_jwt", "--token-endpoint-auth-signing-alg", "ES256")
    key = ("--jwks-uri", "https://app.example/keys")
    printed = create("--client-id", "app", "--redirect-uri", URI, *by_key, *key)
    assert not {"client_secret", "client_secret_expires_at"} & printed.keys()
    assert (printed["token_endpoint_auth_method"], printed["x_introspects"]) == ("private_key_jwt", "own")
    assert Client.objects.get().client_secret == ""
    assert create("--client-id", "app", "--name", "App")["token_endpoint_auth_signing_alg"] == "ES256"
    secret = "x" * 40
    assert refused(lambda: create("--client-id", "app", "--client-secret", secret)).startswith("client_secret: ")
    assert "jwks_uri: is missing" in refused(lambda: create("--redirect-uri", URI, *by_key))


def test_takes_keys_and_claims_from_json(tmp_path: Path) -> None:
    document = {"client_id": "app", "redirect_uris": [URI], "jwks": KEYS, "x_claims": {"role": "attributes.role"}}
    printed = create_from(document, tmp_path)
    assert (printed["jwks"], printed["x_claims"]) == (KEYS, {"role": "attributes.role"})
    again = create_from(printed, tmp_path)
    assert again == {name: value for name, value in printed.items() if not name.startswith("client_secret")}
    assert create_from({"client_id": "app", "x_claims": {}}, tmp_path)["x_claims"] == {}


def test_null_is_as_good_as_nothing_said(tmp_path: Path) -> None:
    nothing = {"client_name": None, "client_secret": None, "x_groups": None, "logo_uri": None, "jwks": None}
    create_from({"client_id": "app", "redirect_uris": [URI], "contacts": None, **nothing}, tmp_path)
    create("--client-id", "app", "--name", "The App", "--logo-uri", "https://app.example/logo.png")
    after = create_from({"client_id": "app", **nothing}, tmp_path)
    assert (after["client_name"], after["logo_uri"]) == ("The App", "https://app.example/logo.png")


def test_null_takes_away_what_has_no_other_word_for_none(tmp_path: Path) -> None:
    create_from({"client_id": "app", "redirect_uris": [URI], "jwks": KEYS, "default_max_age": 60}, tmp_path)
    after = create_from({"client_id": "app", "jwks": None, "default_max_age": None}, tmp_path)
    assert not {"jwks", "default_max_age"} & after.keys()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--client-uri", "http://app.example/"), "client_uri: http://app.example/ must be an https address"),
        (("--jwks-uri", "nowhere"), "jwks_uri: nowhere must be"),
        (("--request-uris", "https://app.example/a http://app.example/b"), "request_uris: http://app.example/b must"),
        (("--request-object-signing-alg", "HS256"), "request_object_signing_alg: HS256 is not known here"),
        (("--request-object-signing-alg", "ES256"), "request_object_signing_alg: needs jwks"),
        (("--token-endpoint-auth-signing-alg", "ES256"), "token_endpoint_auth_signing_alg: is for private_key_jwt"),
        (("--subject-type", "hidden"), "subject_type: hidden is not known here"),
        (("--sector-identifier-uri", "https://sector.invalid/"), "sector_identifier_uri: cannot be fetched"),
        (("--userinfo-signed-response-alg", "HS256"), "userinfo_signed_response_alg: HS256 is not known here"),
        (("--default-max-age", "soon"), "default_max_age: must be a number of seconds"),
        (("--default-max-age", "9" * 5000), "default_max_age: must be a number of seconds"),
        (("--access-token-lifetime", ""), "x_access_token_lifetime: must be a number of seconds"),
        (("--default-acr-values", "aal1 gold"), "default_acr_values: gold is not known here"),
        (("--auth-method", "client_secret_jwt"), "token_endpoint_auth_method: client_secret_jwt is not known here"),
    ],
)
def test_a_bad_value_ends_with_a_line_and_makes_nothing(options: tuple[str, ...], said: str, refused: Any) -> None:
    assert refused(lambda: create("--redirect-uri", URI, *options)).startswith(said)


@pytest.mark.parametrize(
    ("member", "value", "said"),
    [
        ("jwks", {"keys": []}, "jwks: must be a JWK set"),
        ("jwks", {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA", "d": "AA"}]}, "jwks: has a private key"),
        ("x_claims", {"sub": "attributes.sub"}, "x_claims: sub cannot be replaced"),
        ("x_claims", {"role": "is_staff"}, "x_claims: role is taken from nothing"),
        ("x_reviewed", "yes", "x_reviewed: must be true or false"),
    ],
)
def test_a_bad_member_of_json_ends_so_too(member: str, value: object, said: str, tmp_path: Path, refused: Any) -> None:
    document = json.dumps({"redirect_uris": [URI], member: value})
    assert refused(lambda: create_from(document, tmp_path)).startswith(said)
