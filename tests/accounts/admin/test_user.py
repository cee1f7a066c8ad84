from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import Session, User
from tests.mail_queue import deliver_mail
from tests.people import MakePerson
from trust.audit.models import AuditEvent
from trust.revocation.models import Kind, Revocation

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[User], Client]
LIST = "/admin/accounts/user/"


def _page(user: User) -> str:
    return f"{LIST}{user.pk}/change/"


def _fields(client: Client, user: User, **changed: Any) -> dict[str, Any]:
    """Return what the form of a person would post."""
    form = client.get(_page(user)).context["adminform"].form
    initial = {name: form[name].value() for name in form.fields}
    filled = {name: value for name, value in initial.items() if value not in (None, False)}
    return {name: value for name, value in (filled | changed).items() if value is not None}


@pytest.mark.parametrize("term", ["ali", "ALICE@", "Alice L", "Liddell"])
def test_finds_people_by_the_beginning_of_a_name_or_an_address(
    browser_of: BrowserOf, root: User, person: User, term: str
) -> None:
    User.objects.by_id(person.pk).update(name="Alice Liddell", given_name="Alice", family_name="Liddell")
    found = browser_of(root).get(LIST, {"q": term}).context["cl"].result_list
    assert [user.username for user in found] == ["alice"]


def test_narrows_the_list(browser_of: BrowserOf, root: User, person: User) -> None:
    client = browser_of(root)
    Group.objects.create(name="editors").user_set.add(person)
    for query in ("is_staff__exact=0", f"group={person.groups.get().pk}"):
        assert [user.username for user in client.get(f"{LIST}?{query}").context["cl"].result_list] == ["alice"]


def test_asks_a_bounded_number_of_queries(
    browser_of: BrowserOf, root: User, make_person: MakePerson, django_assert_max_num_queries: Any
) -> None:
    client = browser_of(root)
    client.get(LIST)
    for number in range(15):
        make_person(f"person{number}", password=None)
    with django_assert_max_num_queries(15):
        client.get(LIST)


def test_shows_no_hash_and_takes_no_password(browser_of: BrowserOf, root: User, person: User) -> None:
    client = browser_of(root)
    page = client.get(_page(person)).content.decode()
    assert "argon2" not in page
    assert 'type="password"' not in page
    assert client.get(f"{LIST}{person.pk}/password/").status_code == 302  # Django's "no such person", to the index
    before = person.password
    client.post(_page(person), _fields(client, person, password="chosen by an administrator", nickname="Al"))
    person.refresh_from_db()
    assert (person.password, person.nickname) == (before, "Al")


def test_changes_what_was_changed_and_leaves_a_trace(browser_of: BrowserOf, root: User, person: User) -> None:
    client = browser_of(root)
    answer = client.post(_page(person), _fields(client, person, given_name="Alice", website="https://alice.example"))
    assert answer.status_code == 302
    person.refresh_from_db()
    assert (person.given_name, person.website) == ("Alice", "https://alice.example")
    event = AuditEvent.objects.of_action("person.changed").get()
    assert (event.subject, event.actor) == (person.pk, root.pk)
    assert event.details == {"fields": ["given_name", "website"]}


def test_keeps_what_changed_meanwhile(browser_of: BrowserOf, root: User, person: User) -> None:
    client = browser_of(root)
    fields = _fields(client, person, nickname="Al")
    User.objects.by_id(person.pk).update(is_active=False)
    client.post(_page(person), fields)
    person.refresh_from_db()
    assert (person.is_active, person.nickname) == (False, "Al")


@pytest.mark.parametrize("name", ["has space", "an@address", "root", "ROOT", "ｒｏｏｔ", "", "x" * 65])
def test_refuses_a_username_that_is_none(browser_of: BrowserOf, root: User, person: User, name: str) -> None:
    client = browser_of(root)
    answer = client.post(_page(person), _fields(client, person, username=name))
    assert answer.context["adminform"].form.errors["username"]
    person.refresh_from_db()
    assert person.username == "alice"


