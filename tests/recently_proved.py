"""A browser whose person has proved a moment ago that it is still them."""

from django.test import Client

from accounts.models import User
from tests.people import PASSWORD


def recently_proved(person: User) -> Client:
    """Sign a browser in, and give the password once more."""
    client = Client()
    client.force_login(person)
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def let_the_proof_grow_old(client: Client, *, seconds: int) -> None:
    """Let that proof be so many seconds old."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    session.save()
