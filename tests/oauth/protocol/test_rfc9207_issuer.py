"""The redirect that carries an answer: what was registered stays, what is added is encoded."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oauth.protocol.rfc6749_redirect_uri import with_query
from oauth.protocol.rfc9207_issuer import members

URIS = [
    "https://app.example",
    "https://app.example/cb",
    "https://app.example/cb?a=b%20c&d",
    "http://[::1]:9/",
    "com.example.app:/cb",
    "com.example.app://cb",
]


def target(uri, state="s"):
    return with_query(uri, members({"code": "c"}, state=state, issuer="https://id.example"))


@pytest.mark.parametrize("uri", URIS)
def test_the_registered_address_stays_as_it_is(uri):
    assert target(uri).startswith(f"{uri}&" if "?" in uri else f"{uri}?")
    assert target(uri).endswith("code=c&state=s&iss=https%3A%2F%2Fid.example")


def test_without_a_state_none_is_sent():
    assert "state" not in target(URIS[1], None)
    assert "state=&" in target(URIS[1], "")


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(state=st.text(alphabet=st.characters(codec="utf-8"), max_size=60), uri=st.sampled_from(URIS))
def test_no_state_changes_where_one_goes_or_what_else_is_said(state, uri):
    location = target(uri, state)
    assert location.isascii()
    assert not {"\r", "\n", "#", " "} & set(location)
    assert urlsplit(location).netloc == urlsplit(uri).netloc
    said = parse_qsl(urlsplit(location).query, keep_blank_values=True)
    assert said[-3:] == [("code", "c"), ("state", state), ("iss", "https://id.example")]
