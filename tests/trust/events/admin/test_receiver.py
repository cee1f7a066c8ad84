"""Receivers in the administration: who may do what, what is shown once, and what is never shown."""

import re

import pytest

from tests.oauth.admin.conftest import BrowserOf
from tests.trust.events.receiving import EventReceiver, make_receiver, run_events
from trust.audit.models import AuditEvent
from trust.events.models import Delivery, Receiver
from trust.events.receiver_secrets import authorization_of, live_secrets
from trust.lib import clock

pytestmark = pytest.mark.django_db
PATH = "/admin/events/receiver/"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{44}")
EDIT = ("view_receiver", "change_receiver")


def fields(**changes):
    said = {
        "name": "The shop",
        "url": "https://shop.example/hooks/capability",
        "format": "json",
        "events": ["session.revoked", "account.disabled"],
        "audience": "",
        "authorization": "",
        "is_active": "on",
    }
    return {name: value for name, value in (said | changes).items() if value is not None}


def add(browser, **changes):
    return browser.post(f"{PATH}add/", fields(**changes), follow=True)


def change(browser, receiver, **changes):
    return browser.post(f"{PATH}{receiver.pk}/change/", fields(format=None, **changes), follow=True)


@pytest.fixture
def receiver(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True
    with EventReceiver() as server:
        made, _ = make_receiver(server, "json", name="The shop", authorization="Bearer of-ours-alone")
        made.server = server
        yield made


def errors(answer):
    return answer.context["adminform"].form.errors


def test_a_new_receiver_is_on_and_its_secret_is_shown_once(browser_of: BrowserOf):
    browser = browser_of()
    page = add(browser).content.decode()
    [shown] = SECRET.findall(page)
    made = Receiver.objects.get()
    assert live_secrets(made, now=clock.now()) == [shown]
    assert (made.is_active, made.kinds) == (True, {"session.revoked", "account.disabled"})
    for path in (PATH, f"{PATH}{made.pk}/change/", f"{PATH}{made.pk}/history/"):
        assert shown not in browser.get(path).content.decode()
    event = AuditEvent.objects.of_action("receiver.created").get()
    assert event.details["events"] == ["account.disabled", "session.revoked"]


def test_a_receiver_of_tokens_has_no_secret_to_show(browser_of: BrowserOf):
    page = add(browser_of(), format="set").content.decode()
    assert not SECRET.search(page)
    assert Receiver.objects.get().format == "set"


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/", "ftp://shop.example/", "https://user:pass@shop.example/", "https://shop.example:22/",
        "https://shop.example/ a", "javascript:alert(1)", "shop.example", "https://", f"https://a.example/{'a' * 2048}",
        "https://shop.example/\r\nX: y", "https://shöp.example/",
    ],
)  # fmt: skip
def test_an_address_that_would_not_be_asked_is_refused_in_the_form(browser_of: BrowserOf, url, settings):
    settings.OUTBOUND_ALLOW_PRIVATE = False
    answer = add(browser_of(), url=url)
    assert "url" in errors(answer)
    assert not Receiver.objects.exists()


@pytest.mark.parametrize("value", ["token", "Bearer a\r\nX-Admin: yes", "Bearer a\nb", "Bearer ü", " Bearer"])
def test_credentials_that_are_none_are_refused_in_the_form(browser_of: BrowserOf, value):
    answer = add(browser_of(), authorization=value)
    assert "authorization" in errors(answer)
    assert not Receiver.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"events": []},
        {"events": ["verification"]},
        {"events": ["made.up"]},
        {"format": "xml"},
        {"name": ""},
        {"name": "a" * 65},
    ],
)
def test_what_there_is_not_is_refused_in_the_form(browser_of: BrowserOf, changes):
    assert errors(add(browser_of(), **changes))
    assert not Receiver.objects.exists()


def test_two_receivers_have_two_names(browser_of: BrowserOf, receiver):
    assert "name" in errors(add(browser_of()))


def test_credentials_are_never_shown_and_stay_unless_others_are_typed(browser_of: BrowserOf, receiver):
    browser = browser_of()
    assert "of-ours-alone" not in browser.get(f"{PATH}{receiver.pk}/change/").content.decode()
    change(browser, receiver)
    receiver.refresh_from_db()
    assert authorization_of(receiver) == "Bearer of-ours-alone"
    change(browser, receiver, authorization="Basic YTpi")
    receiver.refresh_from_db()
    assert authorization_of(receiver) == "Basic YTpi"
    change(browser, receiver, without_authorization="on")
    receiver.refresh_from_db()
    assert authorization_of(receiver) == ""
    assert "Basic" not in str(list(AuditEvent.objects.values_list("details", flat=True)))


def test_a_receiver_is_switched_off_and_on(browser_of: BrowserOf, receiver):
    browser = browser_of()
    change(browser, receiver, is_active=None)
    assert not Receiver.objects.get().is_active
    assert "off" in browser.get(PATH).content.decode()
    change(browser, receiver)
    assert Receiver.objects.get().is_active
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"receiver.switched_off", "receiver.switched_on", "receiver.changed"} <= actions


def test_a_format_is_chosen_once(browser_of: BrowserOf, receiver):
    browser_of().post(f"{PATH}{receiver.pk}/change/", fields(format="set"))
    assert Receiver.objects.get().format == "json"


