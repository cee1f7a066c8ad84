"""What a client does with its registration is done to what was judged, or not at all."""

from dataclasses import replace

import pytest

from oauth.models import Client, InitialAccessToken
from oauth.services import initial_access_tokens, self_registration
from oauth.services.self_registration import NotPermitted, Registration
from tests.at_once import at_once
from tests.registration import leave, register, registered
from trust.lib.busy import Busy
from trust.lib.digests import digest_of
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db


@pytest.fixture
def found() -> Registration:
    told = registered()
    return self_registration.find(told["client_id"], told["registration_access_token"])


def test_digests_alone_are_kept_of_the_tokens(found: Registration) -> None:
    client, token = Client.objects.get(), InitialAccessToken.objects.get()
    assert client.registration_token_digest == digest_of(found.registration_token)
    assert found.registration_token not in repr(Client.objects.values().get())
    assert len(token.digest) == 64
    assert found.registration_token not in repr(found)


def test_a_change_that_rests_on_what_an_administrator_took_back_meanwhile_is_not_made(found: Registration) -> None:
    Client.objects.update(access_token_lifetime=60)
    with pytest.raises(Busy):
        self_registration.change(found, metadata=replace(found.metadata, name="Newer"), origin=Origin())
    row = Client.objects.get()
    assert (row.name, row.access_token_lifetime) == ("", 60)


@pytest.mark.parametrize("gone", ["disabled", "deleted"])
def test_a_client_that_is_gone_meanwhile_is_neither_changed_nor_deleted(found: Registration, gone: str) -> None:
    if gone == "disabled":
        Client.objects.update(is_active=False)
    else:
        Client.objects.all().delete()
    with pytest.raises(NotPermitted):
        self_registration.change(found, metadata=found.metadata, origin=Origin())
    with pytest.raises(NotPermitted):
        self_registration.deregister(found, origin=Origin())
    assert Client.objects.count() == (gone == "disabled")


def test_a_use_is_not_counted_where_no_client_is_made(found: Registration) -> None:
    token = leave()
    unmade = replace(found.metadata, access_token_lifetime=1)  # which the database refuses
    with pytest.raises(Exception, match="lifetime_in_bounds"):
        self_registration.register(metadata=unmade, initial_access_token=token, origin=Origin())
    assert initial_access_tokens.is_usable(token)


@pytest.mark.django_db(transaction=True)
def test_a_token_makes_no_more_clients_at_once_than_it_has_uses() -> None:
    token = leave(uses=3)
    statuses = at_once(8, lambda: register(token=token).status_code)
    assert sorted(statuses) == [201] * 3 + [401] * 5
    assert Client.objects.count() == 3
    assert InitialAccessToken.objects.get().uses_left == 0
