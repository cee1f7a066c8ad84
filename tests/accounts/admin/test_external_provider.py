"""External providers in the administration: the secret goes in sealed and never comes out."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.test import Client as Browser

from accounts.external import secret
from accounts.models import User
from tests.accounts.external.conftest import configure, issuer
from tests.accounts.external.issuer import Issuer, Visitor

__all__ = ["configure", "issuer"]

ADD = "/admin/socialaccount/socialapp/add/"
SECRET = "a secret that the provider gave"


@pytest.fixture
def administrator(root: User, browser_of: Callable[[User], Browser]) -> Browser:
    """A superuser's browser."""
    return browser_of(root)


def fields(issuer: Issuer, **changed: Any) -> dict[str, Any]:
    return {
        "name": "Table",
        "provider_id": "table",
        "client_id": "us",
        "secret": SECRET,
        "server_url": issuer.url,
        "scope": "openid email",
        "trusted_domains": "corp.example other.example",
        "token_auth_method": "",
        "fetch_userinfo": "on",
    } | changed


def change_page() -> str:
    return f"/admin/socialaccount/socialapp/{SocialApp.objects.get().pk}/change/"


def test_a_provider_of_the_table_signs_people_in(administrator: Browser, issuer: Issuer) -> None:
    assert administrator.post(ADD, fields(issuer)).status_code == 302
    visitor = Visitor(issuer, "table")
    visitor.sign_in()
    assert visitor.is_signed_in
    assert visitor.sent["scope"] == "openid email"


def test_the_secret_is_sealed_and_never_shown(administrator: Browser, issuer: Issuer) -> None:
    administrator.post(ADD, fields(issuer))
    kept = SocialApp.objects.get()
    assert SECRET not in kept.secret
    assert secret.of(kept) == SECRET
    page = administrator.get(change_page()).content.decode()
    assert SECRET not in page
    assert kept.secret not in page


def test_an_empty_secret_keeps_the_one_there_is(administrator: Browser, issuer: Issuer) -> None:
    administrator.post(ADD, fields(issuer))
    administrator.post(change_page(), fields(issuer, name="Another name", secret=""))
    kept = SocialApp.objects.get()
    assert (kept.name, secret.of(kept)) == ("Another name", SECRET)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("provider_id", "a/b"),
        ("provider_id", "openid_connect"),
        ("secret", ""),
        ("secret", "s" * 80),
        ("server_url", "id.corp.example"),
        ("server_url", ""),
        ("scope", "email"),
        ("trusted_domains", "*"),
        ("token_auth_method", "none"),
    ],
)
def test_refuses_what_the_environment_would_not_take(
    administrator: Browser, issuer: Issuer, name: str, value: str
) -> None:
    assert administrator.post(ADD, fields(issuer, **{name: value})).status_code == 200
    assert not SocialApp.objects.exists()


def test_refuses_an_id_twice(administrator: Browser, issuer: Issuer) -> None:
    administrator.post(ADD, fields(issuer))
    assert administrator.post(ADD, fields(issuer)).status_code == 200
    assert SocialApp.objects.count() == 1


def test_a_secret_that_cannot_be_unsealed_is_a_plain_page(administrator: Browser, issuer: Issuer) -> None:
    administrator.post(ADD, fields(issuer))
    SocialApp.objects.update(secret="sealed by a key that is gone")
    page = administrator.post("/accounts/oidc/table/login/")
    assert page.status_code == 400
    assert b"That did not work" in page.content


def test_the_environment_stands_before_the_table(administrator: Browser, issuer: Issuer) -> None:
    administrator.post(ADD, fields(issuer, provider_id="corp", server_url="https://elsewhere.example"))
    visitor = Visitor(issuer)
    visitor.sign_in()
    assert visitor.is_signed_in


@pytest.mark.parametrize("model", [SocialAccount, SocialToken])
def test_nobody_links_accounts_in_the_administration(model: Any) -> None:
    assert not admin.site.is_registered(model)
