"""What is kept of what came: one line, cut, and nothing that could be a secret."""

import secrets
import uuid

import pytest

from trust.explain.conf import LONGEST_VALUE
from trust.explain.finding import Finding
from trust.explain.redaction import MASK, kept, kept_of, nearest
from trust.explain.vocabulary import Found

SECRET = "Ma_vd_CONwjrcQydZn84fEl4YD6uu03gVbB2VZ-4Tpg"  # the same in every process that collects the tests


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("https://app.example/callback", "https://app.example/callback"),
        ("https://app.example/cb?code=abc&state=d", f"https://app.example/cb?code={MASK}&state={MASK}"),
        ("https://app.example/cb#code=abc", f"https://app.example/cb#code={MASK}"),
        ("https://alice:secret@app.example/", f"https://{MASK}@app.example/"),
        ("//alice@app.example/", f"//{MASK}@app.example/"),
        ("openid profile read", "openid profile read"),
        ("urn:ietf:params:oauth:grant-type:token-exchange", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("one\r\ntwo\x1b[1m\x00", r"one\r\ntwo\x1b[1m\x00"),
        ("a\u202eb\ud800", r"a\u202eb\ud800"),
        (SECRET, MASK),
        (f"https://app.example/{SECRET}/cb", f"https://app.example/{MASK}/cb"),
        (f"openid {SECRET}", f"openid {MASK}"),
        ("21ff9472-f7a9-4607-be11-0d566b4d3089", MASK),
        ("x+/" * 14 + "==", MASK),
        ("p!a(s)s-w@o$r%d*" * 2, MASK),
        ("openid https://api.example.com/read", "openid https://api.example.com/read"),
    ],
)
def test_keeps_what_helps_and_no_more(value, shown):
    assert kept(value) == shown


def test_cuts_what_is_long_and_looks_at_no_more_than_a_little():
    assert len(kept("a b " * 10_000)) == LONGEST_VALUE
    assert len(kept("\x00 " * 10_000)) == LONGEST_VALUE


def test_a_token_is_masked_wherever_it_stands():
    token = ".".join(secrets.token_urlsafe(length) for length in (40, 200, 64))
    assert kept(token) == MASK
    assert kept(f"https://app.example/{token}") == f"https://app.example/{MASK}.{MASK}.{MASK}"


def test_what_is_registered_is_no_secret():
    registered = f"https://app.example/realms/{uuid.uuid4()}/callback"
    finding = Finding(found=Found.REDIRECT_URI_DIFFERS, came=f"{registered}/", one_of=("https://other/", registered))
    assert kept_of(finding) == (f"{registered}/", registered)


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ("https://app.example/cb/", "https://app.example/cb"),
        ("http://test.example/cb", "https://test.example/cb"),
        ("https://TEST.example/CB", "https://test.example/cb"),
        ("", "https://app.example/cb"),
    ],
)
def test_the_nearest_registered_value_is_compared_with(came, expected):
    assert nearest(came, ("https://app.example/cb", "https://test.example/cb")) == expected
    assert nearest(came, ()) == ""
