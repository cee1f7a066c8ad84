"""The administration's front page: the figures for who may see them, and for nobody else."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser

from accounts.models import User
from tests.authproject.metrics.test_site import _job
from tests.clients import make_client
from tests.people import MakePerson
from tests.staff import sign_in_strongly
from trust.keys.models import SigningKey
from trust.keys.rotation import rotate
from trust.lib import clock
from trust.statistics.models import Count, Key

pytestmark = pytest.mark.django_db
Page = Callable[..., str]


@pytest.fixture
def seen_by(client: Browser, make_person: MakePerson) -> Page:
    """The page as a member of staff sees it who has these permissions."""

    def seen(*codenames: str, address: str = "/admin/") -> str:
        staff = make_person("eve", staff=True)
        staff.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        sign_in_strongly(client, staff)
        answer = client.get(address)
        assert answer.status_code == 200
        return answer.content.decode()

    return seen


def _many() -> None:
    now = clock.now()
    Count.objects.add(
        {
            Key("sign_ins", "password.success"): 1234,
            Key("sign_ins", "password.failure"): 56,
            Key("sign_ins", "passkey.success"): 7,
            Key("people", "signed_up"): 3,
            Key("tokens", "refresh_token"): 9,
            Key("clients", "first-party"): 4,
            Key("clients", "wiki"): 5,
            Key("limits", "sign-in"): 2,
            Key("refused", "token"): 8,
        },
        at=now,
    )
    Count.objects.raise_to({Key("sessions"): 42, Key("jobs", "mail"): 1, Key("given_up", "jobs"): 3}, at=now)


def _words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_who_may_see_them_sees_the_figures(seen_by: Page) -> None:
    _many()
    words = _words(seen_by("view_count"))
    for told in ("1,241 succeeded", "56 refused", "42 sessions now", "3 signed up", "9 token responses", "3 given up"):
        assert told in words
    assert "Guesses at a password" in words
    assert "This site (sign-in by JSON)" in words


@pytest.mark.parametrize("permissions", [(), ("view_user", "view_client", "view_auditevent", "view_signingkey")])
def test_other_staff_see_the_plain_page_and_nothing_is_read_for_them(
    seen_by: Page, permissions: tuple[str, ...], monkeypatch: Any
) -> None:
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("read for somebody who may not see it")

    monkeypatch.setattr("authproject.dashboard.figures.load", never)
    page = seen_by(*permissions)
    assert "figures" not in page
    assert "/static/css/dashboard.css" not in page
    assert "Recent actions" in page


def test_an_administrator_sees_them_above_what_there_is_to_administer(client: Browser, make_person: MakePerson) -> None:
    sign_in_strongly(client, make_person("root", staff=True, superuser=True))
    page = client.get("/admin/").content.decode()
    assert page.index('id="figures"') < page.index('id="content-main"') < page.index('id="content-related"')


def test_people_and_strangers_see_nothing(client: Browser, person: User) -> None:
    person.user_permissions.set(Permission.objects.filter(codename="view_count"))
    assert client.get("/admin/?period=hour").status_code == 302
    client.force_login(person)
    answer = client.get("/admin/?period=hour", follow=True)
    assert answer.status_code == 403
    assert b"figures" not in answer.content


@pytest.mark.parametrize("period", ["hour", "day", "month"])
def test_the_period_is_chosen_in_the_address(seen_by: Page, period: str) -> None:
    page = seen_by("view_count", address=f"/admin/?period={period}")
    (current,) = re.findall(r'<a href="\?period=(\w+)" aria-current="true">', page)
    assert current == period


@pytest.mark.parametrize("query", ["period=<script>", "period=&period=x", "period=" + "9" * 3000, "x=1"])
def test_every_other_word_is_a_day(seen_by: Page, query: str) -> None:
    page = seen_by("view_count", address=f"/admin/?{query}")
    assert 'href="?period=day" aria-current="true"' in page
    assert "<script>" not in page


def test_a_new_installation_says_so_and_makes_nothing_up(seen_by: Page) -> None:
    page = seen_by("view_count")
    words = _words(page)
    assert "Nothing was counted in this time yet." in words
    assert "Nobody signed in yet." in words
    assert "0 succeeded" in words
    assert "– sessions now" in words
    assert 'class="chart"' not in page


def test_each_drawing_has_a_name_and_is_a_table_too(seen_by: Page) -> None:
    _many()
    page = seen_by("view_count")
    drawings = re.findall(r'<svg class="chart-plot".*?aria-labelledby="([\w-]+)"', page)
    assert len(drawings) == 6
    assert len(drawings) == len(set(drawings)) == page.count('<details class="chart-table">')
    assert all(f'<title id="{name}">' in page for name in drawings)
    tables = re.findall(r'<details class="chart-table">.*?</details>', page, re.DOTALL)
    assert {table.count('<th scope="row">') for table in tables} == {24}
    assert len(re.findall(r"<td>1,241</td>", page)) == 1


def test_nothing_in_it_needs_more_than_the_policy_lets(seen_by: Page) -> None:
    _many()
    figures = seen_by("view_count").partition('id="figures"')[2].partition('id="content-main"')[0]
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", figures)


def test_a_clients_name_is_text(seen_by: Page) -> None:
    make_client("wiki", name="<script>alert(1)</script>")
    _many()
    page = seen_by("view_count")
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_what_may_be_looked_at_closer_is_linked(seen_by: Page) -> None:
    wiki = make_client("wiki", name="Wiki")
    _many()
    assert f"/admin/oauth/client/{wiki.pk}/change/" in seen_by("view_count", "view_client", "view_signingkey")


def test_what_may_not_is_not(seen_by: Page) -> None:
    wiki = make_client("wiki", name="Wiki")
    _many()
    page = seen_by("view_count")
    assert "Wiki" in page
    assert f"/admin/oauth/client/{wiki.pk}/" not in page
    assert "/admin/keys/signingkey/" not in page


def test_a_deleted_client_goes_by_its_id(seen_by: Page) -> None:
    _many()
    assert "wiki" in _words(seen_by("view_count"))


def test_tells_the_age_and_the_state_of_each_key(seen_by: Page) -> None:
    rotate(now=clock.now())
    page = seen_by("view_count")
    words = _words(page)
    assert words.count("announced") > words.count("ES256") - 1 > 0
    assert "1 day" in words
    assert not any(key.sealed_private in page for key in SigningKey.objects.all())


def test_says_where_nobody_works_off_the_queue(seen_by: Page) -> None:
    _job(enqueued_at=clock.now() - timedelta(minutes=9))
    words = _words(seen_by("view_count"))
    assert "1 mail waits" in words
    assert "A job has been due for 9 minutes. Does the worker run?" in words


def test_is_read_by_as_many_queries_whatever_there_is(
    client: Browser, make_person: MakePerson, django_assert_max_num_queries: Any
) -> None:
    sign_in_strongly(client, make_person("root", staff=True, superuser=True))
    client.get("/admin/")
    _many()
    Count.objects.add({Key("clients", f"client-{number}"): 1 for number in range(300)}, at=clock.now())
    with django_assert_max_num_queries(10):
        assert client.get("/admin/?period=hour").status_code == 200
