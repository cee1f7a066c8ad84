"""Which addresses are the same (RFC 9449 section 4.3, RFC 3986 section 6.2)."""

import pytest

from trust.dpop import target

URL = "https://id.example.com/oauth/token"


@pytest.mark.spec("RFC 9449", "4.3")
@pytest.mark.parametrize(
    "htu",
    [
        URL,
        "HTTPS://ID.example.COM/oauth/token",
        "https://id.example.com:443/oauth/token",
        f"{URL}?a=b",
        f"{URL}#fragment",
        "https://id.example.com/oauth/%74oken",
        "https://id.example.com/oauth/./token",
        "https://id.example.com/a/../oauth/token",
        "https://id.example.com/../oauth/token",
    ],
)
def test_the_same_address_in_other_words(htu) -> None:
    assert target.is_same(htu, URL)


@pytest.mark.spec("RFC 9449", "4.3")
@pytest.mark.parametrize(
    "htu",
    [
        "",
        "/oauth/token",
        "https://id.example.com",
        "https://id.example.com/oauth/token/",
        "https://id.example.com/oauth/Token",
        "https://id.example.com/oauth/introspect",
        "http://id.example.com/oauth/token",
        "https://id.example.com:8443/oauth/token",
        "https://id.example.com:0/oauth/token",
        "https://id.example.com.evil.example/oauth/token",
        "https://evil.example/oauth/token",
        "https://id.example.com@evil.example/oauth/token",
        "https://someone@id.example.com/oauth/token",
        "https://id.example.com:port/oauth/token",
        "https://[::1/oauth/token",
        "https://id.example.com/oauth/token/..",
        "https://id.example.com\\@evil.example/oauth/token",
        "//id.example.com/oauth/token",
    ],
)
def test_another_address(htu) -> None:
    assert not target.is_same(htu, URL)


@pytest.mark.parametrize(
    ("htu", "url"),
    [
        ("http://127.0.0.1", "http://127.0.0.1/"),
        ("http://127.0.0.1:80/a", "http://127.0.0.1/a"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("https://id.example.com/notes/%C3%A9", "https://id.example.com/notes/é"),
        ("https://id.example.com/a/.", "https://id.example.com/a/"),
        ("https://id.example.com/a/..", "https://id.example.com/"),
    ],
)
def test_addresses_of_other_deployments(htu, url) -> None:
    assert target.is_same(htu, url)
