"""Finding events in the administration."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from tests.people import MakePerson
from tests.staff import sign_in_strongly
from trust.audit.models import AuditEvent
from trust.audit.record import record
from trust.audit.sealer import seal_waiting
from trust.lib import clock

pytestmark = pytest.mark.django_db
LIST = "/admin/audit/auditevent/"
SESSION = uuid.UUID(int=7)


@pytest.fixture
def root(client: Client, make_person: MakePerson) -> Client:
    sign_in_strongly(client, make_person("root", staff=True, superuser=True))
    return client


def found(root: Client, **asked: str) -> list[str]:
    answer = root.get(LIST, asked)
    assert answer.status_code == 200
    return [event.action for event in answer.context["cl"].result_list]


@pytest.mark.parametrize("sealed", [True, False])
def test_each_field_narrows_the_list_whether_or_not_events_are_sealed(root: Client, person: User, sealed: bool) -> None:
    actor = uuid.UUID(int=5)
    record("badge.given", subject=person.pk, actor=actor, session=SESSION, client_id="shop")
    record("badge.taken", subject=uuid.UUID(int=9), client_id="shop-2")
    if sealed:
        seal_waiting()
    for asked in (
        {"action": "badge.given"},
        {"person": str(person.pk), "action": "badge.given"},
        {"person": person.username, "client": "shop"},
        {"by": str(actor)},
        {"session": str(SESSION)},
        {"client": "shop"},
        {
            "client": "shop",
            "session": str(SESSION),
            "person": str(person.pk),
            "by": str(actor),
            "action": "badge.given",
        },
    ):
        assert found(root, **asked) == ["badge.given"], asked
    assert found(root, client="shop", action="badge.taken") == []


def test_a_period_has_whole_days_of_utc(root: Client) -> None:
    noon = clock.now().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=10)
    AuditEvent.objects.all().delete()
    for day in range(5):
        record(f"day.{day}")
        AuditEvent.objects.of_action(f"day.{day}").update(at=noon + timedelta(days=day))
    day = f"{noon + timedelta(days=2):%Y-%m-%d}"
    assert found(root, since=day, until=day) == ["day.2"]
    assert found(root, since=day)[-1] == "day.2"
    assert found(root, until=day)[0] == "day.2"
    assert found(root, since="2001-01-01", until="2001-01-02") == []


@pytest.mark.parametrize(
    "asked",
    [{"since": "soon"}, {"session": "x"}, {"person": "nobody-of-this-name"}, {"by": "=1"}, {"since": "9999-12-31"}],
)
def test_what_cannot_be_is_nothing_and_no_error(root: Client, asked: dict[str, str]) -> None:
    assert found(root, **asked) == []


@pytest.mark.parametrize("until", ["9999-12-31", "0001-01-01"])
def test_the_ends_of_the_calendar(root: Client, until: str) -> None:
    assert root.get(LIST, {"until": until}).status_code == 200


def test_no_column_is_found_out_by_asking(root: Client) -> None:
    for lookup in ("identifier__startswith", "personal_digest", "chain_hash__gt", "subject__isnull"):
        assert root.get(LIST, {lookup: "a"}).status_code in {302, 400}


def test_the_state_of_the_chain_stands_above_the_list(root: Client) -> None:
    seal_waiting()
    page = root.get(LIST).content.decode()
    assert f"place {AuditEvent.objects.sealed().count()}," in page
    record("badge.given")
    assert "the oldest for" in root.get(LIST).content.decode()
