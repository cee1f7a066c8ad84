"""A client that registered itself as somebody else's application: people are warned until somebody looked at it."""

from typing import Any, Final

import pytest

from accounts.models import User
from oauth.models import Client
from oauth.services import client_review
from tests.clients import Application
from tests.registration import manage, registered, said
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db

WARNING: Final = b"This application registered itself, and nobody here has looked at it."


@pytest.fixture
def told(person: User) -> dict[str, Any]:
    """What a client was told that registered itself under a good name."""
    return registered(client_name="authproject", scope="openid profile")


def page(told: dict[str, Any], **changed: str) -> bytes:
    """The page that asks Alice whether she allows it."""
    application = Application(Client.objects.get(client_id=told["client_id"]))
    application.sign_in()
    answer = application.authorize(**changed)
    assert answer.status_code == 200
    assert b'name="decision"' in answer.content
    return answer.content


def test_consent_warns_of_a_client_that_registered_itself(told):
    shown = page(told)
    assert WARNING in shown
    assert b"new.example" in shown


def test_a_client_that_was_looked_at_is_warned_of_again_when_it_changes(told, person):
    client = Client.objects.get(client_id=told["client_id"])
    client_review.mark_reviewed(client_pk=client.pk, actor=person.pk, origin=Origin())
    assert WARNING not in page(told)
    assert manage(told, "PUT", said(told)).status_code == 200
    assert WARNING not in page(told)
    assert manage(told, "PUT", said(told, client_name="authproject.")).status_code == 200
    assert WARNING in page(told)
