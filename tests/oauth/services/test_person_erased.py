"""A person who is erased: their grants die everywhere, and the clients that they made stay."""

import pytest

from accounts.models import User
from accounts.services import erasure
from oauth.models import AuthorizationCode, Client, Consent, PairwiseSubject, RefreshToken
from tests.whole_person import hold_everything, owner_of

pytestmark = pytest.mark.django_db


def test_what_clients_were_given_is_gone_and_good_no_longer(person: User) -> None:
    application = hold_everything(person)
    refresh_token = application.tokens(scope="openid offline_access")["refresh_token"]
    erasure.erase(user=person, action=erasure.ERASED)
    assert application.refresh(refresh_token).json()["error"] == "invalid_grant"
    for model in (AuthorizationCode, Consent, PairwiseSubject, RefreshToken):
        assert not model.objects.exists()


def test_a_client_that_they_made_stays_and_is_nobodys(person: User) -> None:
    hold_everything(person)
    assert owner_of("app") == person.pk
    erasure.erase(user=person, action=erasure.ERASED)
    assert Client.objects.by_client_id("app").exists()
    assert owner_of("app") is None