def test_does_not_change_the_address_or_the_state_by_the_form(browser_of: BrowserOf, root: User, person: User) -> None:
    client = browser_of(root)
    client.post(_page(person), _fields(client, person, email="other@example.com", is_active="", nickname="Al"))
    person.refresh_from_db()
    assert (person.email, person.is_active, person.nickname) == ("alice@example.com", True, "Al")


def test_adds_a_person_without_a_password_who_sets_one_by_the_reset(browser_of: BrowserOf, root: User) -> None:
    client = browser_of(root)
    answer = client.post(f"{LIST}add/", {"username": "bob", "email": "bob@example.com", "verified": "on"})
    bob = User.objects.by_username("bob").get()
    assert answer["Location"] == _page(bob)
    assert (bob.has_usable_password(), bob.is_staff) == (False, False)
    assert EmailAddress.objects.get(user=bob).verified
    assert AuditEvent.objects.of_action("person.created").about(bob.pk).get().actor == root.pk
    Client().post("/accounts/password/reset/", {"email": "bob@example.com"})
    assert [mail.to for mail in deliver_mail()] == [["bob@example.com"]]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "ROOT@example.com"),
        ("email", "second@example.com"),
        ("email", "no address"),
        ("email", ""),
        ("username", "Root"),
        ("username", ""),
    ],
)
def test_adds_nobody_twice(browser_of: BrowserOf, root: User, field: str, value: str) -> None:
    EmailAddress.objects.create(user=root, email="second@example.com", verified=True)
    fields = {"username": "bob", "email": "bob@example.com", "verified": "on"}
    answer = browser_of(root).post(f"{LIST}add/", fields | {field: value})
    assert answer.context["adminform"].form.errors[field]
    assert User.objects.count() == 1


def _act(client: Client, action: str, *users: User) -> Any:
    """Choose an action for people of the list, and answer the question that it asks."""
    chosen = {"action": action, "_selected_action": [str(user.pk) for user in users]}
    asked = client.post(LIST, chosen)
    assert all(user.email in asked.content.decode() for user in users)
    return client.post(LIST, chosen | {"confirmed": "yes"}, follow=True)


def test_deactivates_and_ends_every_session(browser_of: BrowserOf, root: User, person: User) -> None:
    theirs = browser_of(person)
    session = Session.objects.of_user(person.pk).get()
    _act(browser_of(root), "deactivate", person)
    person.refresh_from_db()
    session.refresh_from_db()
    assert not person.is_active
    assert session.ended_at is not None
    assert theirs.get("/accounts/profile/").status_code == 302
    assert AuditEvent.objects.of_action("person.deactivated").get().actor == root.pk


def test_activates_again(browser_of: BrowserOf, root: User, person: User) -> None:
    User.objects.by_id(person.pk).update(is_active=False)
    _act(browser_of(root), "activate", person)
    person.refresh_from_db()
    assert person.is_active


def test_ends_all_sessions_of_the_chosen(browser_of: BrowserOf, root: User, person: User) -> None:
    browser_of(person)
    browser_of(person)
    _act(browser_of(root), "end_sessions", person)
    assert not Session.objects.of_user(person.pk).not_ended().exists()
    assert Session.objects.of_user(root.pk).not_ended().exists()


def test_nobody_deactivates_themselves(browser_of: BrowserOf, root: User, person: User) -> None:
    _act(browser_of(root), "deactivate", root, person)
    assert list(User.objects.active()) == [root]


@pytest.mark.parametrize("action", ["deactivate", "end_sessions"])
def test_staff_do_nothing_to_a_superuser(
    browser_of: BrowserOf, root: User, clerk: User, person: User, action: str
) -> None:
    browser_of(root)
    answer = _act(browser_of(clerk), action, root, person)
    root.refresh_from_db()
    assert root.is_active
    assert Session.objects.of_user(root.pk).not_ended().exists()
    assert b"1 person was spared" in answer.content


