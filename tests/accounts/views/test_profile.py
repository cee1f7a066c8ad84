"""The profile page saves what its person says of themselves."""

from django.test import Client
from django.urls import reverse

from accounts.forms.profile import ProfileForm
from accounts.models import User
from tests.people import MakePerson
from trust.audit.models import AuditEvent

URL = "/accounts/profile/"


def form_of(person: User, **changes: str) -> dict[str, str]:
    return {name: getattr(person, name) for name in ProfileForm.Meta.fields} | changes


def test_saves_the_changed_claims_and_records_their_names_alone(client: Client, person: User) -> None:
    client.force_login(person)
    assert client.post(URL, form_of(person, given_name="Alice")).status_code == 302
    person.refresh_from_db()
    assert person.given_name == "Alice"
    event = AuditEvent.objects.get(action="person.profile_changed")
    assert (event.subject, event.details) == (person.pk, {"claims": ["given_name"]})


def test_records_nothing_when_nothing_changed(client: Client, person: User) -> None:
    client.force_login(person)
    assert client.post(URL, form_of(person)).status_code == 302
    assert not AuditEvent.objects.filter(action="person.profile_changed").exists()


def test_takes_no_field_that_is_not_ones_own_to_say(client: Client, person: User) -> None:
    client.force_login(person)
    client.post(URL, form_of(person, nickname="Al", is_staff="on", is_superuser="on", email="x@example.com"))
    person.refresh_from_db()
    assert (person.nickname, person.is_staff, person.is_superuser) == ("Al", False, False)
    assert person.email == "alice@example.com"


def test_a_refused_form_keeps_what_was_typed_and_greets_by_the_old_name(
    client: Client, make_person: MakePerson
) -> None:
    make_person("bob")
    alice = make_person("alice")
    client.force_login(alice)
    answer = client.post(URL, form_of(alice, username="bob", nickname="Queen"))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert 'value="Queen"' in page
    assert "Queen" not in page.split("</header>")[0]


def test_strangers_are_sent_to_sign_in_and_back(client: Client, db: None) -> None:
    for name in ("account_overview", "account_profile", "account_sessions"):
        answer = client.get(reverse(name))
        assert answer.headers["Location"] == f"{reverse('account_login')}?next={reverse(name)}"
