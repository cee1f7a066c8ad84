"""The administration of invitations: who may send, see and withdraw them, and what became of them."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import Invitation, User
from tests.invitations import invite
from trust.audit.models import AuditEvent
from trust.lib import clock

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[User], Client]
LIST, ADD = "/admin/accounts/invitation/", "/admin/accounts/invitation/add/"


@pytest.fixture(autouse=True)
def by_invitation(settings):
    settings.SIGNUP = "invite"


def allow(user: User, *names: str) -> None:
    user.user_permissions.set(Permission.objects.filter(codename__in=names))


def test_an_invitation_is_sent_by_mail(browser_of: BrowserOf, clerk: User, deliver_mail) -> None:
    allow(clerk, "add_invitation", "view_invitation")
    answer = browser_of(clerk).post(ADD, {"email": "Dana@Example.com"})
    assert answer.status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.invited_by) == ("dana@example.com", clerk)
    [message] = deliver_mail()
    assert message.to == ["dana@example.com"]
    assert "http://testserver/accounts/invitation/" in message.body
    assert AuditEvent.objects.filter(action="invitation.sent", actor=clerk.pk).exists()


def test_the_list_tells_what_became_of_them(browser_of: BrowserOf, root: User) -> None:
    for email in ("open@example.com", "taken@example.com", "old@example.com"):
        invite(email)
    Invitation.objects.filter(email="taken@example.com").update(used_at=clock.now())
    Invitation.objects.filter(email="old@example.com").update(expires_at=clock.now())
    client = browser_of(root)
    page = client.get(LIST).content.decode()
    assert all(f'class="field-state">{state}<' in page for state in ("open", "taken", "expired"))
    found = client.get(LIST, {"state": "open"}).context["cl"].result_list
    assert [invitation.email for invitation in found] == ["open@example.com"]
    assert client.get(LIST, {"state": "over"}).context["cl"].result_count == 2


def test_staff_without_the_permission_neither_send_nor_see(browser_of: BrowserOf, clerk: User) -> None:
    client = browser_of(clerk)
    assert client.get(LIST).status_code == 403
    assert client.post(ADD, {"email": "dana@example.com"}).status_code == 403
    assert not Invitation.objects.exists()


def test_the_chosen_are_withdrawn(browser_of: BrowserOf, clerk: User) -> None:
    allow(clerk, "view_invitation", "delete_invitation")
    path = invite()
    chosen = {"action": "withdraw", "_selected_action": [Invitation.objects.get().pk]}
    browser_of(clerk).post(LIST, chosen)
    assert not Invitation.objects.exists()
    assert Client().get(path).status_code == 404


def test_staff_who_only_look_withdraw_nothing(browser_of: BrowserOf, clerk: User) -> None:
    allow(clerk, "view_invitation")
    invite()
    chosen = {"action": "withdraw", "_selected_action": [Invitation.objects.get().pk]}
    browser_of(clerk).post(LIST, chosen)
    assert Invitation.objects.exists()


@pytest.mark.parametrize("email", ["alice@example.com", "ALICE@example.com", "nonsense", "", "dana@elsewhere.example"])
def test_refuses_addresses_that_cannot_be_invited(browser_of: BrowserOf, root: User, person, settings, email) -> None:
    settings.SIGNUP_DOMAINS = ["example.com"]
    assert "email" in browser_of(root).post(ADD, {"email": email}).context["adminform"].form.errors
    assert not Invitation.objects.exists()


def test_a_second_invitation_ends_the_first(browser_of: BrowserOf, root: User) -> None:
    first = invite()
    browser_of(root).post(ADD, {"email": "dana@example.com"})
    assert Client().get(first).status_code == 404
    assert Invitation.objects.count() == 1


def test_nobody_is_invited_where_sign_up_is_closed(browser_of: BrowserOf, root: User, settings) -> None:
    settings.SIGNUP = "closed"
    assert browser_of(root).post(ADD, {"email": "dana@example.com"}).status_code == 403


def test_a_row_is_not_changed_by_hand(browser_of: BrowserOf, root: User) -> None:
    invite()
    row = Invitation.objects.get()
    client = browser_of(root)
    assert client.get(f"{LIST}{row.pk}/change/").status_code == 200
    client.post(f"{LIST}{row.pk}/change/", {"email": "mallory@example.com"})
    row.refresh_from_db()
    assert row.email == "dana@example.com"
