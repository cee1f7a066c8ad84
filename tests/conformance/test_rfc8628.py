"""RFC 8628: a device without a browser gets tokens, once its person allowed it elsewhere."""

import re
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser

from oauth.models import DeviceAuthorization
from tests.clients import SECRET, make_client, post_form
from tests.devices import GRANT, PAGE, Device, decide, make_device_client, review_of, sign_in, type_code
from tests.oauth.grants import change

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
    assert (answer.status_code, answer["Cache-Control"]) == (400, "no-store")
    return answer.json()["error"]


@pytest.mark.spec("RFC 8628", "3.1")
def test_a_device_asks_with_its_client_id_and_a_scope(tv):
    answer = Device(tv).begin(scope="openid")
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200,
        "application/json",
        "no-store",
    )
    assert DeviceAuthorization.objects.get().scope == "openid"


@pytest.mark.spec("RFC 8628", "3.1")
def test_a_confidential_client_authenticates_as_at_the_token_endpoint(db):
    client = make_device_client("box", public=False)
    assert Device(client).begin().status_code == 200
    refused = post_form("/oauth/device-authorization", {"client_id": "box", "client_secret": f"{SECRET}!"})
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


@pytest.mark.spec("RFC 8628", "3.1")
def test_parameters_come_once_and_as_a_form(tv):
    twice = post_form("/oauth/device-authorization", {"client_id": "tv", "scope": ["openid", "profile"]})
    assert error_of(twice) == "invalid_request"
    assert Browser().post("/oauth/device-authorization", "{}", content_type="application/json").status_code == 400
    assert Browser().get("/oauth/device-authorization").status_code == 405


@pytest.mark.spec("RFC 8628", "3.2")
def test_the_answer_has_both_codes_and_where_to_type_one(device):
    assert set(device.codes) == {
        *("device_code", "user_code", "verification_uri", "verification_uri_complete", "expires_in", "interval")
    }
    assert device.codes["verification_uri"] == "http://testserver/oauth/device"
    assert (device.codes["expires_in"], device.codes["interval"]) == (600, 5)
    assert len(device.codes["device_code"]) == 43


@pytest.mark.spec("RFC 8628", "6.1")
def test_a_user_code_has_eight_consonants_in_two_groups(device):
    assert re.fullmatch(r"[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}", device.codes["user_code"])


@pytest.mark.spec("RFC 8628", "6.1")
@pytest.mark.parametrize(
    "change_of", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code[:2]}.{code[2:]}"]
)
def test_a_code_is_found_in_whatever_case_and_punctuation_it_is_typed(person, device, change_of):
    answer = type_code(sign_in(), change_of(device.codes["user_code"]))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/oauth/device?review=")


@pytest.mark.spec("RFC 8628", "3.3")
def test_the_page_wants_a_person_who_is_signed_in_and_leads_back(person, device):
    browser, path = Browser(), f"{PAGE}?user_code={device.codes['user_code']}"
    to_sign_in = browser.get(path)
    assert urlsplit(to_sign_in["Location"]).path == "/accounts/login/"
    answer = browser.post(to_sign_in["Location"], {"login": "alice", "password": "correct horse battery staple"})
    assert answer["Location"] == path


@pytest.mark.spec("RFC 8628", "3.3.1")
def test_the_complete_address_brings_the_code_to_be_compared_and_decides_nothing(person, device):
    browser = sign_in()
    page = browser.get(urlsplit(device.codes["verification_uri_complete"])._replace(scheme="", netloc="").geturl())
    assert f'value="{device.codes["user_code"]}"' in page.content.decode()
    assert page.context["is_typed"] is True
    assert device.row.user_id is None


@pytest.mark.spec("RFC 8628", "3.3")
def test_the_person_reads_who_asks_for_what_and_where_the_device_is(person, device):
    browser = sign_in()
    page = browser.get(review_of(browser, device)).content.decode()
    for said in ("The Television", "See your name", device.codes["user_code"], "127.0.0.1", "Signed in as"):
        assert said in page


@pytest.mark.spec("RFC 8628", "3.1")
def test_a_client_that_is_not_registered_for_it_is_refused_at_both_endpoints(db):
    device = Device(make_client("app", public=True))
    assert error_of(device.begin()) == "unauthorized_client"
    answer = post_form("/oauth/token", {"client_id": "app", "grant_type": GRANT, "device_code": "any"})
    assert error_of(answer) == "unauthorized_client"


@pytest.mark.spec("RFC 8628", "3.1")
def test_a_scope_that_the_client_may_not_have_is_refused(tv):
    assert error_of(Device(tv).begin(scope="openid admin")) == "invalid_scope"


@pytest.mark.spec("RFC 8628", "4")
def test_the_metadata_names_the_endpoint_and_the_grant(db):
    for path in ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"):
        said = Browser().get(path).json()
        assert said["device_authorization_endpoint"] == "http://testserver/oauth/device-authorization"
        assert GRANT in said["grant_types_supported"]


def test_a_group_of_the_client_is_asked_for_when_its_person_comes(person, tv, device):
    tv.groups.add(Group.objects.create(name="viewers"))
    browser = sign_in()
    page = browser.get(review_of(browser, device))
    assert (page.status_code, "is not open to you" in page.content.decode()) == (403, True)


def test_what_was_unticked_is_not_granted(person, tv, device):
    browser = sign_in()
    shown = {"scopes_shown": ["openid", "profile", "offline_access"], "scope": ["openid"]}
    assert decide(browser, device, **shown).status_code == 302
    assert device.poll().json()["scope"] == "openid"


def test_a_resource_that_was_asked_for_is_what_the_token_is_for(person):
    answer = Device(make_device_client()).begin(resource="https://api.example")
    assert error_of(answer) == "invalid_target"


@pytest.mark.parametrize(
    ("address", "is_elsewhere"),
    [("127.0.0.1", False), ("198.51.100.7", True), ("2001:db8::1", False), ("", False)],  # IPv6 cannot be compared
)
def test_a_device_in_another_network_is_pointed_out(person, device, address, is_elsewhere):
    change(device.row, client_address=address)
    browser = sign_in()
    page = browser.get(review_of(browser, device)).content.decode()
    assert ("Not in the network that you are in now" in page) is is_elsewhere


def test_a_trailing_slash_is_the_same_endpoint(tv):
    assert post_form("/oauth/device-authorization/", {"client_id": "tv"}).status_code == 200
