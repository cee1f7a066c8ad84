"""create_client, as scripts and configuration kept in a repository use it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from oauth.models import Client
from oauth.services.digests import secret_is_right
from tests.at_once import at_once
from tests.client_keys import ClientKey
from tests.clients import Application
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
URI = "https://app.example/callback"
GIVEN_SECRET = "a secret moved in from elsewhere".replace(" ", "-")

KEYS = ClientKey().key_set()
NO_POLICIES: dict[str, object] = {
    "x_required_scopes": [],
    "x_roles": [],
    "x_profile": "",
    "x_refresh_rotation": True,
    "x_token_exchange": "none",
    "x_global_token_revocation": False,
}


def create(*arguments: str) -> Any:
    output = io.StringIO()
    call_command("create_client", *arguments, stdout=output)
    return json.loads(output.getvalue())


def create_from(document: Any, tmp_path: Path) -> Any:
    file = tmp_path / "clients.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    return create("--json", str(file))


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command that is to be refused, and return the one line that says why."""

    def line(act: Any) -> str:
        before = Client.objects.count()
        with pytest.raises(CommandError) as error:
            act()
        assert error.value.returncode == 2
        assert Client.objects.count() == before
        assert "\n" not in str(error.value)
        return str(error.value)

    return line


@pytest.mark.spec("RFC 7591", "3.2.1")
def test_prints_a_new_client_by_the_names_of_rfc_7591_with_its_secret() -> None:
    printed = create("--name", "The App", "--redirect-uri", URI)
    client = Client.objects.get()
    assert printed == {
        "client_id": client.client_id,
        "client_id_issued_at": int(client.created.timestamp()),
        "client_secret": printed["client_secret"],
        "client_secret_expires_at": 0,
        "client_name": "The App",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "redirect_uris": [URI],
        "post_logout_redirect_uris": [],
        "scope": "openid profile email offline_access",
        "subject_type": "public",
        "id_token_signed_response_alg": "RS256",
        "x_default_scopes": [],
        "x_claims": {},
        "x_reviewed": True,
        "x_introspects": "own",
        "x_pkce": "required",
        "x_access_token_format": "jwt",
        "x_access_token_lifetime": 600,
        "x_skip_consent": False,
        "x_groups": [],
        **NO_POLICIES,
    }
    assert secret_is_right(client.client_secret, printed["client_secret"])


def test_what_it_prints_signs_people_in(person: Any) -> None:
    printed = create("--redirect-uri", URI, "--scopes", "openid profile")
    application = Application(Client.objects.get(), printed["client_secret"])
    application.sign_in()
    assert application.tokens()["scope"] == "openid profile"


def test_a_public_client_gets_no_secret() -> None:
    printed = create("--type", "public", "--redirect-uri", "http://127.0.0.1/callback")
    assert "client_secret" not in printed
    assert (printed["token_endpoint_auth_method"], printed["x_introspects"]) == ("none", "none")


def test_takes_every_option() -> None:
    printed = create(
        *("--name", "Service", "--type", "confidential", "--auth-method", "client_secret_post"),
        *(
            "--grant-types",
            "authorization_code,client_credentials",
            "--redirect-uri",
            URI,
            "--redirect-uri",
            f"{URI}/2",
        ),
        *(
            "--scopes",
            "openid, read",
            "write",
            "--default-scopes",
            "read write",
            "--introspects",
            "all",
            "--skip-consent",
        ),
        *("--pkce", "optional", "--access-token-format", "opaque", "--access-token-lifetime", "120"),
        *("--id-token-alg", "EdDSA", "--post-logout-redirect-uris", f"{URI}/out", "--groups", "staff editors"),
        *("--client-id", "service", "--client-secret", GIVEN_SECRET),
    )
    assert printed | {"client_id_issued_at": 0} == {
        "client_id": "service",
        "client_id_issued_at": 0,
        "client_secret": GIVEN_SECRET,
        "client_secret_expires_at": 0,
        "client_name": "Service",
        "token_endpoint_auth_method": "client_secret_post",
        "grant_types": ["authorization_code", "client_credentials"],
        "response_types": ["code"],
        "redirect_uris": [URI, f"{URI}/2"],
        "post_logout_redirect_uris": [f"{URI}/out"],
        "scope": "openid read write",
        "subject_type": "public",
        "x_claims": {},
        "x_reviewed": True,
        "id_token_signed_response_alg": "EdDSA",
        "x_default_scopes": ["read", "write"],
        "x_introspects": "all",
        "x_pkce": "optional",
        "x_access_token_format": "opaque",
        "x_access_token_lifetime": 120,
        "x_skip_consent": True,
        "x_groups": ["staff", "editors"],
        **NO_POLICIES,
    }


