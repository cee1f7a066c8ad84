"""Device codes that are bound to a key (RFC 9449): nobody else has their tokens, and no code is spent by a wrong key."""

import pytest

from oauth.models import RefreshToken
from tests.clients import post_form
from tests.devices import GRANT, Device, decide, make_device_client, sign_in
from tests.dpop import ISSUER, ProofKey, userinfo

pytestmark = pytest.mark.django_db

OURS = ProofKey(kid="the device's")
THEIRS = ProofKey(kid="a thief's")


def poll(device, key=None):
    form = {"client_id": "tv", "grant_type": GRANT, "device_code": device.codes["device_code"]}
    return post_form("/oauth/token", form, **({"dpop": key.proof()} if key else {}))


def begin(proof_of=None, **more):
    """Return a device that its person allowed; `proof_of` is the key that it proved when it asked."""
    device = Device(make_device_client())
    form = {"client_id": "tv", "scope": "openid offline_access"} | more
    headers = {"dpop": proof_of.proof(url=f"{ISSUER}/oauth/device-authorization")} if proof_of else {}
    answer = post_form("/oauth/device-authorization", form, **headers)
    device.codes = answer.json()
    if answer.status_code == 200:
        decide(sign_in(), device)
    return device


@pytest.mark.parametrize("named", [{"dpop_jkt": OURS.thumbprint}, {}])
def test_a_bound_code_is_had_with_its_key_alone_and_stays_until_then(person, named):
    device = begin(**named) if named else begin(proof_of=OURS)
    for key in (THEIRS, None):
        answer = poll(device, key)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    tokens = poll(device, OURS).json()
    assert tokens["token_type"] == "DPoP"
    assert userinfo(tokens["access_token"], OURS).status_code == 200
    assert userinfo(tokens["access_token"], THEIRS).status_code == 401
    assert RefreshToken.objects.get().dpop_jkt == OURS.thumbprint


def test_the_key_that_asks_for_the_tokens_binds_them_too(person):
    assert poll(begin(), OURS).json()["token_type"] == "DPoP"


def test_a_proof_and_a_name_of_another_key_are_refused(person):
    device = begin(proof_of=OURS, dpop_jkt=THEIRS.thumbprint)
    assert device.codes["error"] == "invalid_request"


@pytest.mark.parametrize("jkt", ["short", "=" * 43, "a" * 44])
def test_a_malformed_key_is_refused(person, jkt):
    assert begin(dpop_jkt=jkt).codes["error"] == "invalid_request"


def test_a_client_of_bound_tokens_gets_none_without_a_proof(person):
    make_device_client("bound", dpop_bound_access_tokens=True)
    answer = post_form("/oauth/token", {"client_id": "bound", "grant_type": GRANT, "device_code": "any"})
    assert answer.json()["error"] == "invalid_dpop_proof"
