"""A realm of Keycloak taken in: shaped as `kc.sh export --users realm_file` writes it."""

import json
import uuid
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import User
from oauth.models import Client, Scope
from oauth.services.digests import secret_is_right
from tests.accounts.management.importing.test_hashes import keycloak_argon2, keycloak_pbkdf2
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
KIM = str(uuid.UUID(int=11))
SECRET = "AbcdefghijklmnopqrstuvwxyzABCDEF"
REALM = {
    "realm": "corp",
    "groups": [{"name": "staff", "subGroups": [{"name": "editors", "subGroups": []}]}],
    "roles": {"realm": [{"name": "auditor"}, {"name": "default-roles-corp"}, {"name": "offline_access"}]},
    "clientScopes": [
        {"name": "reports", "description": "Read reports", "protocol": "openid-connect"},
        {"name": "profile", "protocol": "openid-connect"},
        {"name": "role_list", "protocol": "saml"},
    ],
    "clients": [
        {"clientId": "account", "redirectUris": ["/realms/corp/account/*"]},
        {
            "clientId": "web",
            "name": "Web",
            "enabled": True,
            "secret": SECRET,
            "redirectUris": ["https://web.example/callback", "https://web.example/*"],
            "standardFlowEnabled": True,
            "serviceAccountsEnabled": False,
            "consentRequired": True,
            "publicClient": False,
            "attributes": {
                "post.logout.redirect.uris": "https://web.example/bye##+",
                "backchannel.logout.url": "https://web.example/logout",
            },
            "defaultClientScopes": ["web-origins", "profile", "roles", "email", "reports"],
            "optionalClientScopes": ["offline_access"],
        },
        {
            "clientId": "spa",
            "publicClient": True,
            "redirectUris": ["https://spa.example/"],
            "attributes": {"pkce.code.challenge.method": "S256"},
        },
        {
            "clientId": "service",
            "standardFlowEnabled": False,
            "serviceAccountsEnabled": True,
            "secret": "**********",
            "enabled": False,
        },
        {"clientId": "wild", "redirectUris": ["*"], "publicClient": True},
    ],
    "identityProviders": [
        {
            "alias": "partner",
            "providerId": "oidc",
            "displayName": "Partner",
            "config": {"issuer": "https://partner.example", "clientId": "us", "clientSecret": "their secret"},
        },
        {
            "alias": "masked",
            "providerId": "oidc",
            "config": {"issuer": "https://x.example", "clientSecret": "**********"},
        },
        {"alias": "saml", "providerId": "saml", "config": {}},
    ],
    "users": [
        {
            "id": KIM,
            "username": "kim",
            "email": "kim@example.com",
            "emailVerified": True,
            "enabled": True,
            "firstName": "Min",
            "attributes": {"department": ["영업"], "locale": ["ko"]},
            "groups": ["/staff/editors"],
            "realmRoles": ["default-roles-corp", "auditor"],
            "credentials": [keycloak_argon2() | {"id": "x", "priority": 10}],
        },
        {
            "id": str(uuid.UUID(int=12)),
            "username": "lee@example.com",
            "email": "lee@example.com",
            "enabled": False,
            "credentials": [keycloak_pbkdf2("pbkdf2-sha512", "sha512")],
        },
        {"id": str(uuid.UUID(int=13)), "username": "service-account-service", "serviceAccountClientId": "service"},
    ],
}


@pytest.fixture
def take_in(tmp_path):
    def take_in(realm, *options):
        path = tmp_path / "realm.json"
        path.write_text(json.dumps(realm))
        out, err = StringIO(), StringIO()
        call_command("import_keycloak", str(path), *options, stdout=out, stderr=err)
        return err.getvalue(), json.loads(out.getvalue() or "{}").get("client_secrets")

    return take_in


def test_a_realm_comes_with_its_clients_groups_scopes_and_people(take_in, client):
    said, secrets = take_in(REALM, "--yes")
    web = Client.objects.get(client_id="web")
    assert secret_is_right(web.client_secret, SECRET)
    assert web.redirect_uris == "https://web.example/callback"
    assert web.post_logout_redirect_uris == "https://web.example/bye"
    assert web.backchannel_logout_uri == "https://web.example/logout"
    assert web.scopes.split() == ["openid", "profile", "roles", "email", "reports", "offline_access"]
    assert (web.skip_authorization, web.pkce) == (False, "optional")
    assert Client.objects.get(client_id="spa").client_type == "public"
    service = Client.objects.get(client_id="service")
    assert (service.grant_types, service.is_active) == ("client_credentials", False)
    assert set(secrets) == {"service"}
    assert set(Client.objects.values_list("client_id", flat=True)) == {"web", "spa", "service"}
    assert {"staff", "editors", "auditor"} <= set(Group.objects.values_list("name", flat=True))
    assert Scope.objects.get(name="reports").title_en == "Read reports"
    for note in (
        "client web: redirect URI https://web.example/* has a wildcard and is left out",
        "client wild: nothing is left of it that could be used here",
        "client service: the export has no secret that can be kept; it gets a new one",
        "provider masked: the export has not its secret; add it in the administration",
        "provider saml: only OpenID providers with an issuer can be had here",
    ):
        assert f"{note}\n" in said
    assert SECRET not in said

    kim = User.objects.get(username="kim")
    assert (str(kim.pk), kim.roles, kim.attributes) == (
        KIM,
        ["auditor", "editors"],
        {"department": "영업", "locale": "ko"},
    )
    answer = client.post("/api/token/", {"username": "kim", "password": PASSWORD}, content_type="application/json")
    assert answer.status_code == 200
    lee = User.objects.get(username="lee.example.com")
    assert (lee.is_active, lee.check_password(PASSWORD)) == (False, True)
    assert not User.objects.filter(username__startswith="service-account").exists()


def test_a_second_time_nothing_is_left_to_do(take_in):
    take_in(REALM, "--yes")
    said, _ = take_in(REALM, "--yes")
    assert said.endswith(
        "0 to take in, 0 of them without a password that is known here; 2 are here already; 0 are refused.\nNothing was changed.\n"
    )


def test_a_dry_run_changes_nothing(take_in):
    said, _ = take_in(REALM, "--dry-run")
    assert "+ clients web" in said
    assert "2 to take in" in said
    assert not Client.objects.exists()
    assert not User.objects.exists()


def test_what_fails_half_way_leaves_nothing(take_in):
    realm = REALM | {"users": [*REALM["users"], {"username": "nobody"}]}
    with pytest.raises(CommandError):
        take_in(realm, "--yes")
    assert not Client.objects.exists()


@pytest.mark.parametrize("realm", [{"clients": [{}]}, {"clients": 5}, {"users": [5]}, {"groups": [[]]}, {"roles": []}])
def test_what_is_no_realm_is_refused(realm, take_in):
    with pytest.raises(CommandError, match="cannot be read") as refused:
        take_in(realm, "--yes")
    assert refused.value.returncode == 2
