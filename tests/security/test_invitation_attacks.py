"""Attacks on invitations: taken twice, for another address, after their end, by an external account, by guessing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from accounts.errors import InvitationRefused
from accounts.models import Invitation, User
from accounts.services import invitations
from tests.invitations import invite
from tests.people import PASSWORD
from trust.lib import clock
from trust.lib.origin import Origin
from trust.limits import rates
from trust.limits.conf import INVITATION_BY_ADDRESS

FORM = {"email": "dana@example.com", "username": "", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture(autouse=True)
def by_invitation(settings):
    settings.SIGNUP = "invite"


def sign_up(path, **fields):
    browser = Client()
    browser.get(path)
    return browser.post("/accounts/signup/", FORM | fields)


def newcomers():
    return User.objects.exclude(username="root")


@pytest.mark.django_db
def test_an_invitation_is_good_once(db):
    """CVE-2022-23555: an invitation's token was used again."""
    path = invite()
    sign_up(path)
    newcomers().get().delete()
    sign_up(path)
    assert not newcomers().exists()


@pytest.mark.django_db(transaction=True)
def test_one_invitation_taken_many_times_at_once_makes_one_account():
    path, start = invite(), Barrier(6)

    def one(number):
        try:
            browser = Client()
            browser.get(path)
            start.wait(timeout=10)
            return browser.post("/accounts/signup/", FORM | {"username": f"dana{number}"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(one, range(6)))
    assert set(answers) <= {200, 302, 429}
    assert newcomers().count() == 1
    assert Invitation.objects.get().used_at is not None


@pytest.mark.django_db
def test_it_is_for_its_address_whatever_the_form_says():
    sign_up(invite(), email="mallory@example.com")
    assert newcomers().get().email == "dana@example.com"


@pytest.mark.django_db
def test_an_account_is_not_made_for_another_address_by_the_service_either(make_person):
    path = invite()
    mallory = make_person("mallory")
    with pytest.raises(InvitationRefused):
        invitations.take(secret=path.split("/")[3], user=mallory, origin=Origin())
    assert Invitation.objects.get().used_at is None


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["old", "withdrawn", "replaced"])
def test_one_that_is_over_lets_nobody_in(how):
    path = invite()
    if how == "old":
        Invitation.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    elif how == "withdrawn":
        root = User.objects.get(username="root")
        assert invitations.withdraw(invitation=Invitation.objects.get(), actor=root, origin=Origin())
    else:
        invite()
    assert Client().get(path).status_code == 404
    sign_up(path)
    assert not newcomers().exists()


@pytest.mark.django_db
def test_one_that_ends_between_link_and_form_lets_nobody_in():
    browser, path = Client(), invite()
    browser.get(path)
    Invitation.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert "by invitation" in browser.post("/accounts/signup/", FORM).content.decode()
    assert not newcomers().exists()


@pytest.mark.django_db
def test_the_table_holds_no_link():
    secret = invite().split("/")[3]
    row = Invitation.objects.values().get()
    assert secret not in str(row)


@pytest.mark.django_db
def test_an_invited_address_that_has_an_account_by_now_gets_the_neutral_answer(make_person):
    path = invite()
    make_person("dana", email="dana@example.com")
    answer = sign_up(path)
    assert answer["Location"] == "/accounts/confirm-email/"
    assert newcomers().count() == 1
    assert Invitation.objects.get().used_at is None


@pytest.mark.django_db
@pytest.mark.usefixtures("early_in_the_minute")
def test_links_are_not_tried_by_the_thousand():
    for _ in range(INVITATION_BY_ADDRESS.attempts):
        rates.take(INVITATION_BY_ADDRESS, "203.0.113.77")
    answer = Client().get("/accounts/invitation/nonsense/", REMOTE_ADDR="203.0.113.77")
    assert (answer.status_code, int(answer["Retry-After"]) >= 1) == (429, True)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_the_link_does_nothing_by_other_methods(method):
    assert getattr(Client(), method)(invite()).status_code == 405
    assert Invitation.objects.get().used_at is None
