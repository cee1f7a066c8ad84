import pytest

from tests.bearer import BARE
from trust.guard.challenge import Challenge


@pytest.mark.spec("RFC 6750", "3")
def test_a_request_without_credentials_is_told_the_scheme_and_no_error() -> None:
    assert Challenge().header == BARE


@pytest.mark.spec("RFC 9728", "5.1")
def test_every_challenge_names_where_the_api_is_described(settings) -> None:
    settings.ISSUER = "https://id.example"
    where = 'resource_metadata="https://id.example/.well-known/oauth-protected-resource"'
    for challenge in (Challenge(), Challenge(error="insufficient_scope"), Challenge(scheme="DPoP")):
        assert where in challenge.header


@pytest.mark.spec("RFC 6750", "3.1")
@pytest.mark.parametrize(
    ("error", "status"),
    [("invalid_token", 401), ("insufficient_scope", 403), ("insufficient_user_authentication", 401)],
)
def test_each_error_has_its_status(error, status) -> None:
    assert Challenge(error=error).status == status


def test_names_every_parameter_once_and_quoted() -> None:
    challenge = Challenge(
        error="insufficient_user_authentication", description="Stronger, please", acr_values="aal2 phr", max_age=0
    )

    assert challenge.header == (
        f'{BARE}, error="insufficient_user_authentication", error_description="Stronger, please", '
        'acr_values="aal2 phr", max_age="0"'
    )


@pytest.mark.spec("RFC 9110", "5.6.4")
@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ('a"b', r'"a\"b"'),
        ("a\\", r'"a\\"'),
        ("a\r\nSet-Cookie: b", '"aSet-Cookie: b"'),
        ("한a", '"a"'),
        ("\0\x7f", '""'),
    ],
)
def test_no_value_ends_its_quotes_or_the_header(value, quoted) -> None:
    assert Challenge(error="insufficient_scope", scope=value).header.endswith(f", scope={quoted}")
