"""The pages of personal access tokens."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client as Browser

from accounts.models import User
from oauth.models import PersonalAccessToken, Resource
from oauth.scope_description import BUILT_IN_SCOPES
from oauth.services import personal_access_tokens, scope_registration, scopes
from tests.bearer import authorization
from tests.notices import subjects
from tests.oauth.grants import change
from tests.personal_tokens import NEW, fill_in, only_token, scope_for_everybody, shown_in, token_of
from tests.recently_proved import let_the_proof_grow_old, recently_proved
from trust.lib import clock

pytestmark = pytest.mark.django_db

LIST = "/accounts/tokens/"


@pytest.fixture
def browser(person: User) -> Browser:
    return recently_proved(person)


def test_a_token_that_is_made_is_shown_and_opens_what_it_may(browser: Browser, person: User) -> None:
    answer = fill_in(browser)
    value = shown_in(answer)
    assert "no-store" in answer["Cache-Control"]
    told = Browser().get("/api/user_info/", headers=authorization(value))
    assert (told.status_code, told.json()["sub"]) == (200, str(person.pk))
    assert only_token().expires_at - clock.now() == pytest.approx(timedelta(days=30), abs=timedelta(minutes=1))


def test_its_value_is_shown_once(browser: Browser) -> None:
    value = shown_in(fill_in(browser))
    page = browser.get(LIST).content.decode()
    assert "backups" in page
    assert value not in page
    assert value[5:] not in page


def test_its_person_is_told_by_mail(browser: Browser, deliver_mail: Callable[[], list[EmailMessage]]) -> None:
    value = shown_in(fill_in(browser, name="nightly <backup>"))
    (mail,) = [sent for sent in deliver_mail() if "token" in sent.subject]
    assert subjects([mail]) == ["A personal access token was made"]
    everything = mail.message().as_string() + str(mail.body)
    assert "nightly <backup>" in str(mail.body)
    assert "/accounts/not-me/" in str(mail.body)
    assert value not in everything


@pytest.mark.parametrize("days", [7, 30, 90, 365])
def test_is_good_for_as_long_as_was_chosen(browser: Browser, days: int) -> None:
    shown_in(fill_in(browser, lifetime=str(days)))
    assert only_token().expires_at - clock.now() == pytest.approx(timedelta(days=days), abs=timedelta(minutes=1))


@pytest.mark.parametrize(
    "changed",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"name": "two\nlines"},
        {"name": "\u202egnippihs"},
        {"lifetime": "366"},
        {"lifetime": "0"},
        {"lifetime": ""},
        {"lifetime": "never"},
        {"scope": []},
        {"scope": ["openid"]},
        {"scope": ["offline_access"]},
        {"scope": ["profile", "orders"]},
        {"scope": ["profile openid"]},
    ],
)
def test_refuses_what_cannot_be(browser: Browser, changed: dict[str, Any]) -> None:
    answer = fill_in(browser, **changed)
    (field,) = changed
    assert list(answer.context["form"].errors) == [field]
    assert not PersonalAccessToken.objects.exists()


def test_what_was_chosen_is_kept_when_something_is_wrong(browser: Browser) -> None:
    page = fill_in(browser, name="", scope=["email"]).content.decode()
    assert 'value="email" checked' in page
    assert 'value="profile" checked' not in page


def test_scopes_stand_under_the_name_of_their_api(browser: Browser) -> None:
    api = Resource.objects.create(identifier="https://notes.example", name_en="Notes")
    api.scopes.add(scope_for_everybody("notes:read", title_en="Read your notes"))
    scopes.memory.forget()
    page = browser.get(NEW).content.decode()
    assert page.index("See your name") < page.index("Notes") < page.index("Read your notes")
    assert 'value="openid"' not in page


def test_nobody_has_more_than_so_many(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal_access_tokens, "MOST_PERSONAL_TOKENS", 1)
    shown_in(fill_in(browser))
    assert fill_in(browser).context["form"].non_field_errors() == ["Nobody may have more than 50."]
    assert PersonalAccessToken.objects.count() == 1


def test_a_proof_of_a_moment_ago_is_wanted(browser: Browser) -> None:
    let_the_proof_grow_old(browser, seconds=3600)
    for answer in (browser.get(NEW), fill_in(browser)):
        assert answer.status_code in {302, 303}
    assert not PersonalAccessToken.objects.exists()
    assert browser.get(LIST).status_code == 200


def test_who_is_not_signed_in_is_asked_to_sign_in() -> None:
    for path in (LIST, NEW):
        assert Browser().get(path)["Location"].startswith("/accounts/login/")


def test_where_nothing_may_be_given_nobody_makes_one(browser: Browser, person: User) -> None:
    _row, value = token_of(person, "profile")
    for scope in BUILT_IN_SCOPES.values():
        scope_registration.put_scope(replace(scope, is_personal=False))
    scopes.memory.forget()
    assert browser.get(NEW)["Location"] == fill_in(browser)["Location"] == LIST
    assert "The operator lets nobody make tokens" in browser.get(LIST).content.decode()
    assert Browser().get("/api/user_info/", headers=authorization(value)).status_code == 403
    assert PersonalAccessToken.objects.count() == 1


def test_a_token_is_ended(browser: Browser, person: User) -> None:
    row, value = token_of(person, "profile")
    kept, _value = token_of(person, "profile")
    assert browser.post(f"{LIST}{row.pk}/end/", follow=True).status_code == 200
    assert only_token().pk == kept.pk
    assert Browser().get("/api/user_info/", headers=authorization(value)).status_code == 401


def test_all_tokens_are_ended(browser: Browser, person: User, make_person: Any) -> None:
    token_of(person, "profile")
    token_of(person, "profile")
    bobs, _value = token_of(make_person("bob"), "profile")
    browser.post(f"{LIST}end-all/")
    assert only_token().pk == bobs.pk


def test_an_expired_one_is_shown_as_such(browser: Browser, person: User) -> None:
    row, _value = token_of(person, "profile")
    assert "expired" not in browser.get(LIST).content.decode()
    change(row, expires_at=clock.now())
    assert "expired" in browser.get(LIST).content.decode()


def test_the_page_says_when_it_was_last_used(browser: Browser, person: User) -> None:
    _row, value = token_of(person, "profile")
    assert "never" in browser.get(LIST).content.decode()
    Browser().get("/api/user_info/", headers=authorization(value))
    assert "never" not in browser.get(LIST).content.decode()
