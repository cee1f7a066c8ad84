"""Attacks on the device flow: guessed codes, phished people, stolen and replayed device codes (RFC 8628 section 5)."""

import re
import secrets

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser

from accounts.services import people, sessions
from oauth.models import AuthorizationCode, Consent, DeviceAuthorization, RefreshToken
from oauth.services import grants, registration, user_codes
from tests.at_once import at_once
from tests.clients import SECRET, basic, make_client, post_form
from tests.devices import (
    GRANT,
    PAGE,
    Device,
    connected,
    decide,
    make_device_client,
    review_of,
    sign_in,
    type_code,
)
from tests.impersonation import impersonating
from tests.impersonation import impersonation_on as impersonation_on
from tests.impersonation import root as root
from tests.oauth.grants import change
from tests.relying_party import userinfo
from trust.audit.models import AuditEvent
from trust.lib.clock import DatabaseNow
from trust.lib.origin import Origin
from trust.limits.conf import DEVICE_USER_CODE, DEVICE_USER_CODE_BY_ADDRESS

pytestmark = pytest.mark.django_db


@pytest.fixture
def tv(db):
    return make_device_client()


@pytest.fixture
def device(tv):
    began = Device(tv)
    assert began.begin().status_code == 200
    return began


def error_of(answer):
    assert answer.status_code == 400, answer.content
    return answer.json()["error"]


def guess(browser):
    return type_code(browser, user_codes.new_user_code())


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_of_one_person_are_counted_before_they_are_looked_up(person, device):
    browser = sign_in()
    cookies = browser.cookies

    def guess_elsewhere():
        other = Browser(REMOTE_ADDR=f"198.51.100.{secrets.randbelow(250)}")
        other.cookies = cookies
        return guess(other).status_code

    statuses = at_once(30, guess_elsewhere)
    assert statuses.count(200) <= DEVICE_USER_CODE.free + 1
    assert set(statuses) == {200, 429}
    assert type_code(browser, device.codes["user_code"]).status_code == 429


def test_guesses_from_one_address_are_limited_whoever_is_signed_in(make_person, device, early_in_the_minute):
    browsers = [sign_in(make_person(f"p{number}").username) for number in range(4)]
    statuses = [guess(browser).status_code for browser in browsers for _ in range(9)]
    assert statuses.count(200) == DEVICE_USER_CODE_BY_ADDRESS.attempts
    assert statuses[-1] == 429


def test_a_stranger_who_is_not_signed_in_guesses_nothing(device):
    answer = type_code(Browser(), device.codes["user_code"])
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={PAGE}")
    assert device.row.user_id is None


def test_a_wrong_code_says_nothing_of_others(person, device):
    browser = sign_in()
    change(device.row, expires=DatabaseNow())
    over, unknown = type_code(browser, device.codes["user_code"]), guess(browser)
    assert over.status_code == unknown.status_code == 200
    assert over.context["form"].errors == unknown.context["form"].errors


@pytest.mark.parametrize("code", ["", "B", "BBBB-BBB", "BBBB-BBBBB", "\0" * 8, "é" * 8, "ＢＢＢＢＢＢＢＢ", "x" * 5000])
def test_a_hostile_code_is_no_code_and_no_error(person, code):
    assert type_code(sign_in(), code).status_code in {200, 400}


def test_a_phishing_link_decides_nothing(person, device):
    browser = sign_in()
    code = device.codes["user_code"]
    for path in (f"{PAGE}?user_code={code}&decision=allow", f"{PAGE}?user_code={code}", f"{PAGE}?user_code={code}x"):
        page = browser.get(path)
        assert page.status_code == 200
        assert "The Television" not in page.content.decode()
    review = review_of(browser, device)
    assert browser.get(f"{review}&decision=allow").status_code == 200
    assert error_of(device.poll()) == "authorization_pending"


def test_a_link_brings_no_text_of_its_own_onto_the_page(person):
    page = sign_in().get(f"{PAGE}?user_code=%3Cscript%3Ealert(1)%3C/script%3E&review=%3Cb%3E").content.decode()
    assert "<script>alert" not in page
    assert "<b>" not in page


def test_a_decision_of_another_site_is_refused(person, device):
    browser = sign_in(browser=Browser(enforce_csrf_checks=False))
    review = review_of(browser, device)
    browser.handler.enforce_csrf_checks = True
    assert browser.post(review, {"decision": "allow"}).status_code == 403
    assert browser.post(PAGE, {"user_code": device.codes["user_code"]}).status_code == 403
    assert error_of(device.poll()) == "authorization_pending"


def test_a_review_of_one_browser_is_none_of_another(person, make_person, device):
    mallory = sign_in(make_person("mallory").username)
    review = review_of(mallory, device)
    for browser in (sign_in(), sign_in("mallory")):
        page = browser.post(review, {"decision": "allow"})
        assert (page.status_code, "The Television" in page.content.decode()) == (200, False)
    assert error_of(device.poll()) == "authorization_pending"


