"""Who is signed in, asked by a proxy for a site behind it."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser

from accounts.models import Session
from accounts.services import people, sessions
from oauth.models import Consent
from tests.oauth.views.forward_auth_site import SITE, Visitor, make_site, path_of
from trust.lib.origin import Origin

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(db):
    return make_site()


@pytest.fixture
def visitor(person, site):
    visitor = Visitor()
    visitor.sign_in()
    return visitor


def test_sends_a_browser_to_sign_in_and_lets_it_in(person, visitor):
    entered = visitor.enter("/page?a=1&b=%2F")
    assert entered["Location"] == f"{SITE}/page?a=1&b=%2F"
    told = visitor.asks("/page")
    assert (told.status_code, told.content) == (200, b"")
    assert told["Remote-User"] == person.username
    assert told["Remote-Subject"] == str(person.pk)
    assert told["Remote-Email"] == person.email
    assert told["Remote-Groups"] == ""
    assert told["Cache-Control"] == "no-store"


def test_tells_the_groups_as_they_are_now(person, visitor):
    visitor.enter()
    for name in ("editors", "대학원", "a,b"):
        person.groups.add(Group.objects.create(name=name))
    assert visitor.asks()["Remote-Groups"] == "a%2Cb,editors,%EB%8C%80%ED%95%99%EC%9B%90"


def test_tells_no_more_than_the_client_is_registered_for(person, visitor, site):
    site.scopes = "openid"
    site.save()
    visitor.enter()
    told = visitor.asks()
    assert [name for name in told.headers if name.startswith("Remote-")] == ["Remote-Subject"]


def test_does_not_tell_an_address_that_was_not_proved(person, visitor):
    visitor.enter()
    person.emailaddress_set.update(verified=False)
    assert "Remote-Email" not in visitor.asks()


def test_the_way_leads_past_the_sign_in_page(person, site):
    visitor = Visitor()
    sent = visitor.asks("/deep/page")
    page = visitor.at_us.get(sent["Location"].removeprefix("http://testserver"))
    assert page["Location"].startswith("/accounts/login/?next=%2Foauth%2Fauthorize")


def test_it_works_where_every_other_client_must_push_its_requests(person, site, settings):
    settings.REQUIRE_PAR = True
    visitor = Visitor()
    page = visitor.at_us.get(visitor.asks("/deep/page")["Location"].removeprefix("http://testserver"))
    assert page["Location"].startswith("/accounts/login/?next=%2Foauth%2Fauthorize")


def test_two_windows_sign_in_at_once(visitor):
    first, second = visitor.way("/first"), visitor.way("/second")
    assert visitor.asks(second)["Location"] == f"{SITE}/second"
    assert visitor.asks(first)["Location"] == f"{SITE}/first"


def test_a_proxy_that_cannot_redirect_is_told_where_to(visitor):
    answer = visitor.asks("/page", query="&unauthorized=401")
    assert answer.status_code == 401
    assert answer["Location"].startswith("http://testserver/oauth/authorize?")
    assert "WWW-Authenticate" in answer
    assert "Set-Cookie" in answer


@pytest.mark.parametrize(
    "headers",
    [
        {"accept": "application/json"},
        {"accept": "text/html", "sec-fetch-mode": "cors"},
        {"accept": "text/html", "sec-fetch-mode": "navigate", "x-forwarded-method": "POST"},
    ],
)
def test_what_waits_for_no_page_is_refused_plainly(headers, visitor):
    answer = visitor.asks("/api", more=headers)
    assert answer.status_code == 401
    assert "Location" not in answer


def test_the_cookies_belong_to_the_site_alone(visitor):
    pass_cookie = visitor.enter()["Set-Cookie"]
    assert pass_cookie.startswith("__Host-authproject-pass=")
    assert pass_cookie.endswith("; Path=/; HttpOnly; SameSite=Lax; Secure")


@pytest.mark.parametrize(
    "end",
    [
        lambda person: sessions.end_all(user=person, reason="test", origin=Origin()),
        lambda person: people.deactivate(user=person, actor=person, origin=Origin()),
    ],
    ids=["sessions ended", "person deactivated"],
)
def test_the_pass_is_over_at_once_when_the_session_is(end, person, visitor):
    visitor.enter()
    assert visitor.asks().status_code == 200
    end(person)
    assert visitor.asks().status_code == 302


def test_who_is_in_none_of_its_groups_gets_no_pass(visitor, site):
    site.groups.add(Group.objects.create(name="staff"))
    sent = visitor.asks()["Location"].removeprefix("http://testserver")
    page = visitor.at_us.get(sent)
    assert page.status_code == 403
    assert "The Wiki is not open to you" in page.content.decode()


def test_who_allows_it_nothing_is_told_so_on_a_page(visitor, site):
    site.skip_authorization = False
    site.save()
    sent = visitor.asks()["Location"].removeprefix("http://testserver")
    denied = visitor.at_us.post(sent, {"decision": "deny"})
    back = visitor.asks(path_of(denied["Location"]))
    page = Browser().get(back["Location"].removeprefix("http://testserver"))
    assert page.status_code == 403
    assert "The Wiki did not let you in" in page.content.decode()
    assert f'href="{SITE}/"' in page.content.decode()


def test_who_leaves_the_group_is_out_at_the_next_request(person, visitor, site):
    staff = Group.objects.create(name="staff")
    site.groups.add(staff)
    person.groups.add(staff)
    visitor.enter()
    assert visitor.asks().status_code == 200
    person.groups.remove(staff)
    assert visitor.asks().status_code == 302


def test_a_site_that_is_not_ours_opens_only_as_long_as_the_person_allows_it(person, visitor, site):
    site.skip_authorization = False
    site.save()
    asked = visitor.asks("/page")["Location"].removeprefix("http://testserver")
    assert visitor.at_us.get(asked).status_code == 200  # the consent page
    back = visitor.at_us.post(asked, {"decision": "allow"})
    assert visitor.asks(path_of(back["Location"])).status_code == 303
    assert visitor.asks().status_code == 200
    Consent.objects.all().delete()
    assert visitor.asks().status_code == 302


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"x_forwarded_host": "evil.example"}, 403),
        ({"x_forwarded_proto": "http"}, 403),
        ({"x_forwarded_proto": "javascript"}, 400),
        ({"x_forwarded_host": "wiki.example/@evil"}, 400),
        ({"x_forwarded_uri": "page"}, 400),
        ({"x_forwarded_uri": "/a b"}, 400),
        ({"x_forwarded_host": ""}, 400),
    ],
)
def test_a_site_that_is_not_registered_is_refused(wrong, status, visitor):
    answer = visitor.asks(**wrong)
    assert answer.status_code == status
    assert "Location" not in answer


def test_an_unknown_or_disabled_client_is_refused(visitor, site):
    assert Visitor(client_id="nobody").asks().status_code == 403
    site.is_active = False
    site.save()
    assert visitor.asks().status_code == 403


def test_a_long_address_is_left_for_the_first_page(visitor):
    assert visitor.enter("/" + "a" * 3000)["Location"] == f"{SITE}/"


@pytest.mark.parametrize("query", ["", "client_id=wiki", "client_id=wiki&reason=x", "client_id=nobody&reason=denied"])
def test_the_page_says_nothing_else(query, site):
    assert Browser().get(f"/oauth/forward-auth/refused/?{query}").status_code == 404


def test_a_pass_lasts_no_longer_than_its_session(person, visitor):
    visitor.enter()
    Session.objects.update(expires_at="2020-01-01T00:00:00Z")
    assert visitor.asks().status_code == 302


def test_a_request_of_somebody_signed_in_is_one_statement(person, visitor, django_assert_num_queries):
    visitor.enter()
    visitor.asks()
    with django_assert_num_queries(2):  # and the client's, which tests never remember
        assert visitor.asks().status_code == 200
