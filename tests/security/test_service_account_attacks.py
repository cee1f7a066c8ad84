"""Service accounts: roles that a client must not have, and what it must not be taken for."""

import io
import json
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from rest_framework.permissions import DjangoModelPermissions, IsAdminUser

from accounts.models import User
from oauth.models import Client
from tests.bearer import ask, authorization, of_client, view_of
from tests.clients import SECRET, Application, basic, make_client, post_form
from tests.oauth.grants import groups
from trust.guard.permissions import HasAcr, HasRole, HasScope, IsFirstParty, IsPerson, RecentAuth

pytestmark = pytest.mark.django_db


def create(**options: Any) -> dict[str, Any]:
    printed = io.StringIO()
    call_command("create_client", stdout=printed, **options)
    stands: dict[str, Any] = json.loads(printed.getvalue())
    return stands


def test_the_service_account_that_the_attacks_start_from_has_its_role() -> None:
    stands = create(client_id="worker", grant_types=["client_credentials"], scopes=["roles"], roles=["editors"])
    assert stands["x_roles"] == ["editors"]
    form = {"grant_type": "client_credentials", "scope": "roles"}
    made = post_form("/oauth/token", form, authorization=basic("worker", stands["client_secret"]))
    view = view_of(HasScope("roles"), HasRole("editors"))
    assert ask(view, made.json()["access_token"]).status_code == 200


@pytest.mark.parametrize(
    "options",
    [
        {"type": "public", "redirect_uris": ["https://app.example/"]},
        {"grant_types": ["authorization_code"], "redirect_uris": ["https://app.example/"]},
        {"grant_types": ["authorization_code", "refresh_token"], "redirect_uris": ["https://app.example/"]},
    ],
)
def test_a_client_that_never_acts_as_itself_has_no_roles(options: dict[str, Any]) -> None:
    with pytest.raises(CommandError, match="x_roles"):
        create(name="App", roles=["editors"], **options)
    assert not Client.objects.exists()


def test_a_public_client_gets_no_token_of_its_own_whatever_stands_in_its_row() -> None:
    client = make_client("spa", public=True, grant_types="authorization_code client_credentials", scopes="roles")
    client.roles.set(groups("editors"))
    form = {"grant_type": "client_credentials", "scope": "roles", "client_id": "spa"}
    refused = post_form("/oauth/token", form)
    assert refused.status_code == 400
    assert "access_token" not in refused.json()


def test_a_client_that_registers_itself_gets_no_roles(settings: Any) -> None:
    settings.DCR = "open"
    groups("editors")
    said = {"redirect_uris": ["https://app.example/callback"], "x_roles": ["editors"], "scope": "openid roles"}
    made = Browser().post("/oauth/register", json.dumps(said), content_type="application/json")
    assert made.status_code == 201, made.content
    assert "x_roles" not in made.json()
    assert not Client.objects.get().roles.exists()


def test_its_roles_are_not_those_of_the_people_who_use_it(person: User) -> None:
    client = make_client(scopes="openid roles")
    client.roles.set(groups("editors"))
    application = Application(client)
    application.sign_in()
    token = application.tokens(scope="openid roles")["access_token"]
    assert ask(view_of(HasScope("openid"), HasRole("editors")), token).status_code == 403


def test_is_no_person_and_no_staff_whatever_its_roles_may() -> None:
    (bosses,) = groups("bosses")
    bosses.permissions.set(Permission.objects.all())
    token = of_client("notes", "roles", roles=("bosses",), auth_time=None, acr=None)
    scoped = HasScope("notes")
    for closed in (IsPerson(), IsFirstParty(), IsAdminUser(), RecentAuth(max_age=300), HasAcr("aal1")):
        refused = ask(view_of(scoped, lambda closed=closed: closed), token)
        assert refused.status_code in {401, 403}, closed
    assert ask(view_of(scoped, DjangoModelPermissions, queryset=User.objects.all()), token).status_code == 403


def test_a_role_named_as_somebody_is_not_them(person: User) -> None:
    Group.objects.create(name=str(person.pk))
    token = of_client("profile", "roles", roles=(str(person.pk),))
    assert Browser().get("/api/user_info/", headers=authorization(token)).status_code == 403


def test_only_the_right_secret_gets_the_roles() -> None:
    client = make_client("worker", grant_types="client_credentials", redirect_uris="", scopes="roles")
    client.roles.set(groups("editors"))
    form = {"grant_type": "client_credentials", "scope": "roles"}
    for secret in ("", SECRET + "x", client.client_secret):
        assert post_form("/oauth/token", form, authorization=basic("worker", secret)).status_code == 401