def test_takes_every_option_of_requests_answers_and_bound_tokens(tmp_path: Path) -> None:
    printed = create_from(
        {"client_id": "app", "redirect_uris": [URI], "token_endpoint_auth_method": "private_key_jwt", "jwks": KEYS},
        tmp_path,
    )
    assert printed.items() >= NO_POLICIES.items()
    changed = create(
        *("--client-id", "app", "--require-pushed-authorization-requests", "--require-signed-request-object"),
        *("--dpop-bound-access-tokens", "--no-refresh-rotation", "--authorization-signed-response-alg", "ES256"),
        *("--introspection-signed-response-alg", "EdDSA", "--token-exchange", "delegation"),
        "--global-token-revocation",
    )
    assert (
        changed.items()
        >= {
            "require_pushed_authorization_requests": True,
            "require_signed_request_object": True,
            "dpop_bound_access_tokens": True,
            "authorization_signed_response_alg": "ES256",
            "introspection_signed_response_alg": "EdDSA",
            "x_refresh_rotation": False,
            "x_token_exchange": "delegation",
            "x_global_token_revocation": True,
        }.items()
    )
    undone = create("--client-id", "app", "--no-dpop-bound-access-tokens", "--no-global-token-revocation")
    assert "dpop_bound_access_tokens" not in undone
    assert undone["x_global_token_revocation"] is False


def test_a_client_of_the_fapi_profile_is_made_by_naming_it() -> None:
    keys = "https://bank.example/keys"
    printed = create("--client-id", "bank", "--redirect-uri", URI, "--profile", "fapi2", "--jwks-uri", keys)
    assert "client_secret" not in printed
    assert (
        printed.items()
        >= {
            "x_profile": "fapi2",
            "token_endpoint_auth_method": "private_key_jwt",
            "id_token_signed_response_alg": "ES256",
            "x_refresh_rotation": False,
        }.items()
    )
    assert create("--client-id", "bank", "--profile", "fapi2") == printed


@pytest.mark.parametrize(
    "contradiction",
    [
        ("--type", "public"),
        ("--auth-method", "client_secret_basic"),
        ("--pkce", "optional"),
        ("--id-token-alg", "RS256"),
        ("--token-endpoint-auth-signing-alg", "RS256"),
        ("--request-object-signing-alg", "none"),
        ("--refresh-rotation",),
    ],
    ids=lambda contradiction: contradiction[0],
)
def test_what_contradicts_the_fapi_profile_is_told(contradiction: tuple[str, ...], refused: Any) -> None:
    options = ("--redirect-uri", URI, "--profile", "fapi2", "--jwks-uri", "https://bank.example/keys")
    assert "the profile fapi2" in refused(lambda: create(*options, *contradiction))
    assert "jwks_uri: is missing" in refused(lambda: create("--redirect-uri", URI, "--profile", "fapi2"))


def test_running_again_changes_the_named_fields_alone_and_prints_no_secret() -> None:
    first = create("--client-id", "app", "--redirect-uri", URI, "--name", "The App", "--skip-consent")
    again = create("--client-id", "app", "--name", "Our App", "--no-skip-consent")
    assert "client_secret" not in again
    assert again["client_name"] == "Our App"
    assert again["redirect_uris"] == [URI]
    assert again["x_skip_consent"] is False
    assert secret_is_right(Client.objects.get().client_secret, first["client_secret"])


def test_the_same_again_changes_nothing() -> None:
    options = ("--client-id", "app", "--redirect-uri", URI, "--client-secret", GIVEN_SECRET)
    create(*options)
    events = AuditEvent.objects.count()
    create(*options)
    assert AuditEvent.objects.count() == events


def test_a_given_secret_that_differs_is_set_anew() -> None:
    create("--client-id", "app", "--redirect-uri", URI)
    create("--client-id", "app", "--client-secret", GIVEN_SECRET)
    assert secret_is_right(Client.objects.get().client_secret, GIVEN_SECRET)
    assert AuditEvent.objects.of_action("client.secret_rotated").count() == 1


def test_a_disabled_client_is_changed_and_stays_disabled() -> None:
    create("--client-id", "app", "--redirect-uri", URI)
    Client.objects.update(is_active=False)
    create("--client-id", "app", "--name", "Our App")
    assert Client.objects.get().name == "Our App"
    assert not Client.objects.get().is_active


