"""Redirect URIs: which may be registered, which match, and what a page's policy must name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oauth.errors import UnshowableRequest
from oauth.protocol.rfc6749_redirect_uri import check_registrable, chosen, form_action, is_local, matches
from tests.oauth.protocol.requests import registered

REGISTRABLE = [
    "https://app.example", "https://app.example/", "https://app.example:8443/a/b?c=d", "https://xn--bcher-kva.example/", "https://10.0.0.1/",
    "http://127.0.0.1", "http://127.0.0.1:8000/x", "http://[::1]/", "http://localhost:3000/callback", "com.example.app:/callback",
    "com.example.app://host/callback", "com.example-two.app:callback", "https://app.example/%7Euser",
]  # fmt: skip
BOUNDED = settings(derandomize=True, database=None, deadline=None, max_examples=300)


@pytest.mark.parametrize("uri", REGISTRABLE)
def test_these_may_be_registered_and_match_themselves(uri):
    assert check_registrable(uri) is None
    assert matches(uri, uri, public=True)
    assert matches(uri, uri, public=False)


@pytest.mark.spec("RFC 6749", "3.1.2")
@pytest.mark.parametrize(
    ("uri", "problem"),
    [
        ("https://app.example/#", "fragment"), ("https://app.example/#x", "fragment"), ("/callback", "https"), ("", "characters"),
        ("https://", "host"), ("https:/callback", "host"), ("https://user@app.example/", "user information"), ("https://@app.example/", "user information"),
        ("http://app.example/", "loopback"), ("http://127.0.0.2/", "loopback"), ("app:/callback", "private scheme"), ("javascript:alert(1)", "private scheme"),
        ("https://app.example:99999/", "not a URI"), ("https://app.example:x/", "not a URI"), ("https://[::::]/", "not a URI"), ("https://[::1/", "not a URI"),
        ("https://a;b/", "not a URI"), ("https://a,b/", "not a URI"), ("https://*.example/", "not a URI"), ("https://app.example/ x", "characters"),
        ("https://app.example\\", "characters"), ('https://app.example/"', "characters"), ("https://\u00e9.example/", "characters"), ("https://a/\n", "characters"),
        ("https://app.example/{x}", "characters"), ("https://app.example/<x>", "characters"), ("https://%61pp.example/", "not a URI"),
    ],
)  # fmt: skip
def test_these_may_not_be_registered(uri, problem):
    assert problem in (check_registrable(uri) or "")


@pytest.mark.spec("RFC 8252", "7.3")
@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_only_the_port_of_a_loopback_literal_is_free_and_only_for_public_clients(host):
    kept = f"http://{host}/callback?x=y"
    for asked in (f"http://{host}:1/callback?x=y", f"http://{host}:65535/callback?x=y"):
        assert matches(asked, kept, public=True)
        assert matches(kept, asked, public=True)
        assert not matches(asked, kept, public=False)
    for asked in (
        f"http://{host}:1/callback",
        f"http://{host}:1/callback?x=z",
        f"HTTP://{host}:1/callback?x=y",
        f"http://{host}:/callback?x=y",
    ):
        assert not matches(asked, kept, public=True)
    assert not matches("http://localhost:1/callback", "http://localhost/callback", public=True)
    assert not matches("http://127.0.0.1:1/", "http://[::1]/", public=True)


@BOUNDED
@given(
    asked=st.text(max_size=40) | st.from_regex(r"https?://[a-z0-9.:@\[\]%/?#;\\]{0,30}", fullmatch=True),
    public=st.booleans(),
)
def test_whatever_is_asked_matches_nothing_but_itself(asked, public):
    for kept in REGISTRABLE:
        if asked != kept and matches(asked, kept, public=public):
            assert public
            assert kept.startswith(("http://127.0.0.1", "http://[::1]"))
            assert asked.startswith(("http://127.0.0.1:", "http://[::1]:"))


def test_the_only_one_is_chosen_where_none_was_asked_for():
    assert chosen(registered(), "") == "https://app.example/callback"
    for uris in ((), ("https://a.example/", "https://b.example/")):
        with pytest.raises(UnshowableRequest):
            chosen(registered(redirect_uris=uris), "")


@pytest.mark.parametrize(
    ("uri", "sources", "local"),
    [
        ("https://app.example/callback?x", "https://app.example https:", False),
        ("https://app.example:8443/", "https://app.example:8443 https:", False),
        ("http://localhost:3000/", "http://localhost:3000 http://127.0.0.1:* http://localhost:* https:", True),
        ("http://[::1]:3000/", "http: https:", True),
        ("com.example.app://x/callback", "com.example.app:", True),
    ],
)
def test_a_page_may_end_at_its_client_and_where_that_sends_on(uri, sources, local):
    assert (form_action(uri), is_local(uri)) == (tuple(sources.split()), local)


@BOUNDED
@given(uri=st.from_regex(r"https://[!-~]{1,30}", fullmatch=True))
def test_no_registrable_uri_breaks_out_of_a_policy(uri):
    if check_registrable(uri) is None:
        assert not {";", ",", " ", "'", '"', "*"} & set("".join(form_action(uri)))
