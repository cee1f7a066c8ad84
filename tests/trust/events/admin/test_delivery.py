"""Deliveries in the administration: what was sent, what was answered, and the dead letters sent again."""

import pytest
from django_tasks_db.models import DBTaskResult

from tests.oauth.admin.conftest import BrowserOf
from tests.trust.events.receiving import EventReceiver, happen, make_receiver, run_events
from trust.audit.models import AuditEvent
from trust.events.models import Delivery, Receiver
from trust.lib import clock

pytestmark = pytest.mark.django_db
PATH = "/admin/events/delivery/"


@pytest.fixture
def dead(person, settings):
    """Two dead letters and one that was delivered."""
    settings.OUTBOUND_ALLOW_PRIVATE = True
    with EventReceiver() as server:
        make_receiver(server, name="The shop")
        happen(person, "person.deactivated", "person.activated", "person.closed")
        run_events()
        letters = Delivery.objects.exclude(event="account.enabled")
        letters.update(state="given_up", ended_at=clock.now(), attempts=30, outcome="503 <b>busy</b>")
        yield list(letters.order_by("pk"))


def send_again(browser, *chosen):
    pks = [letter.pk for letter in chosen]
    return browser.post(PATH, {"action": "send_again", "_selected_action": pks}, follow=True)


def waiting():
    return set(Delivery.objects.waiting().values_list("pk", flat=True))


def test_lists_what_was_sent_and_answered_and_narrows_by_state_and_receiver(browser_of: BrowserOf, dead):
    browser = browser_of()
    page = browser.get(PATH).content.decode()
    for shown in ("The shop", "given up", "503 &lt;b&gt;busy&lt;/b&gt;"):
        assert shown in page, shown
    receiver = Receiver.objects.get()
    count = lambda **narrowed: browser.get(PATH, narrowed).context["cl"].result_count  # noqa: E731
    assert (count(state__exact="given_up"), count(state__exact="delivered"), count(state__exact="waiting")) == (2, 1, 0)
    assert count(receiver__id__exact=str(receiver.pk)) == 3
    assert count(q=str(dead[0].jti)) == 1
    assert count(q="not an id") == 0


def test_one_shows_what_is_sent_without_the_path_of_its_receiver(browser_of: BrowserOf, dead, person):
    page = browser_of("view_delivery").get(f"{PATH}{dead[0].pk}/change/").content.decode()
    assert str(person.pk) in page
    assert "risc/event-type/account-disabled" in page
    assert "of-the-shop" not in page


def test_selected_dead_letters_are_sent_again_and_no_others(browser_of: BrowserOf, dead):
    browser = browser_of()
    delivered = Delivery.objects.get(state="delivered")
    assert "1 delivery is sent again." in send_again(browser, dead[0], delivered).content.decode()
    assert waiting() == {dead[0].pk}
    assert "0 deliveries are sent again." in send_again(browser, dead[0]).content.decode()
    assert AuditEvent.objects.of_action("delivery.sent_again").count() == 1
    run_events()
    assert Delivery.objects.get(pk=dead[0].pk).state == "delivered"


def test_one_is_sent_again_by_post_alone(browser_of: BrowserOf, dead):
    browser = browser_of()
    path = f"{PATH}{dead[0].pk}/send-again/"
    assert "Send again" in browser.get(f"{PATH}{dead[0].pk}/change/").content.decode()
    assert browser.get(path).status_code == 200
    assert waiting() == set()
    browser.post(path)
    assert waiting() == {dead[0].pk}
    assert browser.post(path).status_code == 404
    assert "Send again" not in browser.get(f"{PATH}{dead[0].pk}/change/").content.decode()


def test_who_may_only_look_sends_nothing_and_changes_nothing(browser_of: BrowserOf, dead):
    browser = browser_of("view_delivery")
    assert browser.get(PATH).context["cl"].result_count == 3
    send_again(browser, *dead)
    assert browser.post(f"{PATH}{dead[0].pk}/send-again/").status_code == 404
    assert browser.post(f"{PATH}{dead[0].pk}/change/", {"state": "delivered"}).status_code == 403
    for path in (f"{PATH}add/", f"{PATH}{dead[0].pk}/delete/"):
        assert browser.get(path).status_code == 403
    assert waiting() == set()


def test_who_may_not_look_sees_nothing(browser_of: BrowserOf, dead):
    browser = browser_of("view_receiver")
    assert browser.get(PATH).status_code == 403
    assert browser.get(f"{PATH}{dead[0].pk}/change/").status_code in {302, 403}
    assert browser.post(f"{PATH}{dead[0].pk}/send-again/").status_code == 404


def test_a_button_without_its_csrf_token_does_nothing(browser_of: BrowserOf, dead):
    browser = browser_of()
    browser.handler.enforce_csrf_checks = True
    assert browser.post(f"{PATH}{dead[0].pk}/send-again/").status_code == 403
    assert waiting() == set()


def test_a_number_that_there_is_not_is_no_error(browser_of: BrowserOf, dead):
    assert browser_of().post(f"{PATH}{2**62}/send-again/", follow=True).status_code in {200, 404}
    assert not DBTaskResult.objects.filter(status="FAILED").exists()