def test_a_review_ends_with_the_sign_in_at_which_it_began(person, make_person, device):
    browser = sign_in(make_person("mallory").username)
    review = review_of(browser, device)
    browser.post("/accounts/logout/")
    sign_in(browser=browser)
    assert "The Television" not in browser.get(review).content.decode()
    browser.post(review, {"decision": "allow"})
    assert device.row.user_id is None


def test_only_one_of_two_people_decides(person, make_person, device):
    first, second = sign_in(), sign_in(make_person("bob").username)
    reviews = [review_of(browser, device) for browser in (first, second)]
    first.post(reviews[0], {"decision": "allow"})
    page = second.post(reviews[1], {"decision": "deny"}, follow=True).content.decode()
    assert "waits no more" in page
    assert userinfo(device.poll().json()["access_token"]).json()["sub"] == str(person.pk)


@pytest.mark.parametrize(("first", "then", "error"), [("deny", "allow", "access_denied"), ("allow", "deny", None)])
def test_what_was_decided_stays_decided(person, device, first, then, error):
    browser = sign_in()
    review = review_of(browser, device)
    for decision in (first, then):
        browser.post(review, {"decision": decision})
    assert type_code(browser, device.codes["user_code"]).status_code == 200  # no device waits with it
    assert device.poll().json().get("error") == error


def test_an_expired_code_cannot_be_approved_nor_redeemed(person, tv, device):
    browser = sign_in()
    review = review_of(browser, device)
    change(device.row, expires=DatabaseNow())
    assert "waits no more" in browser.post(review, {"decision": "allow"}, follow=True).content.decode()
    assert error_of(device.poll()) == "expired_token"
    late = connected(client=tv)
    change(late.row, expires=DatabaseNow())
    assert error_of(late.poll()) == "expired_token"


def test_a_stolen_device_code_is_worth_nothing_to_another_client(person, tv):
    device = connected(client=tv)
    thieves = [make_device_client("thief"), make_device_client("box", public=False)]
    for thief in thieves:
        named = {"grant_type": GRANT, "device_code": device.codes["device_code"], "client_id": thief.client_id}
        proof = {} if thief.client_type == "public" else {"authorization": basic("box", SECRET)}
        assert error_of(post_form("/oauth/token", named, **proof)) == "invalid_grant"
    assert device.poll().status_code == 200


def test_neither_code_passes_for_the_other_or_for_an_authorization_code(person, device):
    answer = post_form(
        "/oauth/token", {"client_id": "tv", "grant_type": GRANT, "device_code": device.codes["user_code"]}
    )
    assert error_of(answer) == "invalid_grant"
    assert type_code(sign_in(), device.codes["device_code"]).status_code == 200
    assert not AuthorizationCode.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_one_gets_tokens(person, tv):
    device = connected(client=tv)
    answers = at_once(20, lambda: device.poll(patient=False))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 19
    assert {answer.json()["error"] for answer in answers if answer.status_code == 400} == {"invalid_grant"}
    assert RefreshToken.objects.count() == 1
    assert AuditEvent.objects.filter(action="grant.issued").count() == 1


def test_a_device_code_is_good_once_and_a_retry_takes_nothing_away(person, tv):
    device = connected(client=tv)
    token = device.poll().json()["access_token"]
    assert error_of(device.poll()) == "invalid_grant"
    assert userinfo(token).status_code == 200


def test_a_flood_of_polls_slows_itself_down_and_writes_no_record(device):
    errors = [error_of(device.poll(patient=False)) for _ in range(8)]
    assert errors == ["authorization_pending"] + ["slow_down"] * 7
    assert device.row.interval == 40
    assert not AuditEvent.objects.filter(action__startswith="device").exists()


def test_a_device_that_asks_too_often_still_gets_its_tokens(person, device):
    decide(sign_in(), device)
    change(device.row, last_polled=DatabaseNow())
    assert device.poll(patient=False).status_code == 200


def test_a_flood_of_device_requests_is_limited_by_address(tv, early_in_the_minute):
    statuses = [Device(tv).begin().status_code for _ in range(62)]
    assert (statuses.count(200), set(statuses)) == (60, {200, 429})


@pytest.mark.parametrize("ends", ["deactivated", "signed_out", "app_revoked", "client_disabled", "groups"])
def test_what_ends_between_approval_and_poll_gives_no_tokens(person, tv, ends):
    device = connected(client=tv)
    session_id = device.row.session_id
    match ends:
        case "deactivated":
            people.deactivate(user=person, actor=None)
        case "signed_out":
            sessions.end(session_id=session_id, reason="ended_by_person", origin=Origin())
        case "app_revoked":
            grants.revoke_app(user_id=person.pk, client_pk=tv.pk, origin=Origin())
        case "client_disabled":
            registration.disable(client_pk=tv.pk)
        case "groups":
            tv.groups.add(Group.objects.create(name="others"))
    error = device.poll().json()["error"]
    assert error == ("invalid_client" if ends == "client_disabled" else "invalid_grant")
    assert not RefreshToken.objects.exists()