def test_staff_look_at_a_superuser_and_change_nothing(browser_of: BrowserOf, root: User, clerk: User) -> None:
    client = browser_of(clerk)
    assert client.get(_page(root)).status_code == 200
    assert client.post(_page(root), {"username": "taken"}).status_code == 403
    assert client.post(f"{LIST}{root.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.by_username("root").exists()


@pytest.mark.parametrize("power", [{"is_staff": "on"}, {"is_superuser": "on"}, {"groups": "group"}])
def test_staff_give_nobody_power(browser_of: BrowserOf, clerk: User, person: User, power: dict[str, str]) -> None:
    group = Group.objects.create(name="administrators")
    client = browser_of(clerk)
    given = {name: group.pk if value == "group" else value for name, value in power.items()}
    for user in (person, clerk):
        client.post(_page(user), _fields(client, user, nickname="Al", **given))
        user.refresh_from_db()
        assert user.nickname == "Al"
    client.post(f"{LIST}add/", {"username": "bob", "email": "bob@example.com", **given})
    assert User.objects.by_username("bob").get().is_staff is False
    assert not group.user_set.exists()
    assert list(User.objects.filter(is_staff=True)) == [clerk]
    assert not User.objects.filter(is_superuser=True).exists()


def test_a_superuser_gives_roles_and_old_tokens_die(browser_of: BrowserOf, root: User, person: User) -> None:
    group = Group.objects.create(name="editors")
    client = browser_of(root)
    client.post(_page(person), _fields(client, person, groups=[group.pk]))
    assert person.roles == ["editors"]
    assert Revocation.objects.filter(kind=Kind.USER, key=str(person.pk)).exists()
    assert AuditEvent.objects.of_action("person.groups_set").get().details == {"groups": ["editors"]}


def test_deletes_a_person_and_what_is_open(browser_of: BrowserOf, root: User, person: User) -> None:
    browser_of(person)
    subject, session = person.pk, Session.objects.of_user(person.pk).get()
    client = browser_of(root)
    assert b"alice" in client.get(f"{LIST}{subject}/delete/").content
    client.post(f"{LIST}{subject}/delete/", {"post": "yes"})
    assert not User.objects.by_id(subject).exists()
    revoked = set(Revocation.objects.values_list("kind", "key"))
    assert {(Kind.SESSION, str(session.pk)), (Kind.USER, str(subject))} <= revoked
    assert AuditEvent.objects.of_action("person.deleted").get().subject == subject


def test_deletes_nobody_in_bulk_and_nobody_themselves(browser_of: BrowserOf, root: User, person: User) -> None:
    client = browser_of(root)
    client.post(LIST, {"action": "delete_selected", "_selected_action": [str(person.pk)], "post": "yes"})
    client.post(f"{LIST}{root.pk}/delete/", {"post": "yes"})
    assert User.objects.count() == 2


def test_shows_addresses_factors_and_sessions_without_secrets(browser_of: BrowserOf, root: User, person: User) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret = generate_totp_secret()
    factor = TOTP.activate(person, secret).instance
    theirs = Client(headers={"User-Agent": "A browser <script>"})
    theirs.force_login(person)
    Session.objects.of_user(person.pk).update(user_agent="A browser <script>")
    page = browser_of(root).get(_page(person)).content.decode()
    assert "A browser &lt;script&gt;" in page
    assert "TOTP" in page
    assert "alice@example.com" in page
    assert secret not in page
    assert factor.data["secret"] not in page
    assert str(Session.objects.of_user(person.pk).get().pk) in page


def test_the_list_has_no_inline_style_even_without_actions(
    browser_of: BrowserOf, root: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin.site._registry[User], "actions_on_top", False)
    page = browser_of(root).get(LIST)
    assert b"<style" not in page.content
    assert "style-src 'self'" in page.headers["Content-Security-Policy"]
