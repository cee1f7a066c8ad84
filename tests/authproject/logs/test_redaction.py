"""What is taken out of a log line, and what stays, so that the line is of use."""

import pytest

from authproject.logs.redaction import REDACTED, redacted

SECRETS = [
    ("Not Found: /accounts/invitation/pT7xq2LwZ9rVbN4kYc8d/", "pT7xq2LwZ9rVbN4kYc8d"),
    ("Not Found: /accounts/confirm-email/MQ:1vLkP2:9aZb3cYd4eXf5gWh6iVj/", "9aZb3cYd4eXf5gWh6iVj"),
    ("Forbidden: /accounts/password/reset/key/2a9-cs8f3k-0f1e2d3c4b5a69788796a5b4c3d2e1f0/", "0f1e2d3c4b5a6978"),
    ("Not Found: /accounts/not-me/eyJhbGciOiJ:1vLkP2:sig1sig2sig3", "sig1sig2sig3"),
    ("refused eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl by us", "c2lnbmF0dXJl"),
    ("Authorization: Bearer dGhlLW9wYXF1ZS10b2tlbg==", "dGhlLW9wYXF1"),
    ("unknown token apat_3mTq8LwZr5VbN4kYc8dGh", "3mTq8LwZr5VbN4kYc8dGh"),
    ("header 'Basic YXBwOnRoZSBzZWNyZXQ='", "YXBwOnRoZSBzZWNyZXQ"),
    ("body was grant_type=password&password=hunter2hunter2&x=1", "hunter2"),
    ("<QueryDict: {'password1': ['hunter2hunter2'], 'x': ['1']}>", "hunter2"),
    ('{"client_secret": "hunter2hunter2", "x": 1}', "hunter2"),
    ("code=SplxlOBeZQQYbYS6WxSbIA&state=xyz", "SplxlOBeZQQYbYS6WxSbIA"),
    ("refresh_token: 8xLOxBtZp8", "8xLOxBtZp8"),
]
PLAIN = [
    "Not Found: /oauth/register/0198f0aa-6c1d-7c5e-9d5b-0123456789ab",
    "Not Found: /api/sessions/0198f0aa-6c1d-7c5e-9d5b-0123456789ab/",
    'File "/srv/authproject/oauth/protocol/rfc7523_client_assertion.py", line 12, in check',
    "/oauth/token invalid_grant: The code was used before.",
    "sign-in by corp came to nothing: FetchFailed: no answer",
    "job 5d2c1b6e (trust.mail.tasks.deliver) was left by its worker; READY",
    "the code: it was used before",
    "Service Unavailable: /accounts/2fa/webauthn/keys/17/edit/",
]


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_takes_out_what_is_secret(text: str, secret: str) -> None:
    assert secret in text
    assert secret not in redacted(text)
    assert REDACTED in redacted(text)


@pytest.mark.parametrize("text", PLAIN)
def test_leaves_alone_what_is_not(text: str) -> None:
    assert redacted(text) == text


def test_keeps_what_stands_around_a_secret() -> None:
    assert redacted("a=1&password=hunter2hunter2&b=2") == f"a=1&password={REDACTED}&b=2"


def test_takes_no_longer_for_what_was_made_to_take_long() -> None:
    """Patterns over strangers' text: each character is looked at a bounded number of times (ReDoS)."""
    import time

    for made in ("/" + "a" * 60_000, "ey" + "a" * 60_000, "password" * 8_000, "Bearer " * 9_000, "token=" * 10_000):
        begun = time.perf_counter()
        redacted(made)
        assert time.perf_counter() - begun < 1.0, made[:10]