@pytest.mark.parametrize("ends", ["deactivated", "app_revoked"])
def test_what_ends_afterwards_ends_the_tokens_that_have_no_refresh_token(person, ends):
    client = make_device_client(grant_types=GRANT)
    token = connected(client=client, scope="openid").poll().json()["access_token"]
    assert userinfo(token).status_code == 200
    if ends == "deactivated":
        people.deactivate(user=person, actor=None)
    else:
        grants.revoke_app(user_id=person.pk, client_pk=client.pk, origin=Origin())
    assert userinfo(token).status_code == 401


def test_a_disabled_client_gets_no_codes_and_no_review(person, tv, device):
    browser = sign_in()
    review = review_of(browser, device)
    registration.disable(client_pk=tv.pk)
    assert Device(tv).begin().json()["error"] == "invalid_client"
    assert "waits no more" in browser.get(review).content.decode()
    assert type_code(browser, device.codes["user_code"]).status_code == 200


def test_a_scope_that_was_taken_from_the_client_is_not_granted(person, tv, device):
    browser = sign_in()
    review = review_of(browser, device)
    change(tv, scopes="openid")
    assert "See your name" not in browser.get(review).content.decode()
    browser.post(review, {"decision": "allow"})
    assert device.row.scope == "openid"


def test_who_may_not_use_the_client_cannot_approve_by_a_form_of_their_own(person, tv, device):
    tv.groups.add(Group.objects.create(name="viewers"))
    browser = sign_in()
    review = review_of(browser, device)
    assert browser.post(review, {"decision": "allow"}).status_code == 403
    assert error_of(device.poll()) == "authorization_pending"


@pytest.mark.parametrize(
    ("wishes", "path"), [({"default_max_age": 0}, "/accounts/reauthenticate/"), ({"default_acr_values": "aal2"}, None)]
)
def test_a_client_that_wants_a_recent_or_stronger_sign_in_gets_it(person, totp, wishes, path):
    client = make_device_client(**wishes)
    device = Device(client)
    device.begin()
    browser = Browser()
    browser.post("/accounts/login/", {"login": "alice", "password": "correct horse battery staple"})
    browser.post("/accounts/2fa/authenticate/", {"code": totp.now()})
    if path is None:  # as if the second factor had not been asked for
        from accounts.models import Session

        change(Session.objects.get(), acr="aal1", amr="pwd")
    review = review_of(browser, device)
    answer = browser.post(review, {"decision": "allow"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(path or "/accounts/")
    assert "next=%2Foauth%2Fdevice%3Freview" in answer["Location"]
    assert device.row.user_id is None


def test_consent_that_was_given_before_does_not_spare_the_page(person, tv):
    connected(client=tv)
    assert Consent.objects.get().scope == "openid profile offline_access"
    again = Device(tv)
    again.begin()
    page = sign_in().post(PAGE, {"user_code": again.codes["user_code"]}, follow=True).content.decode()
    assert "Connect The Television on a device?" in page
    assert error_of(again.poll()) == "authorization_pending"


def test_a_client_that_skips_consent_does_not_skip_this_one(person):
    device = Device(make_device_client(skip_authorization=True))
    device.begin()
    browser = sign_in()
    assert browser.get(review_of(browser, device)).status_code == 200
    assert error_of(device.poll()) == "authorization_pending"


def test_who_sees_the_site_as_somebody_else_connects_no_device(person, device, root, impersonation_on):
    browser = Browser()
    impersonating(root, person, browser)
    for answer in (browser.get(PAGE), type_code(browser, device.codes["user_code"])):
        assert answer.status_code == 403
    assert device.row.user_id is None


def test_no_code_is_kept_told_or_recorded(person, tv, caplog):
    device = connected(client=tv)
    device.poll()
    row = DeviceAuthorization.objects.values().get()
    written = f"{row} {list(AuditEvent.objects.values())} {caplog.text}"
    for code in (device.codes["device_code"], device.codes["user_code"], device.codes["user_code"].replace("-", "")):
        assert code not in written
    assert re.fullmatch(r"[0-9a-f]{64}", row["user_code"])


def test_a_client_cannot_register_itself_for_it(db, settings):
    settings.DCR = "open"
    metadata = {"client_name": "Phisher", "grant_types": [GRANT], "redirect_uris": ["https://evil.example/"]}
    answer = Browser().post("/oauth/register", metadata, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")
    assert make_client("other").grant_types
