import pytest
from django.test import Client

from tests.people import MakePerson
from tests.staff import sign_in_strongly
from trust.audit.models import AuditEvent
from trust.keys.models import Algorithm, SigningKey

pytestmark = pytest.mark.django_db
LIST = "/admin/keys/signingkey/"


@pytest.fixture
def root(client: Client, make_person: MakePerson) -> Client:
    sign_in_strongly(client, make_person("root", staff=True, superuser=True))
    return client


@pytest.fixture
def clerk(make_person: MakePerson) -> Client:
    from django.contrib.auth.models import Permission

    clerk, client = make_person("clerk", staff=True), Client()
    clerk.user_permissions.set(Permission.objects.filter(content_type__app_label="keys"))
    sign_in_strongly(client, clerk)
    return client


def test_shows_states_and_no_key(root: Client) -> None:
    key = SigningKey.objects.of(Algorithm.ES256).get()
    for path in (LIST, f"{LIST}{key.pk}/change/"):
        page = root.get(path).content.decode()
        assert key.kid in page
        assert "signs" in page
        assert key.sealed_private not in page


def test_rotates_by_the_button(root: Client) -> None:
    before = SigningKey.objects.count()
    answer = root.post(f"{LIST}rotate/", {"when": ""})
    assert answer["Location"] == LIST
    assert SigningKey.objects.count() == 2 * before
    assert AuditEvent.objects.of_action("signing_keys.rotated").get().details == {"immediately": False, "made": before}
    assert b"published, signs later" in root.get(LIST).content


def test_rotates_at_once_after_a_leak(root: Client) -> None:
    old = SigningKey.objects.of(Algorithm.ES256).get()
    root.post(f"{LIST}rotate/", {"when": "immediately"})
    retired = SigningKey.objects.get(pk=old.pk)
    assert retired.signs_until < old.signs_until


def test_rotates_for_superusers_by_post_alone(root: Client, clerk: Client) -> None:
    before = SigningKey.objects.count()
    assert root.get(f"{LIST}rotate/").status_code == 405
    assert clerk.post(f"{LIST}rotate/").status_code == 403
    assert Client().post(f"{LIST}rotate/").status_code == 302
    assert SigningKey.objects.count() == before
    assert b"rotate/" not in clerk.get(LIST).content
    assert b"rotate/" in root.get(LIST).content


def test_changes_nothing_by_hand(root: Client) -> None:
    key = SigningKey.objects.of(Algorithm.ES256).get()
    for verb in ("change", "delete"):
        assert root.post(f"{LIST}{key.pk}/{verb}/", {"post": "yes"}).status_code == 403
    assert root.post(f"{LIST}add/").status_code == 403
    root.post(LIST, {"action": "delete_selected", "_selected_action": [key.pk], "post": "yes"})
    assert SigningKey.objects.filter(pk=key.pk).exists()
