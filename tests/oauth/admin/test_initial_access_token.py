"""Initial access tokens in the administration: looked at without their values, and taken back."""

import pytest

from oauth.models import InitialAccessToken
from tests.oauth.admin.conftest import BrowserOf
from tests.registration import leave, register
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
TOKENS = "/admin/oauth/initialaccesstoken/"


def test_a_revoked_token_registers_nobody(browser_of: BrowserOf) -> None:
    token = leave(uses=5)
    pk = InitialAccessToken.objects.get().pk
    browser_of().post(TOKENS, {"action": "revoke", "_selected_action": [pk]})
    assert register(token=token).status_code == 401
    assert AuditEvent.objects.of_action("initial_access_token.revoked").get().details == {"token": pk}


def test_who_may_only_look_revokes_nothing_and_sees_no_digest(browser_of: BrowserOf) -> None:
    leave()
    row = InitialAccessToken.objects.get()
    browser = browser_of("view_initialaccesstoken")
    shown = browser.get(TOKENS).content + browser.get(f"{TOKENS}{row.pk}/change/").content
    assert row.digest.encode() not in shown
    browser.post(TOKENS, {"action": "revoke", "_selected_action": [row.pk]})
    assert InitialAccessToken.objects.exists()


def test_who_may_not_look_sees_nothing(browser_of: BrowserOf) -> None:
    assert browser_of("view_client").get(TOKENS).status_code == 403
