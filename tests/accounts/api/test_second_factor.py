from datetime import timedelta

import pytest

from accounts.models import Session, SignInChallenge
from accounts.services import people
from tests.people import PASSWORD
from trust.lib import clock

pytestmark = pytest.mark.django_db


def challenge(api):
    response = api.post("/api/token/", {"username": "alice", "password": PASSWORD})
    assert response.status_code == 401
    return response.json()["challenge"]


def answer(api, given, code):
    return api.post("/api/token/", {"challenge": given, "code": code})


def test_never_gives_tokens_for_a_password_alone(api, totp):
    response = api.post("/api/token/", {"username": "alice", "password": PASSWORD})
    assert response.status_code == 401
    body = response.json()
    assert (body["code"], body["error"], body["methods"]) == ("mfa_required", "mfa_required", ["totp"])
    assert not {"access", "refresh"} & set(body)
    assert not Session.objects.exists()


def test_a_wrong_password_learns_nothing_of_the_factor(api, totp):
    assert api.post("/api/token/", {"username": "alice", "password": "wrong"}).json()["code"] == "invalid_credentials"


def test_a_code_completes_the_sign_in_at_aal2(api, totp):
    response = answer(api, challenge(api), totp.now())
    assert response.status_code == 200
    session = Session.objects.get()
    assert (session.acr, session.amr) == ("aal2", "mfa otp pwd")


def test_a_recovery_code_completes_the_sign_in_once(api, totp, recovery_codes):
    assert answer(api, challenge(api), recovery_codes[0]).status_code == 200
    assert answer(api, challenge(api), recovery_codes[0]).json()["code"] == "invalid_code"


def test_a_challenge_dies_on_success(api, totp, recovery_codes):
    given = challenge(api)
    assert answer(api, given, totp.now()).status_code == 200
    assert answer(api, given, recovery_codes[0]).json()["code"] == "invalid_challenge"


def test_a_challenge_dies_after_five_wrong_codes(api, totp, settings):
    settings.RATE_LIMITS = False
    given = challenge(api)
    for _ in range(5):
        assert answer(api, given, "000000").json()["code"] == "invalid_code"
    assert answer(api, given, totp.now()).json()["code"] == "invalid_challenge"


def test_a_challenge_dies_after_five_minutes(api, totp):
    given = challenge(api)
    SignInChallenge.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert answer(api, given, totp.now()).json()["code"] == "invalid_challenge"


def test_new_challenges_do_not_give_more_guesses(api, totp):
    """GHSA-85v8-vx4w-q684: the codes are counted per person, not per challenge."""
    codes = [answer(api, challenge(api), "000000").status_code for _ in range(5)]
    assert codes == [401] * 5
    assert answer(api, challenge(api), totp.now()).json()["code"] == "invalid_code"


def test_a_totp_code_is_good_once_at_every_door(api, totp):
    code = totp.now()
    assert answer(api, challenge(api), code).status_code == 200
    assert answer(api, challenge(api), code).json()["code"] == "invalid_code"


def test_a_person_disabled_in_between_is_refused(api, totp, person):
    given = challenge(api)
    people.deactivate(user=person, actor=None)
    assert answer(api, given, totp.now()).json()["code"] == "invalid_challenge"


@pytest.mark.parametrize("junk", ["", "x", "0" * 64, "é" * 10])
def test_an_unknown_challenge_is_refused(api, totp, junk):
    response = answer(api, junk, totp.now())
    assert response.status_code in {400, 401}
    assert not Session.objects.exists()


def test_keeps_challenges_by_digest_only(api, totp):
    given = challenge(api)
    assert given not in str(list(SignInChallenge.objects.values()))


def test_seals_the_secret_of_a_factor(person, totp):
    from allauth.mfa.models import Authenticator

    assert totp.secret not in str(Authenticator.objects.get().data)
