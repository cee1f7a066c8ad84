"""The activity page: every event of one's own in words, page by page, and nobody else's."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import User
from accounts.views.activity_words import NOT_SHOWN, SENTENCES, sentence_for
from tests.actions import actions_in_the_code
from tests.people import PASSWORD, MakePerson
from trust.audit.models import AuditEvent
from trust.audit.record import record
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db
URL = "/accounts/activity/"
HOME = Origin("198.51.100.1", "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/130.0")


@pytest.fixture
def browser(client: Client, person: User) -> Client:
    client.force_login(person)
    AuditEvent.objects.all().delete()
    return client


def lines(browser: Client, query: str = "") -> list[str]:
    return [str(line.what) for line in browser.get(URL + query).context["lines"]]


def test_the_walk_finds_the_actions_of_every_package() -> None:
    found = actions_in_the_code()
    assert {"session.started", "sign_in.refused", "person.signed_up", "person.erased"} <= {*found}
    assert {"client.created", "client.registered", "grant.issued", "logout.given_up"} <= {*found}
    assert {"signing_key.created", "mail.given_up"} <= {*found}


def test_every_action_has_a_sentence_or_is_not_shown_on_purpose() -> None:
    unknown = {action: path for action, path in actions_in_the_code().items() if action not in {*SENTENCES, *NOT_SHOWN}}
    assert unknown == {}


def test_no_sentence_is_of_an_action_that_there_is_not() -> None:
    said = {key.partition(":")[0] for key in SENTENCES}
    assert said & NOT_SHOWN == set()
    assert (said | NOT_SHOWN) - {*actions_in_the_code()} == set()


def test_an_action_that_nobody_knows_is_told_as_such(browser: Client, person: User) -> None:
    record("person.enchanted", subject=person.pk, origin=HOME)
    assert lines(browser) == ["Something else was done with the account."]


@pytest.mark.parametrize(
    ("action", "details", "sentence"),
    [
        ("session.ended", {"reason": "signed_out", "kind": "browser"}, "Signed out."),
        ("session.ended", {"reason": "nobody_knows", "kind": "browser"}, "A device was signed out."),
        ("session.started", {"kind": "browser"}, "Signed in."),
        ("person.factor_changed", {"factor": "webauthn"}, "A passkey was added or removed."),
        ("person.factor_changed", {"factor": "external:corp"}, "The ways to sign in were changed."),
    ],
)
def test_details_choose_the_sentence(action: str, details: dict[str, str], sentence: str) -> None:
    with translation.override("en"):
        assert str(sentence_for(action, details)) == sentence


def test_shows_when_what_and_where_the_newest_first(browser: Client, person: User) -> None:
    record("session.started", subject=person.pk, origin=HOME)
    record("person.profile_changed", subject=person.pk, origin=HOME)
    assert lines(browser) == ["The profile was changed.", "Signed in."]
    page = browser.get(URL).content.decode()
    assert "198.51.100.1" in page
    assert "Firefox on Windows" in page
    assert "Mozilla/5.0" not in page


def test_shows_nothing_of_others(browser: Client, person: User, make_person: MakePerson) -> None:
    bob = make_person("bob")
    AuditEvent.objects.all().delete()
    record("person.profile_changed", subject=bob.pk, origin=HOME)
    record("person.changed", subject=bob.pk, actor=person.pk, origin=HOME)
    record("sign_in.refused", origin=HOME, identifier="alice@example.com")
    assert lines(browser) == []


def test_an_administrator_is_named_as_such_and_from_where_they_acted_is_theirs(browser: Client, person: User) -> None:
    actor = uuid.uuid4()
    record("person.activated", subject=person.pk, actor=actor, origin=Origin("192.0.2.66", "Opera/9 Linux OPR/1"))
    page = browser.get(URL).content.decode()
    assert "by an administrator" in page
    for theirs in ("192.0.2.66", "Opera", str(actor)):
        assert theirs not in page


def test_what_a_program_calls_itself_is_shown_as_text_alone(browser: Client, person: User) -> None:
    record("session.started", subject=person.pk, origin=Origin("<b>", "<script>alert(1)</script>"), client_id="<i>x")
    page = browser.get(URL).content.decode()
    assert "<script>" not in page
    assert "<b>" not in page
    assert "<i>x" not in page


def test_pages_follow_each_other_without_a_gap(browser: Client, person: User) -> None:
    for number in range(60):
        record("client.previewed", subject=person.pk, client_id=f"app-{number:02}")
        record("person.roles_changed", subject=person.pk)
    seen: list[str] = []
    query = ""
    for length in (25, 25, 10):
        context = browser.get(URL + query).context
        assert len(context["lines"]) == length
        seen += [line.client_id for line in context["lines"]]
        query = f"?before={context['older']}"
    assert seen == [f"app-{number:02}" for number in reversed(range(60))]
    assert context["older"] is None


def test_a_page_of_events_asks_the_database_once(browser: Client, person: User) -> None:
    for _ in range(30):
        record("session.started", subject=person.pk)
    with CaptureQueriesContext(connection) as queries:
        browser.get(URL)
    asked = [query["sql"] for query in queries if "audit_auditevent" in query["sql"]]
    assert len(asked) == 1
    assert "COUNT" not in asked[0].upper()


@pytest.mark.parametrize("before", ["", "x", "-1", "1.5", "9" * 19, "9" * 400, "٣", " 1", "1;--"])
def test_a_page_that_there_is_not_is_not_found(browser: Client, before: str) -> None:
    assert browser.get(URL, {"before": before}).status_code == 404


def test_strangers_are_asked_to_sign_in(client: Client) -> None:
    assert client.get(URL)["Location"].startswith("/accounts/login/")


def test_everything_that_a_sign_in_does_is_in_words(browser: Client, person: User) -> None:
    """The whole way: sign out, a wrong password, the right one."""
    browser.post("/accounts/logout/")
    browser.post("/accounts/login/", {"login": "alice", "password": "wrong"})
    browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert lines(browser) == ["Signed in.", "A sign-in was refused.", "Signed out."]
