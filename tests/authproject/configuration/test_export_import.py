"""Configuration as code: out of one installation, into the same or another one."""

import json
from io import StringIO

import pytest
from allauth.socialaccount.models import SocialApp
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.external import providers
from accounts.external import secret as provider_secret
from oauth.models import Client, Resource, Scope
from oauth.services import registration
from oauth.services.digests import secret_is_right
from tests.clients import SECRET, make_client
from trust.audit.models import AuditEvent

GIVEN = "a-secret-that-somebody-else-chose-long-ago"
pytestmark = pytest.mark.django_db


def export(*options):
    out = StringIO()
    call_command("export_config", *options, stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def put(tmp_path):
    """Import a document, and return what was printed of the plan, and the secrets of new clients."""

    def put(document, *options):
        path = tmp_path / "config.json"
        path.write_text(json.dumps({"version": 1} | document))
        out, err = StringIO(), StringIO()
        call_command("import_config", str(path), *(options or ("--yes",)), stdout=out, stderr=err)
        printed = json.loads(out.getvalue())["client_secrets"] if out.getvalue() else {}
        return err.getvalue(), printed

    return put


def set_up():
    group = Group.objects.create(name="편집자")
    group.permissions.add(Permission.objects.get(codename="view_user"))
    make_client(
        "web",
        redirect_uris="https://web.example/callback",
        logo_uri="https://web.example/logo.png",
        scopes="openid email",
    ).groups.add(group)
    make_client("spa", public=True, is_active=False, scopes="openid profile")
    providers.put(
        provider_id="corp",
        name="Corporate",
        client_id="us",
        settings={"server_url": "https://corp.example", "trusted_domains": ["corp.example"]},
        secret="a provider secret",
    )
    reports = Scope.objects.create(name="reports", title_en="Read reports", title_ko="보고서 읽기")
    Resource.objects.create(identifier="https://api.example", name_en="The API").scopes.add(reports)


def wipe():
    for model in (Client, Resource, SocialApp, Group):
        model.objects.all().delete()
    Scope.objects.exclude(
        name__in=["openid", "profile", "email", "address", "phone", "roles", "offline_access"]
    ).delete()


def test_what_is_exported_and_imported_again_changes_nothing(put):
    set_up()
    before = AuditEvent.objects.count()
    plan, secrets = put(export())
    assert plan == "Nothing was changed.\n"
    assert secrets == {}
    assert AuditEvent.objects.count() == before


def test_an_export_brings_an_empty_installation_to_the_same_state(put):
    set_up()
    exported = export("--secrets")
    wipe()
    assert export()["clients"] == []
    put(exported)
    assert export("--secrets") == exported
    assert secret_is_right(Client.objects.get(client_id="web").client_secret, SECRET)
    assert provider_secret.of(SocialApp.objects.get()) == "a provider secret"
    assert put(exported)[0] == "Nothing was changed.\n"


def test_an_export_has_no_secrets_unless_they_are_asked_for():
    set_up()
    text = json.dumps(export())
    assert "secret_digest" not in text
    assert "a provider secret" not in text
    assert SocialApp.objects.get().secret not in text
    row = Client.objects.get(client_id="web")
    assert row.client_secret not in text
    assert row.client_secret in json.dumps(export("--secrets"))


def test_the_secret_of_a_new_client_is_printed_once(put):
    document = {"clients": [{"client_id": "new", "redirect_uris": ["https://new.example/cb"]}]}
    plan, secrets = put(document)
    assert "+ clients new" in plan
    assert secret_is_right(Client.objects.get(client_id="new").client_secret, secrets["new"])
    assert put(document) == ("Nothing was changed.\n", {})


def test_a_given_secret_is_kept_and_shown_nowhere(put):
    document = {"clients": [{"client_id": "new", "redirect_uris": ["https://new.example/cb"], "client_secret": GIVEN}]}
    plan, secrets = put(document)
    assert secrets == {}
    assert GIVEN not in plan
    assert secret_is_right(Client.objects.get(client_id="new").client_secret, GIVEN)
    assert put(document)[0] == "Nothing was changed.\n"
    document["clients"][0]["client_secret"] = "x" * 40
    assert "x" * 40 not in put(document)[0]
    assert secret_is_right(Client.objects.get(client_id="new").client_secret, "x" * 40)


def test_the_plan_says_what_changes_and_a_dry_run_changes_nothing(put):
    set_up()
    exported = export()
    web = next(client for client in exported["clients"] if client["client_id"] == "web")
    web |= {"client_name": "새 이름", "x_active": False}
    plan, _ = put(exported, "--dry-run")
    assert '~ clients web\n    client_name: "The App" -> "새 이름"\n    x_active: true -> false\n' in plan
    assert Client.objects.get(client_id="web").name == "The App"
    put(exported)
    row = Client.objects.get(client_id="web")
    assert (row.name, row.is_active) == ("새 이름", False)


def test_what_an_entry_does_not_name_is_the_default(put):
    set_up()
    put({"clients": [{"client_id": "web", "redirect_uris": ["https://web.example/callback"]}]})
    row = Client.objects.get(client_id="web")
    assert (row.logo_uri, row.name, row.groups.count()) == ("", "", 0)


def test_a_document_of_before_leaves_people_the_scopes_that_tell_of_themselves(put):
    entries = {name: {"name": name, "is_offered": True} for name in ("profile", "openid", "orders:read")}
    put({"scopes": list(entries.values())})
    assert set(Scope.objects.filter(is_personal=True, name__in=entries).values_list("name", flat=True)) == {"profile"}
    put({"scopes": [entries["profile"] | {"is_personal": False}, entries["orders:read"] | {"is_personal": True}]})
    assert set(Scope.objects.filter(is_personal=True, name__in=entries).values_list("name", flat=True)) == {
        "orders:read"
    }


def test_the_roles_of_a_service_account_are_configuration(put):
    make_client("worker", grant_types="client_credentials", redirect_uris="", scopes="roles").roles.add(
        Group.objects.create(name="편집자")
    )
    document = export()
    Client.objects.all().delete()
    Group.objects.all().delete()
    put(document)
    assert Client.objects.get().roles.get().name == "편집자"


def test_what_is_not_named_stays_unless_it_is_pruned(put):
    set_up()
    document = export()
    document["clients"] = document["clients"][:1]
    document["groups"] = []
    assert put(document)[0] == "Nothing was changed.\n"
    plan, _ = put(document, "--prune", "--yes")
    assert "- clients web\n" in plan
    assert set(Client.objects.values_list("client_id", flat=True)) == {"spa"}
    assert not Group.objects.exists()
    assert "openid" in {scope["name"] for scope in export()["scopes"]}


def test_a_section_that_is_not_there_is_not_pruned(put):
    set_up()
    put({"groups": []}, "--prune", "--yes")
    assert Client.objects.count() == 2


def test_clients_that_registered_themselves_are_no_configuration(put):
    made, _ = registration.register(
        metadata=registration.ClientMetadata(redirect_uris=("https://dcr.example/cb",)), registration_token="x" * 40
    )
    assert export()["clients"] == []
    put({"clients": []}, "--prune", "--yes")
    assert Client.objects.get() == made


def test_a_scope_in_use_is_not_taken_away_and_then_nothing_is(put):
    set_up()
    Client.objects.update(scopes="openid reports")
    with pytest.raises(CommandError, match="scopes reports: it is used by"):
        put({"scopes": [], "resources": []}, "--prune", "--yes")
    assert Resource.objects.exists()


WRONG = {
    "no version": ({"version": 2}, "this is no configuration of version 1"),
    "unknown section": ({"people": []}, "people: is not known here"),
    "no list": ({"clients": {}}, "clients: must be a list of objects"),
    "no key": ({"clients": [{}]}, "clients: an entry has no client_id"),
    "twice": ({"groups": [{"name": "a"}, {"name": "a"}]}, "groups: a name stands there twice"),
    "permission": ({"groups": [{"name": "a", "permissions": ["x.y"]}]}, "groups a: permissions: x.y is not known here"),
    "member": ({"groups": [{"name": "a", "members": []}]}, "groups a: members: is not known here"),
    "redirect": ({"clients": [{"client_id": "a", "redirect_uris": ["http://a.example"]}]}, "clients a: redirect_uris:"),
    "reserved": ({"clients": [{"client_id": "first-party"}]}, "clients first-party: client_id: is reserved"),
    "digest": (
        {"clients": [{"client_id": "a", "redirect_uris": ["https://a.example/"], "client_secret_digest": "md5$x"}]},
        "clients a: client_secret_digest: is no digest",
    ),
    "flag": ({"scopes": [{"name": "a", "is_offered": "yes"}]}, "scopes a: is_offered: must be true or false"),
    "resource": ({"resources": [{"identifier": "api", "name_en": "x"}]}, "resources api: identifier:"),
    "provider": (
        {"providers": [{"provider_id": "a", "name": "A", "client_id": "b", "secret": "c", "settings": {}}]},
        "providers a: settings must have server_url",
    ),
    "provider without a secret": ({"providers": [{"provider_id": "a"}]}, "providers a: secret: is missing"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_document_is_refused_and_nothing_of_it_is_done(name, put):
    document, said = WRONG[name]
    with pytest.raises(CommandError) as refused:
        put({"groups": [{"name": "made before"}]} | document)
    assert said in str(refused.value)
    assert refused.value.returncode == 2
    assert not Group.objects.exists()


def test_a_client_keeps_its_kind(put):
    set_up()
    with pytest.raises(CommandError, match="token_endpoint_auth_method"):
        put({"clients": [{"client_id": "spa", "redirect_uris": ["https://spa.example/"]}]})


def test_nobody_there_to_agree_needs_yes(put, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO())
    with pytest.raises(CommandError, match="say --yes"):
        put({"groups": [{"name": "a"}]}, "--prune")
    assert not Group.objects.exists()
