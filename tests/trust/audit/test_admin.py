import pytest
from django.test import Client

from accounts.models import User
from tests.people import MakePerson
from tests.staff import sign_in_strongly
from trust.audit.models import AuditEvent
from trust.audit.record import record

pytestmark = pytest.mark.django_db
LIST = "/admin/audit/auditevent/"


@pytest.fixture
def root(client: Client, make_person: MakePerson) -> Client:
    sign_in_strongly(client, make_person("root", staff=True, superuser=True))
    return client


def test_finds_events_by_person_and_by_action(root: Client, person: User) -> None:
    record("badge.given", subject=person.pk)
    for term in (str(person.pk), "badge.given"):
        found = root.get(LIST, {"q": term}).context["cl"].result_list
        assert "badge.given" in [event.action for event in found]
        assert {event.subject for event in found} == {person.pk}
    assert list(root.get(LIST, {"q": "no.such"}).context["cl"].result_list) == []


def test_leads_from_an_event_to_its_person(root: Client, person: User) -> None:
    assert f"/admin/accounts/user/{person.pk}/change/" in root.get(LIST, {"q": str(person.pk)}).content.decode()


def test_escapes_what_was_typed_in(root: Client) -> None:
    record("sign_in.refused", identifier="<script>alert(1)</script>", details={"note": "<b>"})
    event = AuditEvent.objects.of_action("sign_in.refused").get()
    for path in (LIST, f"{LIST}{event.pk}/change/"):
        page = root.get(path).content
        assert b"<script>alert" not in page
        assert b"<b>" not in page


def test_is_changed_by_nobody(root: Client) -> None:
    event = AuditEvent.objects.latest("pk")
    count = AuditEvent.objects.count()
    assert root.get(f"{LIST}{event.pk}/change/").status_code == 200
    for verb in ("change", "delete"):
        assert root.post(f"{LIST}{event.pk}/{verb}/", {"action": "x", "post": "yes"}).status_code == 403
    root.post(LIST, {"action": "delete_selected", "_selected_action": [event.pk], "post": "yes"})
    assert AuditEvent.objects.count() == count
