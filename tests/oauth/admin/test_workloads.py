"""Trusted issuers and workloads in the administration: made, changed, refused beside their fields, by whom it is due."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission

from oauth.models import Client, TrustedIssuer, Workload
from tests.clients import make_client
from tests.oauth.admin.conftest import BrowserOf
from tests.oauth.admin.forms import errors_of
from tests.workloads import CI, KEY, MAIN, know, make_service, show, trust
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
ISSUERS, WORKLOADS = "/admin/oauth/trustedissuer/", "/admin/oauth/workload/"
ISSUER = {"name": "The CI", "issuer": CI, "jwks_uri": f"{CI}/keys", "is_single_use": "on", "is_active": "on"}


def workload(**changed: Any) -> dict[str, Any]:
    names = {"issuer": TrustedIssuer.objects.get().pk, "client": Client.objects.get(client_id="deployer").pk}
    return {"name": "deploy", "subject": MAIN, "claims": "repository_id = 74", **names, **changed}


def test_an_issuer_is_trusted_changed_and_trusted_no_more(browser_of: BrowserOf) -> None:
    browser = browser_of()
    assert browser.post(f"{ISSUERS}add/", ISSUER | {"algorithms": ["RS256", "ES256"]}).status_code == 302
    row = TrustedIssuer.objects.get()
    assert (row.name, row.algorithms, row.jwks, row.is_single_use) == ("The CI", "RS256 ES256", None, True)
    path = f"{ISSUERS}{row.pk}/change/"
    page = browser.get(path).content.decode()
    assert CI in page
    changed = {
        "name": "The CI",
        "issuer": "https://other.example",
        "jwks": json.dumps(KEY.key_set()),
        "is_active": "on",
    }
    assert browser.post(path, changed).status_code == 302
    row.refresh_from_db()
    assert (row.issuer, row.jwks_uri, row.jwks, row.algorithms) == (CI, "", KEY.key_set(), "")
    assert row.is_single_use is False
    assert browser.post(f"{ISSUERS}{row.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not TrustedIssuer.objects.exists()
    actions = ["trusted_issuer.created", "trusted_issuer.changed", "trusted_issuer.deleted"]
    events = list(AuditEvent.objects.filter(action__in=actions).order_by("pk"))
    assert [event.action for event in events] == actions
    assert all(event.actor for event in events)


def test_an_issuer_that_may_not_be_is_refused_beside_the_field(browser_of: BrowserOf) -> None:
    browser = browser_of()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"issuer": "ci"}, "issuer"),
        ({"issuer": "http://testserver/"}, "issuer"),
        ({"issuer": f"{CI} x"}, "issuer"),
        ({"name": "Name\u202e"}, "name"),
        ({"jwks_uri": "http://ci.example/keys"}, "jwks_uri"),
        ({"jwks_uri": "https://user@ci.example/keys"}, "jwks_uri"),
        ({"jwks_uri": ""}, "jwks_uri"),
        ({"jwks": json.dumps(KEY.key_set())}, "jwks"),
        ({"jwks_uri": "", "jwks": '{"keys": []}'}, "jwks"),
        ({"jwks_uri": "", "jwks": '{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}'}, "jwks"),
        ({"jwks_uri": "", "jwks": "{"}, "jwks"),
        ({"algorithms": ["HS256"]}, "algorithms"),
        ({"audience": "a b"}, "audience"),
    ]
    for changed, field in wrong:
        assert list(errors_of(browser.post(f"{ISSUERS}add/", ISSUER | changed))) == [field], changed
    assert not TrustedIssuer.objects.exists()


def test_an_issuer_stands_there_once(browser_of: BrowserOf) -> None:
    trust()
    assert list(errors_of(browser_of().post(f"{ISSUERS}add/", ISSUER))) == ["issuer"]
    assert TrustedIssuer.objects.get().name == CI


def test_a_workload_is_made_and_changed_but_for_its_name(browser_of: BrowserOf) -> None:
    trust()
    make_service()
    browser = browser_of()
    assert browser.post(f"{WORKLOADS}add/", workload()).status_code == 302
    row = Workload.objects.get()
    assert (row.name, row.claims, row.client.client_id) == ("deploy", {"repository_id": "74"}, "deployer")
    assert show().status_code == 200
    path = f"{WORKLOADS}{row.pk}/change/"
    assert browser.get(path).status_code == 200
    assert browser.post(path, workload(name="other", subject="repo:org/app:*", claims="")).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.subject, row.claims) == ("deploy", "repo:org/app:*", {})
    assert MAIN not in browser.get(WORKLOADS).content.decode()
    assert browser.post(f"{WORKLOADS}{row.pk}/delete/", {"post": "yes"}).status_code == 302
    assert show().status_code == 400
    event = AuditEvent.objects.of_action("workload.changed").get()
    assert (event.client_id, event.details["subject"]) == ("deployer", "repo:org/app:*")


def test_a_workload_that_may_not_be_is_refused_beside_the_field(browser_of: BrowserOf) -> None:
    trust()
    make_service()
    browser = browser_of()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"subject": "*"}, "subject"),
        ({"subject": "repo:*"}, "subject"),
        ({"subject": "repo:org/app*"}, "subject"),
        ({"subject": "repo:*/app:x"}, "subject"),
        ({"subject": "repo::/*"}, "subject"),
        ({"subject": "x" * 501}, "subject"),
        ({"claims": "sub = x"}, "claims"),
        ({"claims": "repository"}, "claims"),
        ({"client": "x"}, "client"),
        ({"issuer": "0"}, "issuer"),
        ({"name": ""}, "name"),
    ]
    for changed, field in wrong:
        assert list(errors_of(browser.post(f"{WORKLOADS}add/", workload(**changed)))) == [field], changed
    assert not Workload.objects.exists()


def test_its_client_is_one_that_may(browser_of: BrowserOf) -> None:
    trust()
    make_service()
    browser = browser_of()
    for client in (make_client("web"), make_client("spa", public=True)):
        assert list(errors_of(browser.post(f"{WORKLOADS}add/", workload(client=client.pk)))) == ["client"]


def test_nobody_gives_a_workload_roles_that_they_could_not_give(browser_of: BrowserOf) -> None:
    trust()
    service = make_service()
    high = Group.objects.create(name="high")
    high.permissions.add(Permission.objects.get(codename="change_user"))
    service.roles.add(high)
    may = [f"{verb}_{model}" for verb in ("add", "change", "view") for model in ("workload", "trustedissuer", "client")]
    browser = browser_of(*may)
    assert list(errors_of(browser.post(f"{WORKLOADS}add/", workload()))) == ["client"]
    know(name="deploy")
    issuer, row = TrustedIssuer.objects.get(), Workload.objects.get()
    assert browser.post(f"{WORKLOADS}{row.pk}/change/", workload(subject="repo:evil/app:x")).status_code == 403
    evil = {"name": "x", "jwks_uri": "https://evil.example/keys", "is_active": "on"}
    assert browser.post(f"{ISSUERS}{issuer.pk}/change/", evil).status_code == 403
    assert (TrustedIssuer.objects.get().jwks_uri, Workload.objects.get().subject) == ("", MAIN)


def test_who_may_only_look_sees_and_changes_nothing(browser_of: BrowserOf) -> None:
    trust()
    make_service()
    know(name="deploy")
    browser = browser_of("view_workload", "view_trustedissuer")
    for path, row in ((ISSUERS, TrustedIssuer.objects.get()), (WORKLOADS, Workload.objects.get())):
        assert browser.get(f"{path}{row.pk}/change/").status_code == 200
        assert browser.post(f"{path}{row.pk}/change/", {"name": "x"}).status_code == 403
        assert browser.get(f"{path}add/").status_code == 403
