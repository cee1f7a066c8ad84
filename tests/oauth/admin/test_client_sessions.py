"""Sessions at clients in the administration: what became of telling a client, and telling it again."""

import pytest
from django_tasks_db.models import DBTaskResult

from accounts.models import Session
from accounts.services import sessions
from oauth.models import ClientSession
from oauth.services import registration
from tests.clients import Application, make_client
from tests.oauth.admin.conftest import BrowserOf
from trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
PATH = "/admin/oauth/clientsession/"


@pytest.fixture
def application(person):
    program = Application(make_client(backchannel_logout_uri="https://app.example/logout"))
    program.sign_in()
    program.tokens()
    return program


@pytest.fixture
def given_up(application):
    """Alice's session at the app, whose end the app never heard of."""
    sessions.end(session_id=Session.objects.get().pk, reason="test")
    DBTaskResult.objects.all().delete()
    ClientSession.objects.update(logout="failed", attempts=11, outcome="503")
    return ClientSession.objects.get()


def tell_again(browser, row):
    return browser.post(PATH, {"action": "tell_again", "_selected_action": [row.pk]}, follow=True)


def waiting():
    return list(DBTaskResult.objects.filter(queue_name="logout").values_list("args_kwargs", flat=True))


def test_shows_whom_which_client_and_what_it_answered(browser_of: BrowserOf, given_up):
    page = browser_of().get(PATH).content.decode()
    for shown in ("alice", "The App", "given up", "503", "11"):
        assert shown in page, shown


@pytest.mark.parametrize("term", ["ali", "ALICE@", "app"])
def test_finds_by_person_and_by_client(browser_of: BrowserOf, given_up, term):
    browser = browser_of()
    assert browser.get(PATH, {"q": term}).context["cl"].result_count == 1
    assert browser.get(PATH, {"q": "nobody"}).context["cl"].result_count == 0


def test_narrows_by_state_and_by_client(browser_of: BrowserOf, given_up):
    browser = browser_of()
    others = [make_client("other"), make_client("third")]
    for other in others:
        ClientSession.objects.create(session=given_up.session, client=other, person=given_up.person)

    def count(**narrowed) -> int:
        return browser.get(PATH, narrowed).context["cl"].result_count

    assert (count(logout__exact="failed"), count(logout__exact="delivered")) == (1, 0)
    assert count(client__id__exact=given_up.client_id) == 1
    assert count(client__id__exact=others[0].pk, logout__exact="failed") == 0
    assert count(client__id__exact=others[0].pk, logout__exact="") == 1


def test_a_client_that_was_given_up_is_told_again_once(browser_of: BrowserOf, staff_id, given_up):
    browser = browser_of()
    assert "1 client is told again." in tell_again(browser, given_up).content.decode()
    assert "0 clients are told again." in tell_again(browser, given_up).content.decode()
    given_up.refresh_from_db()
    assert (given_up.logout, given_up.attempts, given_up.outcome) == ("waiting", 0, "")
    assert waiting() == [{"args": [given_up.pk, 1], "kwargs": {}}]
    event = AuditEvent.objects.of_action("logout.told_again").get()
    assert (event.subject, event.actor, event.client_id) == (given_up.session.user_id, staff_id(), "app")


@pytest.mark.parametrize("state", ["", "waiting", "delivered"])
def test_only_who_was_given_up_is_told_again(browser_of: BrowserOf, given_up, state):
    ClientSession.objects.update(logout=state)
    tell_again(browser_of(), given_up)
    assert waiting() == []
    assert ClientSession.objects.get().logout == state


def test_a_disabled_client_is_not_told_again(browser_of: BrowserOf, application, given_up):
    registration.disable(client_pk=application.client.pk)
    tell_again(browser_of(), given_up)
    assert waiting() == []
    assert ClientSession.objects.get().logout == "failed"


def test_who_may_only_look_tells_nobody_and_changes_nothing(browser_of: BrowserOf, given_up):
    browser = browser_of("view_clientsession")
    assert browser.get(PATH).context["cl"].result_count == 1
    tell_again(browser, given_up)
    assert waiting() == []
    assert browser.get(f"{PATH}{given_up.pk}/change/").status_code == 200
    for path in (f"{PATH}add/", f"{PATH}{given_up.pk}/delete/"):
        assert browser.get(path).status_code == 403
    assert browser.post(f"{PATH}{given_up.pk}/change/", {"logout": "delivered"}).status_code == 403
    assert ClientSession.objects.get().logout == "failed"


def test_who_may_not_look_sees_nothing(browser_of: BrowserOf, given_up):
    assert browser_of("view_consent").get(PATH).status_code == 403


def test_what_a_client_answered_is_shown_as_text(browser_of: BrowserOf, given_up):
    ClientSession.objects.update(outcome="<script>alert(1)</script>")
    assert "<script>alert(1)" not in browser_of().get(PATH).content.decode()
