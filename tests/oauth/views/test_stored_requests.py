"""Authorization by POST: what is too long for a URL is kept for a while, and strangers cannot fill the table."""

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from oauth.models import StoredRequest
from oauth.services import stored_requests
from tests.clients import Application, answer_of, make_client
from tests.clients import app as app
from tests.explained import last_explained
from tests.people import PASSWORD
from trust.explain.vocabulary import Found
from trust.lib import clock
from trust.limits.conf import STORED_REQUEST_BY_ADDRESS

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
LONG = {f"x_{number}": "x" * 4000 for number in range(5)}


@pytest.fixture
def application(person, app):
    made = Application(app)
    made.sign_in()
    return made


def send(application, **changed):
    return application.browser.post("/oauth/authorize", urlencode(application.parameters(**changed)), content_type=FORM)


def test_a_short_request_is_the_same_request_by_get(application):
    answer = send(application)
    assert (answer.status_code, StoredRequest.objects.count()) == (303, 0)
    assert answer["Location"] == f"/oauth/authorize?{urlencode(application.parameters())}"


def test_a_long_one_goes_all_the_way_by_a_reference_that_says_nothing(person, app):
    application = Application(app)
    reference = send(application, **LONG)["Location"]
    assert set(parse_qs(urlsplit(reference).query)) == {"client_id", "request_uri"}
    page = application.browser.get(reference)["Location"]
    signed_in = application.browser.post(page, {"login": "alice", "password": PASSWORD})
    assert signed_in["Location"] == reference
    assert application.browser.get(reference).status_code == 200
    answer = answer_of(application.browser.post(reference, {"decision": "allow"}))
    assert answer["state"] == "the state"
    assert application.exchange(answer["code"]).status_code == 200


def test_one_that_is_too_old_is_a_page_that_says_so(application):
    reference = send(application, **LONG)["Location"]
    StoredRequest.objects.update(expires=clock.now() - timedelta(seconds=1))
    page = application.browser.get(reference)
    assert (page.status_code, "Location" in page) == (400, False)
    said = "The App sent you here too long ago, or that was answered already. Start again from there."
    assert said in page.content.decode()


def test_the_reference_of_another_client_is_refused_on_a_page(application):
    reference = send(application, **LONG)["Location"]
    make_client("other", redirect_uris="https://other.example/callback")
    page = application.browser.get(reference.replace("client_id=app", "client_id=other"))
    assert (page.status_code, "Location" in page) == (400, False)


@pytest.mark.parametrize("reference", ["", "x", "../..", "%00", "é", "x" * 3000])
def test_a_reference_that_was_never_given_is_a_page(application, reference):
    query = f"client_id=app&request_uri={stored_requests.REFERENCE}{reference}"
    assert application.browser.get(f"/oauth/authorize?{query}").status_code == 400


def test_what_is_added_to_a_reference_does_not_count(application):
    reference = send(application, prompt="consent", **LONG)["Location"]
    page = application.browser.get(f"{reference}&prompt=none&redirect_uri=https://evil.example/&scope=email")
    assert page.status_code in {200, 303, 400}
    assert "evil.example" not in page.get("Location", "")


def test_one_address_leaves_only_so_many(app, settings):
    settings.RATE_LIMITS = True
    application = Application(app)
    statuses = [send(application, **LONG).status_code for _ in range(STORED_REQUEST_BY_ADDRESS.attempts + 1)]
    assert (set(statuses[:-1]), statuses[-1]) == ({303}, 429)
    assert (last_explained().finding, last_explained().client_id) == (Found.LIMITED, "app")
    assert StoredRequest.objects.count() == STORED_REQUEST_BY_ADDRESS.attempts
    assert send(application).status_code == 303  # a short one leaves nothing


def test_all_of_them_together_are_bounded(app, monkeypatch):
    monkeypatch.setattr(stored_requests, "MOST_STORED_REQUESTS", 2)
    application = Application(app)
    answers = [send(application, **LONG) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 503]
    assert int(answers[2]["Retry-After"]) > 0
    StoredRequest.objects.update(expires=clock.now() - timedelta(seconds=1))
    assert send(application, **LONG).status_code == 303


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "application/json", "", "x/y"])
@pytest.mark.parametrize(
    "body", ["client_id=app\r\nLocation: https://evil.example/", "--x\r\n\r\n--x--", "{}", "é" * 3000]
)
def test_a_body_that_is_no_form_says_nothing(application, kind, body):
    answer = application.browser.post("/oauth/authorize", body.encode(), content_type=kind)
    if answer.status_code == 303:
        assert answer["Location"] == "/oauth/authorize?"
    else:
        assert answer.status_code == 400


@pytest.mark.parametrize("body", ["a=b\r\nLocation: x", "client_id=ap\r\np", "%C3%A9=%0D%0A", "=&=&&=", "x" * 5000])
def test_a_strange_form_is_no_error_of_ours(application, body):
    answer = application.browser.post("/oauth/authorize", body, content_type=FORM)
    assert answer.status_code == 303
    assert "\n" not in answer["Location"]
    assert application.browser.get(answer["Location"]).status_code == 400