def test_takes_metadata_of_one_or_many_from_a_file_or_from_stdin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = {"client_id": "one", "redirect_uris": [URI], "logo_uri": "https://app.example/logo.png"}
    two = {"client_id": "two", "client_secret": GIVEN_SECRET, "grant_types": ["client_credentials"], "scope": "read"}
    assert create_from(one, tmp_path)["client_id"] == "one"
    assert [client["client_id"] for client in create_from([one, two], tmp_path)] == ["one", "two"]
    assert secret_is_right(Client.objects.get(client_id="two").client_secret, GIVEN_SECRET)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(one | {"client_name": "1"}).encode())))
    assert create("--json", "-")["client_name"] == "1"


def test_what_is_printed_can_be_read_back(tmp_path: Path) -> None:
    printed = create("--client-id", "app", "--redirect-uri", URI)
    again = create_from(printed, tmp_path)
    assert again == {name: value for name, value in printed.items() if not name.startswith("client_secret")}


def test_of_a_list_all_or_none_are_made(tmp_path: Path, refused: Any) -> None:
    line = refused(lambda: create_from([{"redirect_uris": [URI]}, {"redirect_uris": ["http://app.example"]}], tmp_path))
    assert line.startswith("client 2: redirect_uris: http://app.example must be https")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ("--client-id", "c1d9a3b0-6b1b-4d2c-9d5e-0a1b2c3d4e5f", "--redirect-uri", URI),
            "client_id: may not be a UUID",
        ),
        (("--client-id", "first-party", "--redirect-uri", URI), "client_id: is reserved"),
        (("--client-secret", "x" * 31, "--redirect-uri", URI), "client_secret: must have at least 32"),
        (("--redirect-uri", "http://app.example/"), "redirect_uris: http://app.example/ must be https"),
        (("--scopes", 'a"b', "--redirect-uri", URI), "scope: a?b is not a scope"),
        (("--grant-types", "password"), "grant_types: password is not known here"),
        (("--auth-method", "tls_client_auth"), "token_endpoint_auth_method: tls_client_auth is not known here"),
        (("--type", "secret"), "--type: secret is neither"),
        (("--type", "public", "--auth-method", "client_secret_basic"), "--auth-method: client_secret_basic is not for"),
        (("--type", "confidential", "--auth-method", "none"), "--auth-method: none is not for"),
        (("--type", "public", "--grant-types", "client_credentials"), "grant_types: client_credentials"),
        (
            ("--type", "public", "--redirect-uri", URI, "--client-secret", GIVEN_SECRET),
            "client_secret: a client that is public",
        ),
        (("--type", "public", "--redirect-uri", URI, "--pkce", "optional"), "x_pkce: is always required"),
        (("--redirect-uri", URI, "--access-token-lifetime", "soon"), "x_access_token_lifetime: must be a number"),
        (("--redirect-uri", URI, "--access-token-lifetime", "5"), "x_access_token_lifetime: 60 - "),
        ((), "redirect_uris: is missing"),
        (("--json", "/nowhere/at/all.json"), "--json: /nowhere/at/all.json: No such file"),
        (("--json", "-", "--name", "x"), "--json takes no other options"),
    ],
)
def test_a_bad_value_ends_with_status_2_and_a_line_and_writes_nothing(
    options: tuple[str, ...], said: str, refused: Any
) -> None:
    assert refused(lambda: create(*options)).startswith(said)


@pytest.mark.parametrize(
    "document", ["{", "7", '["x"]', '{"client_id": "a", "client_id": "b"}', '{"client_id": 7}', "[{}]"]
)
def test_a_bad_document_ends_so_too(document: str, tmp_path: Path, refused: Any) -> None:
    assert refused(lambda: create_from(document, tmp_path))


def test_a_client_that_stands_is_not_changed_by_what_is_refused(refused: Any) -> None:
    create("--client-id", "app", "--redirect-uri", URI)
    assert refused(lambda: create("--client-id", "app", "--name", "New", "--type", "public"))
    assert refused(lambda: create("--client-id", "app", "--name", "New", "--client-secret", "short"))
    assert Client.objects.get().name == ""


@pytest.mark.django_db(transaction=True)
def test_of_many_scripts_at_once_one_makes_the_client() -> None:
    printed = at_once(4, lambda: create("--client-id", "app", "--redirect-uri", URI))
    assert sum("client_secret" in client for client in printed) == 1
    assert Client.objects.count() == 1
