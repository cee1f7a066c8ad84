"""Attacks on sites behind a proxy: other people's codes, passes of other sites, forged headers."""

import pytest

from tests.clients import Application, make_client
from tests.impersonation import impersonating
from tests.oauth.views.forward_auth_site import SITE, Visitor, make_site

pytestmark = pytest.mark.django_db
OTHER = "https://shop.example"
PASS = "__Host-authproject-pass"
BROWSER = "__Host-authproject-browser"


@pytest.fixture
def visitor(person, db):
    make_site()
    visitor = Visitor()
    visitor.sign_in()
    return visitor


def refused(answer, reason):
    return answer.status_code == 303 and answer["Location"].endswith(f"refused/?client_id=wiki&reason={reason}")


def test_a_code_brought_by_another_browser_opens_nothing(visitor):
    """Login CSRF: a victim is led to the attacker's callback."""
    back = visitor.way()
    victim = Visitor()
    assert refused(victim.asks(back), "cookies")
    victim.asks("/")  # has a secret of its own now
    assert refused(victim.asks(back), "late")
    assert PASS not in victim.cookies


def test_a_code_is_good_once(visitor):
    back = visitor.way()
    assert visitor.asks(back).status_code == 303
    del visitor.cookies[PASS]
    assert refused(visitor.asks(back), "late")
    assert PASS not in visitor.cookies


def test_who_impersonates_does_not_enter_unmarked(person, make_person, settings):
    """The headers have no word for who acts in a person's place."""
    settings.IMPERSONATION = True
    make_site()
    visitor = Visitor()
    impersonating(make_person("root", staff=True, superuser=True), person, visitor.at_us)
    assert refused(visitor.asks(visitor.way()), "denied")
    assert PASS not in visitor.cookies


def test_a_pass_opens_its_own_site_alone(visitor):
    make_client("shop", public=True, redirect_uris=f"{OTHER}/.authproject/callback", skip_authorization=True)
    visitor.enter()
    stolen = Visitor(site=OTHER, client_id="shop", cookies=dict(visitor.cookies))
    assert stolen.asks().status_code == 302


@pytest.mark.parametrize("kind", ["access_token", "refresh_token", "id_token"])
def test_no_token_passes_for_a_pass(kind, visitor, app):
    application = Application(app)
    application.sign_in()
    token = application.tokens(scope="openid offline_access")[kind]
    assert Visitor(cookies={PASS: token}).asks().status_code == 302


def test_a_pass_is_no_token(visitor):
    visitor.enter()
    headers = {"authorization": f"Bearer {visitor.cookies[PASS]}"}
    for path in ("/api/me/", "/oauth/userinfo"):
        assert visitor.at_us.get(path, headers=headers).status_code == 401
    answer = visitor.at_us.post(
        "/api/token/refresh/", {"refresh": visitor.cookies[PASS]}, content_type="application/json"
    )
    assert answer.status_code == 401


@pytest.mark.parametrize("value", ["", "x", "a.b.c", "..", "\xff", "a" * 5000])
def test_a_pass_that_is_nonsense_is_none(value, visitor):
    assert Visitor(cookies={PASS: value}).asks().status_code == 302


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?code=x&state=y", "?error=access_denied", "?code=&state=", "?code=%00"]
)
def test_a_callback_that_is_nonsense_is_a_page(query, visitor):
    visitor.asks("/")
    answer = visitor.asks(f"/.authproject/callback{query}")
    assert refused(answer, "cookies") or refused(answer, "denied")


def test_a_state_of_another_site_leads_nowhere(visitor):
    make_client("shop", public=True, redirect_uris=f"{OTHER}/.authproject/callback", skip_authorization=True)
    elsewhere = Visitor(site=OTHER, client_id="shop", at_us=visitor.at_us)
    state = dict(pair.split("=") for pair in elsewhere.way().partition("?")[2].split("&"))["state"]
    own = visitor.way().partition("?")[2].split("&")
    mixed = "&".join(f"state={state}" if one.startswith("state=") else one for one in own)
    assert refused(visitor.asks(f"/.authproject/callback?{mixed}"), "cookies")


def test_an_answer_of_another_issuer_is_refused(visitor):
    """Mix-up (RFC 9207)."""
    back = visitor.way().replace("iss=http%3A%2F%2Ftestserver", "iss=https%3A%2F%2Fevil.example")
    assert refused(visitor.asks(back), "cookies")


@pytest.mark.parametrize("path", [f"//evil.example/{SITE}", "/\\evil.example", "/@evil.example", "/.evil.example"])
def test_nobody_is_sent_to_another_host(path, visitor):
    entered = visitor.enter(path)
    assert entered["Location"] == f"{SITE}{path}"


def test_what_a_site_is_told_cannot_break_out_of_its_header(person, visitor):
    type(person).objects.filter(pk=person.pk).update(given_name="Eve\r\nRemote-Groups: admin", family_name="ü")
    visitor.enter()
    told = visitor.asks()
    assert "\r" not in told["Remote-Name"]
    assert "%0D%0A" in told["Remote-Name"]
    assert told["Remote-Groups"] == ""


def test_headers_of_the_browser_itself_are_not_believed(visitor):
    answer = visitor.asks(Remote_User="admin", Remote_Groups="administrators")
    assert answer.status_code == 302
