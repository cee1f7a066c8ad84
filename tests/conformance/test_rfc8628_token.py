"""RFC 8628 sections 3.4 and 3.5: what a device hears that asks for its tokens."""

import pytest

from oauth.models import RefreshToken
from tests.clients import post_form
from tests.devices import GRANT, Device, connected, decide, make_device_client, sign_in
from tests.oauth.grants import change
from tests.relying_party import userinfo, verified
from trust.lib.clock import DatabaseNow

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


@pytest.mark.spec("RFC 8628", "3.4")
@pytest.mark.spec("RFC 8628", "3.5")
def test_a_device_gets_its_tokens_once_its_person_has_allowed_it(person, tv):
    device = connected(client=tv)
    answer = device.poll()
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    tokens = answer.json()
    assert (tokens["token_type"], tokens["scope"]) == ("Bearer", "openid profile offline_access")
    assert userinfo(tokens["access_token"]).json()["sub"] == str(person.pk)
    claims = verified(tokens["id_token"], audience="tv")
    said = verified(tokens["access_token"], audience="http://testserver")
    assert claims["sub"] == str(person.pk)
    assert {"sid", "auth_time", "acr", "amr"} <= claims.keys()
    assert (said["sid"], said["grant"]) == (claims["sid"], str(device.row.grant))


@pytest.mark.spec("RFC 8628", "3.4")
def test_the_refresh_token_is_that_of_a_code(person, tv):
    device = connected(client=tv)
    tokens = device.poll().json()
    again = post_form(
        "/oauth/token", {"client_id": "tv", "grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    )
    assert again.status_code == 200
    assert RefreshToken.objects.get().grant == device.row.grant


@pytest.mark.spec("RFC 8628", "3.4")
def test_a_client_that_does_not_refresh_gets_no_refresh_token(person):
    client = make_device_client(grant_types=GRANT)
    assert "refresh_token" not in connected(client=client).poll().json()


@pytest.mark.spec("RFC 8628", "3.4")
def test_without_openid_there_is_no_id_token(person, tv):
    assert "id_token" not in connected(client=tv, scope="read").poll().json()


@pytest.mark.spec("RFC 8628", "3.5")
def test_a_device_is_told_to_wait_while_nobody_has_decided(device):
    assert error_of(device.poll()) == "authorization_pending"
    assert "error_uri" not in device.poll().json()


@pytest.mark.spec("RFC 8628", "3.5")
def test_who_asks_too_often_is_slowed_down_by_five_seconds_which_stay(device):
    assert error_of(device.poll(patient=False)) == "authorization_pending"
    assert error_of(device.poll(patient=False)) == "slow_down"
    assert device.row.interval == 10
    assert error_of(device.poll()) == "authorization_pending"
    assert device.row.interval == 10
    assert error_of(device.poll(patient=False)) == "slow_down"
    assert device.row.interval == 15


@pytest.mark.spec("RFC 8628", "3.5")
def test_a_device_whose_person_refused_hears_so(person, device):
    assert decide(sign_in(), device, "deny").status_code == 302
    assert [error_of(device.poll()), error_of(device.poll())] == ["access_denied", "access_denied"]


@pytest.mark.spec("RFC 8628", "3.5")
def test_a_device_that_nobody_came_for_hears_that_its_code_expired(device):
    change(device.row, expires=DatabaseNow())
    assert error_of(device.poll()) == "expired_token"


@pytest.mark.spec("RFC 8628", "3.4")
@pytest.mark.parametrize("device_code", ["nonsense", "é", "a" * 4096])
def test_an_unknown_device_code_is_an_invalid_grant(tv, device_code):
    answer = post_form("/oauth/token", {"client_id": "tv", "grant_type": GRANT, "device_code": device_code})
    assert error_of(answer) == "invalid_grant"


@pytest.mark.spec("RFC 8628", "3.4")
def test_a_device_code_is_needed(tv):
    assert error_of(post_form("/oauth/token", {"client_id": "tv", "grant_type": GRANT})) == "invalid_request"
