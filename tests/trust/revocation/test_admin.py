import pytest
from django.test import Client

from tests.people import MakePerson
from tests.staff import sign_in_strongly
from trust.revocation.models import Kind, Revocation
from trust.revocation.revoke import revoke

pytestmark = pytest.mark.django_db
LIST = "/admin/revocation/revocation/"


def test_shows_entries_and_changes_none(client: Client, make_person: MakePerson) -> None:
    sign_in_strongly(client, make_person("root", staff=True, superuser=True))
    revoke(Kind.SESSION, "a-session")
    assert b"a-session" in client.get(LIST, {"q": "a-session"}).content
    entry = Revocation.objects.get()
    for verb in ("change", "delete"):
        assert client.post(f"{LIST}{entry.pk}/{verb}/", {"key": "x", "post": "yes"}).status_code == 403
    assert Revocation.objects.get().key == "a-session"
