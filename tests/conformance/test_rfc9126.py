"""RFC 9126: any client may push its authorization requests, as it authenticates elsewhere, and a public one too."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client as Browser

from oauth.models import StoredRequest
from oauth.services import housekeeping, pushed_requests
from tests.clients import SECRET, Application, answer_of, basic, post_form
from tests.explained import last_explained
from tests.fapi2 import AUTHORIZE, PAR
from tests.request_objects import claims_of, object_of, signing_client
from trust.explain.vocabulary import Found
from trust.lib import clock
from trust.limits.conf import CLIENT_SECRET, RatePolicy

pytestmark = pytest.mark.django_db
SPA = "https://spa.example"


def push(application, *, by="header", **changed):
    form = application.parameters(**changed)
    if application.is_public:
        return post_form(PAR, form)
    if by == "header":
        return post_form(PAR, form, authorization=basic(application.client.client_id, application.secret))
    return post_form(PAR, form | {"client_secret": application.secret})


def bring(application, answer):
    assert answer.status_code == 201, answer.content
    query = urlencode({"client_id": application.client.client_id, "request_uri": answer.json()["request_uri"]})
    return application.browser.post(f"{AUTHORIZE}?{query}", {"decision": "allow"})


def error(answer):
    return (answer.status_code, answer.json()["error"])


@pytest.mark.spec("RFC 9126", "2.1")
@pytest.mark.parametrize("by", ["header", "body"])
def test_a_client_with_a_secret_pushes(application, by):
    answer = answer_of(bring(application, push(application, by=by)))
    assert answer["state"] == "the state"
    assert application.exchange(answer["code"]).status_code == 200


@pytest.mark.spec("RFC 9126", "2.1")
def test_a_public_client_pushes_by_its_name(public_application):
    answer = answer_of(bring(public_application, push(public_application)))
    assert public_application.exchange(answer["code"]).status_code == 200


@pytest.mark.spec("RFC 9126", "2.1")
@pytest.mark.parametrize("slash", ["", "/"])
def test_the_endpoint_answers_with_and_without_a_slash(application, slash):
    form = application.parameters() | {"client_secret": SECRET}
    assert post_form(PAR + slash, form).status_code == 201


@pytest.mark.spec("RFC 9126", "2.3")
def test_a_wrong_secret_pushes_nothing_and_is_counted(application):
    application.secret = "another secret, as long as the right one is"
    for _time in range(CLIENT_SECRET.attempts):
        assert error(push(application)) == (401, "invalid_client")
    answer = push(application)
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (429, True)
    assert not StoredRequest.objects.exists()


@pytest.mark.spec("RFC 9126", "2.3")
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"client_id": "app"}', "application/json"),
        (b"client_id=%zz&client_secret=%00", "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"", "application/x-www-form-urlencoded"),
        (b"client_id=app&" + b"&".join(b"a%d=1" % n for n in range(80)), "application/x-www-form-urlencoded"),
    ],
)
def test_what_cannot_be_read_is_refused_and_no_error_of_ours(app, body, kind):
    answer = Browser().post(PAR, body, content_type=kind)
    assert answer.status_code in {400, 401}
    assert answer.json()["error"] in {"invalid_request", "invalid_client"}


@pytest.mark.spec("RFC 9126", "2.3")
def test_a_refusal_names_where_it_is_explained(application):
    answer = push(application, redirect_uri="https://evil.example/")
    assert error(answer) == (400, "invalid_request")
    assert "/oauth/errors/" in answer.json()["error_uri"]
    explained = last_explained()
    assert (explained.finding, explained.client_id) == (Found.REDIRECT_URI_DIFFERS, "app")
    assert explained.step == "rfc6749_authorization_request.choose_redirect_uri"


@pytest.mark.spec("RFC 9126", "3")
def test_a_request_object_is_pushed_as_it_is_brought(person):
    application = Application(signing_client())
    application.sign_in()
    form = {"client_id": "app", "client_secret": SECRET, "request": object_of(application)}
    assert answer_of(bring(application, post_form(PAR, form)))["state"] == "the state"


@pytest.mark.spec("RFC 9101", "4")
def test_several_resources_of_an_object_are_all_asked_for(person):
    application = Application(signing_client())
    named = claims_of(application, resource=["https://one.example", "https://two.example"])
    form = {"client_id": "app", "client_secret": SECRET, "request": object_of(application, **named)}
    assert error(post_form(PAR, form)) == (400, "invalid_target")  # the first is looked for, and is not known
    assert last_explained().came == "https://one.example"


@pytest.mark.spec("RFC 9126", "6")
def test_a_client_that_need_not_push_may_still_send_its_browser(application):
    assert "code" in answer_of(application.decide())


@pytest.mark.spec("Fetch", "3.3.2")
def test_scripts_of_registered_origins_may_push(spa):
    form = Application(spa).parameters()
    answer = post_form(PAR, form, origin=SPA)
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (201, SPA)
    assert "DPoP-Nonce" in answer["Access-Control-Expose-Headers"]
    asked = {"origin": SPA, "access-control-request-method": "POST", "access-control-request-headers": "dpop"}
    allowed = Browser().options(PAR, headers=asked)
    assert (allowed.status_code, allowed["Access-Control-Allow-Origin"]) == (204, SPA)
    stranger = post_form(PAR, form, origin="https://evil.example")
    assert "Access-Control-Allow-Origin" not in stranger


@pytest.mark.spec("RFC 9126", "7.1")
def test_one_address_pushes_only_so_much_in_the_name_of_public_clients(spa, monkeypatch):
    monkeypatch.setattr("oauth.views.pushed_authorization_request.PUSHED_REQUEST_BY_ADDRESS", _policy(2))
    statuses = [push(Application(spa)).status_code for _ in range(3)]
    assert statuses == [201, 201, 429]
    assert last_explained().finding == Found.LIMITED


@pytest.mark.spec("RFC 9126", "7.1")
def test_one_client_pushes_only_so_much_wherever_it_is(application, spa, monkeypatch):
    monkeypatch.setattr("oauth.views.pushed_authorization_request.PUSHED_REQUEST_BY_CLIENT", _policy(2))
    statuses = [push(application).status_code for _ in range(3)]
    assert statuses == [201, 201, 429]
    assert push(Application(spa)).status_code == 201


def test_strangers_do_not_fill_the_table_in_the_name_of_a_public_client(spa, app, monkeypatch):
    monkeypatch.setattr(pushed_requests, "MOST_STORED_REQUESTS", 2)
    assert [push(Application(spa)).status_code for _ in range(3)] == [201, 201, 503]
    assert [push(Application(app)).status_code for _ in range(3)] == [201, 201, 201]


def test_what_is_over_is_cleared(application):
    push(application)
    assert housekeeping.clear(now=clock.now())["stored_requests"] == 0
    assert housekeeping.clear(now=clock.now() + timedelta(minutes=2))["stored_requests"] == 1


def _policy(attempts):
    return RatePolicy(f"test-{attempts}", attempts=attempts, window=3600)
