"""The page of one's data: ask, wait, download."""

import json

import pytest
from django.test import Client

from accounts.models import DataExport, User
from tests.job_queue import run_queue
from tests.recently_proved import recently_proved

pytestmark = pytest.mark.django_db
URL = "/accounts/data/"


@pytest.fixture
def browser(person: User) -> Client:
    return recently_proved(person)


def test_a_copy_is_asked_for_and_downloaded(browser: Client, person: User) -> None:
    assert browser.get(URL).context["exports"] == []
    assert browser.post(URL)["Location"] == URL
    assert browser.get(URL).context["is_waiting"]
    run_queue("default")
    (export,) = browser.get(URL).context["exports"]
    answer = browser.get(f"{URL}{export.pk}/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"].startswith('attachment; filename="my-data-')
    assert json.loads(answer.content)["account"]["id"] == str(person.pk)


def test_a_second_one_is_refused_in_words(browser: Client) -> None:
    browser.post(URL)
    page = browser.post(URL, follow=True).content.decode()
    assert "There were enough copies for now" in page
    assert DataExport.objects.count() == 1


def test_what_is_not_ready_is_not_there(browser: Client) -> None:
    browser.post(URL)
    assert browser.get(f"{URL}{DataExport.objects.get().pk}/").status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(browser: Client, method: str) -> None:
    assert getattr(browser, method)(URL).status_code == 405
