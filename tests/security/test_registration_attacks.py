"""Attacks on dynamic registration: by strangers, and by clients that registered themselves."""

import time
from typing import Any

import pytest
from django.test import Client as Browser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oauth.conf import REGISTRATION_BY_ADDRESS, REGISTRATION_CHANGE_BY_ADDRESS
from oauth.models import Client, InitialAccessToken
from tests.clients import SECRET, basic, make_client, post_form
from tests.loopback import Server, saying
from tests.registration import CALLBACK, NEWCOMER, leave, manage, register, registered, said, send
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db

POLICIES: dict[str, Any] = {
    "x_skip_consent": True, "x_reviewed": True, "x_introspects": "all", "x_groups": [], "x_pkce": "optional",
    "x_claims": {"mail": "email"}, "x_scopes": ["openid", "roles", "admin"], "x_default_scopes": ["roles"],
    "x_access_token_lifetime": 3600, "x_access_token_format": "opaque", "x_refresh_rotation": False, "x_anything": 1,
    "skip_authorization": True, "reviewed": True, "registration_source": "manual", "is_active": True,
    "client_type": "public", "user": 1, "id": 1, "hash_client_secret": False,
}  # fmt: skip
MEMBERS = (
    *("client_name", "client_uri", "logo_uri", "policy_uri", "tos_uri", "contacts", "token_endpoint_auth_method"),
    *("token_endpoint_auth_signing_alg", "jwks", "jwks_uri", "grant_types", "redirect_uris", "response_types"),
    *("post_logout_redirect_uris", "backchannel_logout_uri", "backchannel_logout_session_required", "request_uris"),
    *("request_object_signing_alg", "scope", "default_max_age", "default_acr_values", "subject_type"),
    *("sector_identifier_uri", "id_token_signed_response_alg", "userinfo_signed_response_alg", "software_statement"),
    *("id_token_encrypted_response_alg", "request_object_encryption_enc", "client_id", "client_secret", "x_claims"),
)
ODD: list[Any] = [
    True, -1, 1.5, 10**300, "", "none", "a" * 5000, "a\nb", "https://[::::]/",
    [], [None], [""], [[]], [{}], ["https://[::::]"], {}, {"keys": [[]]},
]  # fmt: skip


def hurts_nothing(answer: Any) -> str:
    """Check what holds for every answer: made, or refused by a registered code; return the code."""
    if answer.status_code in {200, 201}:
        return ""
    error: str = answer.json()["error"]
    assert answer.status_code == 400, answer.content
    assert error in {"invalid_client_metadata", "invalid_redirect_uri", "invalid_request", "parse_error"}
    assert len(answer.json().get("error_description", "")) < 300
    return error


def is_a_newcomer(client: Client) -> None:
    """Check that a client has no more than any that registers itself."""
    assert (client.reviewed, client.skip_authorization, client.introspects, client.pkce) == (
        False,
        False,
        "none",
        "required",
    )
    assert (client.claims, client.default_scopes, client.access_token_lifetime) == ({}, "", 600)
    assert (client.access_token_format, client.registration_source, client.is_active) == ("jwt", "dcr", True)
    assert "roles" not in client.scopes.split()
    assert client.user_id is None
    assert not client.groups.exists()


@pytest.fixture
def early_in_the_hour() -> None:
    """Addresses are counted by the hour: what needs one whole does not begin at its end."""
    left = 3600 - time.time() % 3600
    if left < 20:
        time.sleep(left)


def test_no_client_gives_itself_a_policy():
    told = registered(**POLICIES)
    is_a_newcomer(Client.objects.get())
    assert not [name for name in told if name.startswith("x_")]
    assert manage(told, "PUT", said(told, **POLICIES)).status_code == 200
    is_a_newcomer(Client.objects.get())


@pytest.mark.parametrize("member", sorted(POLICIES))
def test_no_policy_comes_in_alone(member):
    registered(**{member: POLICIES[member]})
    is_a_newcomer(Client.objects.get())


def test_no_client_asks_for_roles_or_for_scopes_of_other_apis():
    told = registered(scope="openid roles admin read https://api.example/write")
    assert told["scope"] == "openid"
    assert manage(told, "PUT", said(told, scope="openid roles email")).json()["scope"] == "openid email"