def test_a_test_event_is_sent_by_post_alone_and_its_answer_shown(browser_of: BrowserOf, receiver):
    browser = browser_of()
    path = f"{PATH}{receiver.pk}/test/"
    assert browser.get(path).status_code == 200
    assert not Delivery.objects.exists()
    assert browser.post(path, follow=True).status_code == 200
    run_events()
    assert Delivery.objects.get(event="verification").state == "delivered"
    assert "verification" in [said["type"] for said in receiver.server.documents]


def test_nothing_is_sent_to_who_is_off(browser_of: BrowserOf, receiver):
    Receiver.objects.update(is_active=False)
    page = browser_of().post(f"{PATH}{receiver.pk}/test/", follow=True).content.decode()
    assert "switch it on first" in page
    assert not Delivery.objects.exists()


def test_a_secret_is_rotated_by_post_alone_and_the_old_one_ended(browser_of: BrowserOf, receiver):
    browser, path = browser_of(), f"{PATH}{receiver.pk}/"
    [old] = live_secrets(receiver, now=clock.now())
    assert not SECRET.search(browser.get(f"{path}secret/").content.decode())
    [new] = SECRET.findall(browser.post(f"{path}secret/").content.decode())
    receiver.refresh_from_db()
    assert live_secrets(receiver, now=clock.now()) == [new, old]
    assert "End the old secret" in browser.get(f"{path}change/").content.decode()
    browser.get(f"{path}end-old-secret/")
    assert len(live_secrets(Receiver.objects.get(), now=clock.now())) == 2
    browser.post(f"{path}end-old-secret/")
    assert live_secrets(Receiver.objects.get(), now=clock.now()) == [new]
    actions = list(AuditEvent.objects.values_list("action", flat=True))
    assert {"receiver.secret_rotated", "receiver.old_secret_ended"} <= {*actions}
    assert new not in str(list(AuditEvent.objects.values_list("details", flat=True)))


def test_a_receiver_of_tokens_gets_no_secret(browser_of: BrowserOf, receiver):
    Receiver.objects.update(format="set")
    assert browser_of().post(f"{PATH}{receiver.pk}/secret/").status_code == 404


def test_a_receiver_is_deleted_with_its_deliveries(browser_of: BrowserOf, receiver):
    browser = browser_of()
    browser.post(f"{PATH}{receiver.pk}/test/")
    browser.post(f"{PATH}{receiver.pk}/delete/", {"post": "yes"})
    assert not Receiver.objects.exists()
    assert not Delivery.objects.exists()
    assert AuditEvent.objects.of_action("receiver.deleted").get().details["name"] == "The shop"


def test_who_may_only_look_sees_no_path_and_changes_nothing(browser_of: BrowserOf, receiver):
    browser = browser_of("view_receiver")
    for path in (PATH, f"{PATH}{receiver.pk}/change/"):
        page = browser.get(path)
        assert page.status_code == 200
        assert "of-the-shop" not in page.content.decode()
        assert "127.0.0.1" in page.content.decode()
    assert change(browser, receiver, name="Another").status_code == 403
    for name in ("test", "secret", "end-old-secret"):
        for ask in (browser.get, browser.post):
            assert ask(f"{PATH}{receiver.pk}/{name}/").status_code == 404
    assert browser.get(f"{PATH}add/").status_code == 403
    assert browser.post(f"{PATH}{receiver.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Receiver.objects.get().name == "The shop"
    assert not Delivery.objects.exists()


def test_who_may_change_neither_adds_nor_deletes(browser_of: BrowserOf, receiver):
    browser = browser_of(*EDIT)
    assert change(browser, receiver, name="Another").status_code == 200
    assert Receiver.objects.get().name == "Another"
    assert browser.get(f"{PATH}add/").status_code == 403
    assert browser.get(f"{PATH}{receiver.pk}/delete/").status_code == 403


def test_who_may_not_look_sees_nothing(browser_of: BrowserOf, receiver, client):
    browser = browser_of("view_delivery")
    paths = [PATH, *(f"{PATH}{receiver.pk}/{name}/" for name in ("change", "test", "secret", "end-old-secret"))]
    assert {browser.get(path).status_code for path in paths} <= {403, 404}
    assert {client.get(path).status_code for path in paths} == {302}  # a stranger is sent to sign in


def test_no_page_takes_a_post_without_its_csrf_token(browser_of: BrowserOf, receiver):
    browser = browser_of()
    browser.handler.enforce_csrf_checks = True
    for name in ("test", "secret", "end-old-secret", "change", "delete"):
        assert browser.post(f"{PATH}{receiver.pk}/{name}/", fields()).status_code == 403
    assert not Delivery.objects.exists()


def test_a_name_is_shown_as_text(browser_of: BrowserOf, receiver):
    Receiver.objects.update(
        name="<script>alert(1)</script>", outcome="<script>alert(2)</script>", failing_since=clock.now()
    )
    browser = browser_of()
    for path in (PATH, *(f"{PATH}{receiver.pk}/{name}/" for name in ("change", "test", "secret", "delete"))):
        assert "<script>alert" not in browser.get(path).content.decode()
