"""Impersonation by an administrator: nobody gets by it what they had not, and nothing is done in the person's name."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

import pytest
from django.conf import settings as of_the_site
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from accounts.models import Session, User
from accounts.services import administration, people, sessions, staff_groups
from accounts.services.staff_groups import STAFF_GROUPS
from tests.impersonation import ask, impersonating, impersonation_on, root, the_impersonation
from tests.people import PASSWORD, MakePerson
from tests.staff import sign_in_strongly
from trust.audit.models import AuditEvent
from trust.lib import clock
from trust.lib.browser_store import SessionStore
from trust.lib.origin import Origin

__all__ = ["impersonation_on", "root"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("impersonation_on")]
STOP, OVER = "/accounts/impersonation/stop/", "/accounts/impersonation/over/"
COOKIE = of_the_site.SESSION_COOKIE_NAME


def _cookie_of(browser: Client) -> str:
    return browser.cookies[COOKIE].value


def _with_cookie(value: str) -> Client:
    thief = Client()
    thief.cookies[COOKIE] = value
    return thief


def _is_refused(browser: Client, person: User) -> bool:
    browser.post(ask(person), {"reason": "x"})
    return not Session.objects.filter(impersonator__isnull=False).exists()


# --- Who may, and whom ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", STAFF_GROUPS)
def test_no_group_of_staff_may_unless_it_is_given(make_person: MakePerson, person: User, kind: str) -> None:
    staff_groups.provide()
    member = make_person("member", staff=True)
    member.groups.add(Group.objects.get(name=kind))
    browser = Client()
    sign_in_strongly(browser, member)
    assert browser.get(ask(person)).status_code == browser.post(ask(person), {"reason": "x"}).status_code == 403
    assert _is_refused(browser, person)


def test_the_permission_alone_is_enough_and_needed(make_person: MakePerson, person: User) -> None:
    member = make_person("member", staff=True)
    member.user_permissions.set(Permission.objects.filter(codename__in=("view_user", "impersonate_user")))
    impersonating(member, person)
    assert the_impersonation(person).impersonator == member


def test_staff_superusers_oneself_and_who_is_shut_out_are_seen_by_nobody(root: User, make_person: MakePerson) -> None:
    browser = Client()
    sign_in_strongly(browser, root)
    clerk, other = make_person("clerk", staff=True), make_person("other", staff=True, superuser=True)
    lifted, gone = make_person("lifted"), make_person("gone")
    User.objects.filter(pk=lifted.pk).update(is_superuser=True)
    people.deactivate(user=gone, actor=root)
    assert all(_is_refused(browser, user) for user in (clerk, other, lifted, gone, root))


def test_a_password_alone_begins_nothing(root: User, person: User) -> None:
    browser = Client()
    browser.force_login(root)
    assert browser.post(ask(person), {"reason": "x"})["Location"].startswith("/admin/login/")
    assert _is_refused(browser, person)


def test_an_old_proof_begins_nothing_and_is_asked_for_anew(root: User, person: User) -> None:
    browser = Client()
    session = sign_in_strongly(browser, root)
    Session.objects.filter(pk=session.pk).update(auth_time=clock.now() - timedelta(minutes=6))
    for answer in (browser.get(ask(person)), browser.post(ask(person), {"reason": "x"})):
        assert answer["Location"].startswith("/accounts/reauthenticate/?next=%2Fadmin%2Faccounts%2Fuser%2F")
    assert _is_refused(browser, person)


def test_another_site_begins_and_stops_nothing(root: User, person: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    sign_in_strongly(browser, root)
    assert browser.post(ask(person), {"reason": "x"}).status_code == 403
    assert not Session.objects.filter(impersonator__isnull=False).exists()
    plain = impersonating(root, person)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = plain.cookies
    assert strict.post(STOP).status_code == strict.post("/accounts/logout/").status_code == 403
    assert strict.get(STOP).status_code in {403, 405}
    assert the_impersonation(person).ended_at is None


# --- What may be done ----------------------------------------------------------------------------------------------


def _names(patterns: Any, before: str = "") -> Any:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _names(pattern.url_patterns, before + space)
        else:
            yield f"{before}{pattern.name}" if pattern.name else str(pattern.pattern)


def test_what_is_open_is_there() -> None:
    there = {*_names(get_resolver().url_patterns)}
    named = of_the_site.SEEN_WHILE_IMPERSONATING | of_the_site.SENT_WHILE_IMPERSONATING | of_the_site.ASKED_BY_PROGRAMS
    assert named - there == set()


def test_no_address_takes_a_form_but_those_that_are_named(root: User, person: User) -> None:
    """Whatever is added to the site is refused until somebody names it."""
    browser = impersonating(root, person)
    before, asked = AuditEvent.objects.count(), 0
    open_to_them = of_the_site.SENT_WHILE_IMPERSONATING | of_the_site.ASKED_BY_PROGRAMS | {"account_logout"}
    for name in sorted({*_names(get_resolver().url_patterns)} - open_to_them):
        with suppress(NoReverseMatch):  # what stands in its path is not known here
            path = reverse(name)
            if not name.startswith("admin:") or name == "admin:accounts_user_add":
                assert browser.post(path).status_code == 403, path
                asked += 1
    for method in ("put", "patch", "delete", "options"):
        assert getattr(browser, method)("/accounts/profile/").status_code == 403
    assert asked > 40
    assert AuditEvent.objects.count() == before
    assert the_impersonation(person).ended_at is None


FORMS: Final = {
    "/accounts/password/change/": {"oldpassword": PASSWORD, "password1": "x" * 20, "password2": "x" * 20},
    "/accounts/email/": {"email": "thief@example.com", "action_add": ""},
    "/accounts/profile/": {"name": "Somebody Else"},
    "/accounts/2fa/totp/activate/": {"code": "123456"},
    "/accounts/2fa/webauthn/add/": {"name": "mine"},
    "/accounts/2fa/recovery-codes/generate/": {},
    "/accounts/delete/": {"confirmation": "alice"},
    "/accounts/data/": {},
    "/accounts/sessions/end-others/": {},
    "/accounts/apps/1/revoke/": {},
    "/accounts/reauthenticate/": {"password": PASSWORD},
    "/accounts/login/": {"login": "alice", "password": PASSWORD},
    "/accounts/tokens/new/": {"name": "mine", "days": "30"},
    "/accounts/3rdparty/": {"account": "1"},
    "/oauth/device": {"user_code": "BCDF-GHJK", "decision": "allow"},
    "/oauth/end-session": {"decision": "sign_out"},
    "/api/account/browser/v1/account/password/change": {},
    "/api/account/browser/v1/auth/session": {},
}


def test_what_is_the_persons_alone_is_refused(root: User, person: User) -> None:
    browser = impersonating(root, person)
    before, kept = AuditEvent.objects.count(), User.objects.values().get(pk=person.pk)
    assert {path: browser.post(path, form).status_code for path, form in FORMS.items()} == dict.fromkeys(FORMS, 403)
    assert AuditEvent.objects.count() == before
    assert User.objects.values().get(pk=person.pk) == kept


SHOWN: Final = (
    *(f"/accounts/2fa/recovery-codes/{page}" for page in ("", "download/", "generate/")),
    *("/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/options/add/", "/accounts/2fa/reauthenticate/"),
    *("/accounts/password/change/", "/accounts/delete/", "/accounts/reauthenticate/", "/accounts/tokens/new/"),
    "/accounts/data/00000000-0000-4000-8000-000000000000/",
    *("/oauth/end-session", "/oauth/device", "/admin/", "/admin/accounts/user/", "/accounts/login/", "/api/docs/"),
    *(f"/api/account/browser/v1/{page}" for page in ("auth/session", "account/authenticators/recovery-codes")),
)


def test_what_is_shown_to_the_person_alone_is_not_shown(root: User, person: User) -> None:
    browser = impersonating(root, person)
    assert {path: browser.get(path).status_code for path in SHOWN} == dict.fromkeys(SHOWN, 403)


def test_there_is_no_other_inside_it(root: User, person: User, make_person: MakePerson) -> None:
    bob, browser = make_person("bob"), impersonating(root, person)
    assert browser.post(ask(bob), {"reason": "x"}).status_code == 403
    assert Session.objects.filter(impersonator__isnull=False).count() == 1


def test_every_event_of_it_is_in_the_name_of_who_acts(root: User, person: User) -> None:
    browser = impersonating(root, person)
    last = AuditEvent.objects.highest_id()
    browser.post("/i18n/setlang/", {"language": "ko"})
    browser.post("/accounts/logout/")
    acted = {(event.action, event.actor) for event in AuditEvent.objects.about(person.pk).behind(last)}
    assert acted == {("impersonation.ended", root.pk)}


def test_a_change_that_a_guard_forgot_would_be_in_their_name(root: User, person: User, settings: Any) -> None:
    settings.SENT_WHILE_IMPERSONATING = {"account_sessions_end_others"}
    Client().force_login(person)
    impersonating(root, person).post("/accounts/sessions/end-others/")
    assert AuditEvent.objects.of_action("session.ended").get().actor == root.pk


# --- Sessions: nothing is mixed, fixed or left over -----------------------------------------------------------------


def test_the_two_sessions_of_a_browser_share_nothing(root: User, person: User) -> None:
    browser = Client()
    sign_in_strongly(browser, root)
    own = browser.session
    own["only_mine"] = "secret"
    own.save()
    before = _cookie_of(browser)
    browser.post(ask(person), {"reason": "x"})
    another = browser.session
    assert "only_mine" not in another
    assert "account_authentication_methods" not in another
    another["only_theirs"] = "secret"
    another.save()
    between = _cookie_of(browser)
    browser.post(STOP)
    assert browser.session["only_mine"] == "secret"
    assert "only_theirs" not in browser.session
    assert len({before, between, _cookie_of(browser)}) == 3


def test_no_cookie_of_before_is_good_afterwards(root: User, person: User) -> None:
    browser = Client()
    sign_in_strongly(browser, root)
    before = _cookie_of(browser)
    browser.post(ask(person), {"reason": "x"})
    between = _cookie_of(browser)
    assert _with_cookie(before).get("/admin/").status_code == 302
    browser.post(STOP)
    assert browser.get("/admin/").status_code == 200
    for stolen in (before, between):
        assert _with_cookie(stolen).get("/admin/").status_code == 302
        assert _with_cookie(stolen).get("/accounts/").status_code == 302
        assert _with_cookie(stolen).post(STOP)["Location"] == "/"


def test_a_key_that_somebody_fixed_is_not_taken_over(root: User, person: User) -> None:
    fixed = SessionStore()
    fixed.create()
    browser = Client()
    browser.cookies[COOKIE] = fixed.session_key
    impersonating(root, person, browser)
    assert _cookie_of(browser) != fixed.session_key
    browser.post(STOP)
    assert _cookie_of(browser) != fixed.session_key
    assert _with_cookie(str(fixed.session_key)).get("/accounts/").status_code == 302


def test_where_the_own_session_lies_cannot_be_said_by_the_browser(root: User, person: User) -> None:
    browser = Client()
    browser.force_login(person)
    answer = browser.post(STOP, {"impersonated_from": "x", "sid": str(the_own(root))})
    assert answer["Location"] == "/"
    assert browser.get("/admin/").status_code == 302


def the_own(root: User) -> Any:
    return sign_in_strongly(Client(), root).pk


def _expired(root: User, person: User) -> None:
    Session.objects.filter(impersonator=root).update(expires_at=clock.now() - timedelta(seconds=1))


def _demoted(root: User, person: User) -> None:
    User.objects.filter(pk=root.pk).update(is_superuser=False)


def _lifted(root: User, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_staff=True)


def _ended_by_staff(root: User, person: User) -> None:
    sessions.end(session_id=the_impersonation(person).pk, reason="administrator")


@pytest.mark.parametrize("happens", [_expired, _demoted, _lifted, _ended_by_staff])
def test_what_is_over_does_nothing_more_as_anybody(
    root: User, person: User, happens: Callable[[User, User], None]
) -> None:
    browser = impersonating(root, person)
    happens(root, person)
    assert browser.post("/i18n/setlang/", {"language": "ko"})["Location"] == OVER
    assert the_impersonation(person).ended_at is not None
    assert "see the site as" not in browser.get(OVER).content.decode().partition("<main")[0]
    assert "Hello, root" in browser.get("/accounts/").content.decode()


def _own_session_ended(root: User, person: User) -> None:
    sessions.end(session_id=the_impersonation(person).impersonated_from, reason="ended_by_person")


def _all_ended(root: User, person: User) -> None:
    sessions.end_all(user=root, reason="administrator")


def _deactivated(root: User, person: User) -> None:
    people.deactivate(user=root, actor=None)


@pytest.mark.parametrize("happens", [_own_session_ended, _all_ended, _deactivated])
def test_it_ends_with_the_administrators_own_session(
    root: User, person: User, happens: Callable[[User, User], None]
) -> None:
    browser = impersonating(root, person)
    happens(root, person)
    assert the_impersonation(person).ended_at is not None
    ended = AuditEvent.objects.of_action("impersonation.ended").get()
    assert (ended.subject, ended.actor) == (person.pk, root.pk)
    assert browser.get("/accounts/")["Location"] == OVER
    assert browser.get("/accounts/").status_code == 302
    assert browser.get("/admin/").status_code == 302


def test_it_ends_with_the_person(root: User, person: User) -> None:
    browser = impersonating(root, person)
    people.deactivate(user=person, actor=None)
    assert browser.get("/accounts/")["Location"] == OVER
    assert browser.get("/admin/").status_code == 200


def test_an_administrator_who_is_erased_leaves_none_behind(root: User, person: User, make_person: MakePerson) -> None:
    browser, other = impersonating(root, person), make_person("other", staff=True, superuser=True)
    administration.delete_person(user=root, actor=other, origin=Origin())
    assert AuditEvent.objects.of_action("impersonation.ended").count() == 1
    assert not Session.objects.filter(user=person).exists()
    assert browser.get("/accounts/").status_code == 302
    assert browser.get("/accounts/").status_code == 302


@pytest.mark.parametrize("path", ["/accounts/logout/", "/admin/logout/"])
def test_signing_out_leaves_neither(root: User, person: User, path: str) -> None:
    browser = impersonating(root, person)
    browser.post(path)
    assert not Session.objects.filter(ended_at=None).exists()
    assert browser.get("/accounts/").status_code == browser.get("/admin/").status_code == 302


def test_a_lost_session_of_ones_own_signs_nobody_in(root: User, person: User) -> None:
    browser = impersonating(root, person)
    SessionStore(browser.session["impersonated_from"]).delete()
    browser.post(STOP)
    assert browser.get("/accounts/").status_code == 302
    assert SESSION_KEY not in browser.session


# --- The JSON API --------------------------------------------------------------------------------------------------


def test_a_sign_in_by_json_is_never_in_anothers_place(root: User, person: User) -> None:
    form = {"username": "root", "password": PASSWORD, "impersonate": "alice", "impersonator": str(root.pk)}
    answer = Client().post("/api/token/", form, content_type="application/json")
    assert answer.status_code == 200
    assert set(Session.objects.values_list("user_id", "impersonator_id")) == {(root.pk, None)}


def test_the_person_sees_and_ends_it_by_json(root: User, person: User) -> None:
    browser = impersonating(root, person)
    form = {"username": "alice", "password": PASSWORD}
    tokens = Client().post("/api/token/", form, content_type="application/json").json()
    bearer = {"authorization": f"Bearer {tokens['access']}"}
    listed = Client().get("/api/sessions/", headers=bearer).json()
    [seen] = [session for session in listed if session["impersonated"]]
    assert Client().delete(f"/api/sessions/{seen['id']}/", headers=bearer).status_code == 204
    assert browser.get("/accounts/")["Location"] == OVER