def test_a_newcomer_neither_introspects_nor_acts_as_itself():
    told = registered()
    headers = {"authorization": basic(told["client_id"], told["client_secret"])}
    answer = post_form("/oauth/introspect", {"token": "x"}, **headers)
    assert (answer.status_code, answer.json()["error"]) == (403, "access_denied")
    answer = post_form("/oauth/token", {"grant_type": "client_credentials"}, **headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")


@pytest.mark.parametrize(("mode", "pkce"), [("required", "required"), ("optional", "optional")])
def test_a_confidential_client_goes_without_pkce_only_where_the_server_lets_it(settings, mode, pkce):
    settings.DCR_PKCE = mode
    registered(x_pkce="optional")
    assert Client.objects.get().pkce == pkce


def test_a_public_client_never_goes_without_pkce(settings):
    settings.DCR_PKCE = "optional"
    told = registered(token_endpoint_auth_method="none")
    assert Client.objects.get().pkce == "required"
    manage(told, "PUT", said(told, client_name="Newer"))
    assert Client.objects.get().pkce == "required"


def test_one_clients_registration_token_opens_nothing_else():
    told, victim = registered(), registered(client_name="Victim")
    token = told["registration_access_token"]
    for method in ("GET", "PUT", "DELETE"):
        assert manage(victim, method, said(victim, client_name="Taken"), token).status_code == 401
    assert manage(victim).json()["client_name"] == "Victim"
    assert register(token=token).status_code == 401
    for path in ("/oauth/userinfo", "/api/me/"):
        assert send("GET", path, token=token).status_code == 401


@pytest.mark.parametrize("what", ["initial access token", "client secret", "nothing", "a digest"])
def test_nothing_else_passes_for_a_registration_token(what):
    told, unused = registered(), leave()
    digest = Client.objects.get().registration_token_digest
    values = {"initial access token": unused, "client secret": told["client_secret"], "a digest": digest}
    assert manage(told, token=values.get(what, "")).status_code == 401


def test_clients_that_were_made_here_have_no_registration_to_take_over():
    make_client("app")
    for token in ("x", "", SECRET):
        assert send("GET", "/oauth/register/app", token=token).status_code == 401
    assert send("DELETE", "/oauth/register/app", None, leave()).status_code == 401
    assert Client.objects.filter(client_id="app").exists()


def test_tokens_are_not_looked_for_in_the_query_or_in_the_body():
    token = leave()
    answer = send("POST", f"/oauth/register?access_token={token}", NEWCOMER | {"access_token": token})
    assert answer.status_code == 401
    told = registered()
    value = told["registration_access_token"]
    assert send("GET", f"/oauth/register/{told['client_id']}?access_token={value}").status_code == 401


def test_no_page_of_another_origin_reads_an_answer():
    told = registered(redirect_uris=["https://spa.example/"])
    path = f"/oauth/register/{told['client_id']}"
    for method, address in [("POST", "/oauth/register"), ("OPTIONS", "/oauth/register"), ("GET", path), ("PUT", path)]:
        answer = send(method, address, NEWCOMER, told["registration_access_token"], origin="https://spa.example")
        assert not [name for name in answer.headers if name.startswith("Access-Control-")]
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_tokens_and_secrets_are_too_long_to_guess():
    told = registered()
    values = {told["registration_access_token"], told["client_secret"], leave(), told["client_id"]}
    assert sorted(len(value) for value in values) == [16, 43, 43, 43]


def test_one_address_registers_so_many_clients_and_no_more(settings, early_in_the_hour):
    settings.DCR = "open"
    for _ in range(REGISTRATION_BY_ADDRESS.attempts):
        assert register({}, None).status_code == 400  # what is refused counts too
    answer = register(token=None)
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert 0 < int(answer["Retry-After"]) <= REGISTRATION_BY_ADDRESS.window
    assert not Client.objects.exists()
    body = b'{"redirect_uris": ["https://new.example/callback"]}'
    elsewhere = Browser(REMOTE_ADDR="198.51.100.7")
    assert elsewhere.post("/oauth/register", body, content_type="application/json").status_code == 201


def test_one_client_cannot_have_us_fetch_without_end(early_in_the_hour):
    told = registered()
    for _ in range(REGISTRATION_CHANGE_BY_ADDRESS.attempts):
        assert manage(told, "PUT", {}).status_code == 400
    assert manage(told, "PUT", said(told)).status_code == 429
    assert manage(told).status_code == 200


@pytest.mark.parametrize("member", ["jwks_uri", "logo_uri", "sector_identifier_uri", "backchannel_logout_uri"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_registering_reaches_nothing_inside(member, host):
    with Server(saying(b'["https://new.example/callback"]')) as server:
        answer = register(**{member: f"https://{host}:{server.port}/"})
        assert server.connections == 0
    assert (answer.status_code == 400) == (member == "sector_identifier_uri")


def test_a_host_longer_than_any_is_refused_before_it_becomes_a_sector():
    """The table of pairwise subjects has no room for it: a server error for whoever would sign in."""
    for length in (254, 300, 1000):
        answer = register(redirect_uris=[f"https://{'a' * length}/callback"], subject_type="pairwise")
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_redirect_uri")


def test_a_client_does_not_trade_the_names_that_it_has_of_people_for_their_ids():
    told = registered(subject_type="pairwise")
    for changed in ("public", None):  # what is left out is public (OpenID Connect Registration section 2)
        answer = manage(told, "PUT", said(told, subject_type=changed))
        assert hurts_nothing(answer) == "invalid_client_metadata"
        assert answer.json()["error_description"] == "subject_type: pairwise cannot be replaced"
    assert Client.objects.get().subject_type == "pairwise"
    assert manage(told, "PUT", said(told, client_name="Renamed")).status_code == 200


def test_who_is_wrong_already_has_nothing_fetched(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True
    with Server(saying(b'["https://new.example/callback"]')) as server:
        sector = {"sector_identifier_uri": f"http://127.0.0.1:{server.port}/wrong"}
        for wrong in ({"scope": 7}, {"logo_uri": "javascript:x"}, {"grant_types": ["client_credentials"]}):
            assert register(**sector, **wrong).status_code == 400
        assert register(**sector, token="guessed").status_code == 401
        assert server.connections == 0


@pytest.mark.parametrize("name", ["\u202eelgooG", "a\u2066b", "two\nlines", "nul\u0001", "a\u2028b", "x" * 256,
                                  "\u200fb", "\u061cb", "Pay\u200broll", "Pay\u2060roll", "Pay\ufeffroll"])  # fmt: skip
def test_a_name_cannot_turn_or_break_what_stands_around_it(name):
    assert hurts_nothing(register(client_name=name)) == "invalid_client_metadata"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (413, b'{"client_name": "' + b"a" * 1_000_000 + b'"}'),
        (400, b'{"jwks": ' * 5000),
        (400, b'{"a":' + b"[" * 40 + b"]" * 40 + b"}"),
        (400, b'{"client_name": "\\u0000"}'),
        (400, b'{"client_name": "\\ud800"}'),
        (400, b"\xff\xfe"),
        (400, b'{"default_max_age": ' + b"9" * 5000 + b"}"),
        (400, b'{"default_max_age": 1e999}'),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_monstrous_bodies_are_refused(method, status, body):
    told = registered()
    answer = register(body, leave()) if method == "POST" else manage(told, "PUT", body)
    assert answer.status_code == status
    assert Client.objects.count() == 1


@pytest.mark.parametrize("member", MEMBERS)
def test_a_member_of_any_type_is_no_bug(member):
    token = leave(uses=len(ODD))
    told = registered()
    for value in ODD:
        hurts_nothing(register(NEWCOMER | {member: value}, token))
    hurts_nothing(manage(told, "PUT", said(told) | {member: [{}]}))
    for client in Client.objects.all():
        is_a_newcomer(client)


def test_many_keys_and_many_addresses_stay_within_the_body():
    key = {"kty": "EC", "x": "x" * 3000}
    assert register(jwks={"keys": [key] * 21}).status_code == 400
    assert register(redirect_uris=[f"https://new.example/{number}" for number in range(1000)]).status_code == 201


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
addresses = st.sampled_from(
    [
        CALLBACK,
        "https://other.example/",
        "http://localhost/",
        "com.example.new:/",
        "javascript:x",
        "https://[::::]",
        "//x",
    ]
)
likely = {
    "redirect_uris": st.lists(addresses, max_size=3),
    "client_name": st.text(max_size=30),
    "grant_types": st.lists(st.sampled_from(["authorization_code", "refresh_token", "implicit"]), max_size=3),
    "response_types": st.lists(st.sampled_from(["code", "code", "token"]), max_size=2),
    "token_endpoint_auth_method": st.sampled_from(["none", "client_secret_basic", "private_key_jwt", "x"]),
    "subject_type": st.sampled_from(["public", "pairwise", "x"]),
    "scope": st.lists(st.sampled_from(["openid", "email", "roles", '"', "é"]), max_size=4).map(" ".join),
    "logo_uri": addresses,
    "jwks_uri": addresses,
    "jwks": st.fixed_dictionaries({"keys": st.lists(st.dictionaries(st.sampled_from(["kty", "d", "x"]), st.text()))}),
    "request_uris": st.lists(addresses, max_size=2),
    "id_token_signed_response_alg": st.sampled_from(["RS256", "none", "EdDSA"]),
    "default_max_age": st.integers(),
}
requests = st.fixed_dictionaries(
    {"redirect_uris": likely["redirect_uris"]},
    optional={name: likely[name] for name in likely if name != "redirect_uris"},
) | st.dictionaries(st.sampled_from(MEMBERS).filter(lambda name: name != "sector_identifier_uri"), json_values)


@settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(metadata=requests)
def test_whatever_is_registered_is_made_or_refused_by_a_registered_code(metadata):
    InitialAccessToken.objects.all().delete()
    before = Client.objects.count()
    answer = register(metadata)
    code = hurts_nothing(answer)
    assert Client.objects.count() == before + (code == "")
    assert InitialAccessToken.objects.get().uses_left == (0 if code == "" else 1)
    if not code:
        told = answer.json()
        is_a_newcomer(Client.objects.get(client_id=told["client_id"]))
        assert manage(told, "PUT", said(told)).json() == manage(told).json()


def test_what_comes_of_a_registration_is_in_the_trail():
    before = set(AuditEvent.objects.values_list("pk", flat=True))
    told = registered()
    manage(told, "PUT", said(told, client_name="Newer"))
    manage(told, "DELETE")
    trail = list(AuditEvent.objects.exclude(pk__in=before).order_by("id").values_list("action", "client_address"))
    assert trail == [
        ("initial_access_token.created", ""),
        ("client.registered", "127.0.0.1"),
        ("client.changed", "127.0.0.1"),
        ("client.deleted", "127.0.0.1"),
    ]
