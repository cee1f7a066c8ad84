"""Staff read why requests were refused; nobody writes it by hand, and who may not see it does not."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser

from tests.clients import CALLBACK, make_client, post_form
from tests.explained import explained, last_explained
from tests.staff import sign_in_strongly
from trust.explain.finding import Finding
from trust.explain.models import Explanation
from trust.explain.note import note
from trust.explain.vocabulary import Endpoint, Found

pytestmark = pytest.mark.django_db
LIST = "/admin/explain/explanation/"


@pytest.fixture
def browser(make_person):
    return staff(make_person, "view_explanation")


def staff(make_person, *permissions):
    member = make_person("staff")
    member.is_staff = True
    member.save(update_fields=["is_staff"])
    member.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    browser = Browser()
    sign_in_strongly(browser, member)
    return browser


@pytest.fixture
def refused_uri():
    """A request whose redirect URI has a slash too many."""
    make_client()
    Browser().get("/oauth/authorize", {"client_id": "app", "redirect_uri": f"{CALLBACK}/"})
    return last_explained()


def test_points_at_the_character_in_which_a_redirect_uri_differs(browser, refused_uri):
    page = browser.get(f"{LIST}{refused_uri.pk}/change/").content.decode()
    assert f"<code>{CALLBACK}<mark>/</mark></code>" in page
    assert f"<code>{CALLBACK}<mark>␣</mark></code>" in page
    assert "The slash at the end differs." in page
    assert "choose_redirect_uri" in page


def test_is_found_by_client_by_reference_and_by_endpoint(browser, refused_uri):
    post_form("/oauth/token", {"client_id": "another"})
    explained()
    for query, found in (
        ({"q": "app"}, True),
        ({"q": "another"}, False),
        ({"q": refused_uri.reference.upper()}, True),
        ({"q": "nothing"}, False),
        ({"endpoint__exact": "authorization"}, True),
        ({"endpoint__exact": "token"}, False),
        ({}, True),
    ):
        page = browser.get(LIST, query)
        assert page.status_code == 200
        assert (refused_uri.reference in page.content.decode()) == found, query


def test_what_is_wanted_to_be_markup_is_text(browser):
    came = "https://app.example/<script>alert(1)</script>"
    make_client()
    Browser().get("/oauth/authorize", {"client_id": "app", "redirect_uri": came})
    page = browser.get(f"{LIST}{last_explained().pk}/change/").content.decode()
    assert "<script>alert" not in page
    assert "script" in last_explained().came


def test_a_sign_in_is_linked_to_its_person(browser, make_person):
    alice = make_person()
    Browser().post("/accounts/login/", {"login": "alice", "password": "wrong"})
    row = last_explained()
    page = browser.get(f"{LIST}{row.pk}/change/").content.decode()
    assert f"/admin/accounts/user/{alice.pk}/change/" in page
    assert "The password was wrong." in page


@pytest.mark.parametrize("path", ["", "{pk}/change/", "{pk}/history/", "add/", "{pk}/delete/"])
def test_who_may_not_view_explanations_sees_none(make_person, refused_uri, path):
    browser = staff(make_person, "view_client", "view_user")
    assert browser.get(LIST + path.format(pk=refused_uri.pk)).status_code == 403
    assert Browser().get(LIST + path.format(pk=refused_uri.pk)).status_code == 302


def test_nobody_writes_one_by_hand(make_person, refused_uri):
    browser = staff(make_person, *(f"{verb}_explanation" for verb in ("view", "add", "change", "delete")))
    assert browser.get(f"{LIST}add/").status_code == 403
    assert browser.post(f"{LIST}{refused_uri.pk}/delete/", {"post": "yes"}).status_code == 403
    browser.post(f"{LIST}{refused_uri.pk}/change/", {"error": "none"})
    browser.post(LIST, {"action": "delete_selected", "_selected_action": [refused_uri.pk], "post": "yes"})
    assert Explanation.objects.get() == refused_uri


def test_what_is_older_than_an_hour_is_not_shown(browser, refused_uri):
    Explanation.objects.update(at="2020-01-01T00:00:00Z")
    assert refused_uri.reference not in browser.get(LIST).content.decode()
    assert browser.get(f"{LIST}{refused_uri.pk}/change/").status_code == 302


def test_every_finding_can_be_read(browser):
    for found in Found:
        finding = Finding(found=found, about="x", came="https://a.example/", one_of=("https://b.example/",), number=1)
        note(Endpoint.TOKEN, error="invalid_request", client_id=found, finding=finding)
    for row in explained():
        assert browser.get(f"{LIST}{row.pk}/change/").status_code == 200
