from datetime import UTC, datetime

import pytest

from accounts.authentication import by_passkey, by_password, by_password_and_code, summed_up
from accounts.vocabulary import Acr

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
AT = NOW.timestamp()


@pytest.mark.spec("RFC 8176", "2")
@pytest.mark.parametrize(
    ("records", "amr", "acr"),
    [
        pytest.param([], (), Acr.AAL1, id="nothing is known"),
        pytest.param([{"method": "password", "at": AT}], ("pwd",), Acr.AAL1, id="password alone"),
        pytest.param(
            [{"method": "password", "at": AT}, {"method": "mfa", "type": "totp", "at": AT}],
            ("mfa", "otp", "pwd"),
            Acr.AAL2,
            id="password and code",
        ),
        pytest.param(
            [{"method": "password", "at": AT}, {"method": "mfa", "type": "recovery_codes", "at": AT}],
            ("mfa", "otp", "pwd"),
            Acr.AAL2,
            id="password and recovery code",
        ),
        pytest.param(
            [{"method": "mfa", "type": "totp", "at": AT}], ("otp",), Acr.AAL1, id="a code alone is one factor"
        ),
        pytest.param(
            [{"method": "password", "at": AT}, {"method": "mfa", "type": "webauthn", "at": AT}],
            ("mfa", "pop", "pwd", "user"),
            Acr.PHR,
            id="password and passkey",
        ),
        pytest.param(
            [{"method": "mfa", "type": "webauthn", "at": AT, "passwordless": True, "user_verified": True}],
            ("mfa", "pop", "user"),
            Acr.PHR,
            id="a passkey that verified the person is two factors",
        ),
        pytest.param(
            [{"method": "mfa", "type": "webauthn", "at": AT, "passwordless": True, "user_verified": False}],
            ("pop", "user"),
            Acr.AAL1,
            id="a passkey that verified nobody is one factor",
        ),
        pytest.param(
            [{"method": "mfa", "type": "webauthn", "at": AT}, {"method": "mfa", "type": "totp", "at": AT}],
            ("otp", "pop", "user"),
            Acr.AAL1,
            id="a key and a code are both things that one has",
        ),
        pytest.param([{"method": "socialaccount", "at": AT}], (), Acr.AAL1, id="a provider alone, whatever it asked"),
        pytest.param(
            [{"method": "socialaccount", "at": AT}, {"method": "mfa", "type": "totp", "at": AT}],
            ("mfa", "otp"),
            Acr.AAL2,
            id="a provider and a code of ours",
        ),
        pytest.param(
            [{"method": "socialaccount", "at": AT}, {"method": "password", "at": AT}],
            ("pwd",),
            Acr.AAL1,
            id="a provider and a password are two first factors",
        ),
        pytest.param([{"method": "password_reset", "at": AT}], (), Acr.AAL1, id="a reset link proves no factor"),
        pytest.param([{"method": "code", "at": AT}], ("otp",), Acr.AAL1, id="a mailed code is one factor"),
        pytest.param(
            [{"method": "password", "at": AT}, {"method": "code", "at": AT}],
            ("otp", "pwd"),
            Acr.AAL1,
            id="a mailed code adds nothing to a password",
        ),
        pytest.param(
            [{"method": "code", "at": AT}, {"method": "mfa", "type": "totp", "at": AT}],
            ("mfa", "otp"),
            Acr.AAL2,
            id="a mailed code and one of an app",
        ),
    ],
)
def test_sums_records_up_as_registered_references(records, amr, acr):
    authentication = summed_up(records, now=NOW)
    assert (authentication.amr, authentication.acr) == (amr, acr)


def test_takes_the_newest_record_as_auth_time():
    records = [{"method": "password", "at": AT - 100}, {"method": "password", "at": AT - 5, "reauthenticated": True}]
    assert summed_up(records, now=NOW).auth_time.timestamp() == AT - 5


def test_json_doors_prove_what_the_page_would():
    assert by_password(auth_time=NOW).acr == Acr.AAL1
    assert by_password_and_code(auth_time=NOW).acr == Acr.AAL2
    assert by_password_and_code(auth_time=NOW).amr == ("mfa", "otp", "pwd")
    assert by_passkey(auth_time=NOW, user_verified=False, after_password=True).amr == ("mfa", "pop", "pwd", "user")
    assert by_passkey(auth_time=NOW, user_verified=True, after_password=False).acr == Acr.PHR
    assert by_passkey(auth_time=NOW, user_verified=False, after_password=False).acr == Acr.AAL1
