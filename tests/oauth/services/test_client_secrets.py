"""Two secrets are good while a client changes over, and no third one; the end of the old one is kept to."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from oauth.models import Client
from oauth.services import client_secrets, clients, housekeeping
from oauth.vocabulary import AuthMethod
from tests.clients import SECRET, Application, app, basic, make_client, post_form
from trust.audit.models import AuditEvent
from trust.lib import clock

__all__ = ["app"]
pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
SERVICE = {"grant_type": "client_credentials", "scope": "read"}


def _status(secret: str) -> int:
    return int(Application(Client.objects.get(client_id="app"), secret).token(**SERVICE).status_code)


def _expire(app: Client) -> None:
    Client.objects.filter(pk=app.pk).update(previous_secret_until=clock.now() - timedelta(seconds=1))
    clients.memory.forget()


def test_both_secrets_are_good_until_the_old_ones_time_is_over(app: Client) -> None:
    new = client_secrets.rotate(client_pk=app.pk, keep=WEEK)
    assert (_status(SECRET), _status(new), _status("x" * 40)) == (200, 200, 401)
    _expire(app)
    assert (_status(SECRET), _status(new)) == (401, 200)


@pytest.mark.parametrize("path", ["/oauth/introspect", "/oauth/revoke"])
def test_the_old_secret_is_good_at_every_endpoint(path: str) -> None:
    made = make_client(introspects="own")
    client_secrets.rotate(client_pk=made.pk, keep=WEEK)
    assert post_form(path, {"token": "x"}, authorization=basic("app", SECRET)).status_code == 200
    in_body = {"token": "x", "client_id": "app", "client_secret": SECRET}
    assert post_form(path, in_body).status_code == 200


def test_a_third_secret_ends_the_first(app: Client) -> None:
    second = client_secrets.rotate(client_pk=app.pk, keep=WEEK)
    third = client_secrets.rotate(client_pk=app.pk, keep=WEEK)
    assert (_status(SECRET), _status(second), _status(third)) == (401, 200, 200)


def test_without_a_time_to_keep_it_the_old_secret_ends_at_once_and_so_does_the_one_before(app: Client) -> None:
    second = client_secrets.rotate(client_pk=app.pk, keep=WEEK)
    third = client_secrets.rotate(client_pk=app.pk)
    assert (_status(SECRET), _status(second), _status(third)) == (401, 401, 200)


def test_the_old_secret_is_ended_once(app: Client) -> None:
    new = client_secrets.rotate(client_pk=app.pk, keep=WEEK)
    assert client_secrets.end_previous(client_pk=app.pk)
    clients.memory.forget()
    assert (_status(SECRET), _status(new)) == (401, 200)
    assert not client_secrets.end_previous(client_pk=app.pk)
    assert AuditEvent.objects.of_action("client.previous_secret_ended").count() == 1


def test_the_audit_names_until_when_the_old_one_is_good_and_no_secret(app: Client) -> None:
    new = client_secrets.rotate(client_pk=app.pk, keep=WEEK)
    event = AuditEvent.objects.of_action("client.secret_rotated").get()
    app.refresh_from_db()
    assert app.previous_secret_until is not None
    assert event.details == {"previous_until": app.previous_secret_until.isoformat()}
    assert new not in str(event.details)


def test_an_old_secret_stays_no_longer_than_three_months(app: Client) -> None:
    with pytest.raises(ValueError, match="that long"):
        client_secrets.rotate(client_pk=app.pk, keep=timedelta(days=91))
    with pytest.raises(ValueError, match="that long"):
        client_secrets.rotate(client_pk=app.pk, keep=timedelta(days=-1))
    assert _status(SECRET) == 200


def test_the_daily_work_forgets_the_digest_of_a_secret_that_is_over(app: Client) -> None:
    client_secrets.rotate(client_pk=app.pk, keep=WEEK)
    version = Client.objects.get(pk=app.pk).updated
    assert housekeeping.clear(now=clock.now())["previous_client_secrets"] == 0
    _expire(app)
    assert housekeeping.clear(now=clock.now())["previous_client_secrets"] == 1
    app.refresh_from_db()
    assert (app.previous_secret, app.previous_secret_until, app.updated) == ("", None, version)


@pytest.mark.parametrize(
    "changed",
    [
        {"previous_secret": "sha256$a$b"},
        {"previous_secret_until": clock.now()},
        {"client_type": "public", "client_secret": "", "token_endpoint_auth_method": AuthMethod.NONE}
        | {"previous_secret": "sha256$a$b", "previous_secret_until": clock.now()},
    ],
    ids=["without an end", "an end of nothing", "of a public client"],
)
def test_the_database_keeps_no_old_secret_otherwise(app: Client, changed: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match="oauth_client_previous_secret_ends"):
        Client.objects.filter(pk=app.pk).update(**changed)


def test_neither_digest_is_told_by_the_client_as_text(app: Client) -> None:
    client_secrets.rotate(client_pk=app.pk, keep=WEEK)
    assert "sha256" not in repr(clients.find("app"))
