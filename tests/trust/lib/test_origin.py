"""Where a request came from, believing as many proxies as there are."""

import pytest
from django.test import RequestFactory

from trust.lib.origin import client_address, origin_of


@pytest.mark.parametrize("forwarded", ["1.2.3.4", "1.2.3.4, 5.6.7.8", "unknown", "::1"])
def test_without_a_proxy_the_header_is_not_believed(forwarded):
    assert client_address("203.0.113.9", forwarded) == "203.0.113.9"


@pytest.mark.parametrize(
    ("count", "forwarded", "expected"),
    [
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "6.6.6.6,7.7.7.7,198.51.100.1,10.0.0.2", "198.51.100.1"),
        (1, "2001:DB8::1", "2001:db8::1"),
        (1, "[2001:db8::1]", "2001:db8::1"),
        (1, "::ffff:198.51.100.1", "198.51.100.1"),
    ],
)
def test_what_the_trusted_proxies_wrote_counts(settings, count, forwarded, expected):
    settings.TRUSTED_PROXY_COUNT = count
    assert client_address("10.0.0.1", forwarded) == expected


@pytest.mark.parametrize(
    "forwarded",
    [
        "",
        " ",
        ",",
        ", ,",
        "unknown",
        "_hidden",
        "198.51.100.1:443",
        "[2001:db8::1]:443",
        "1.2.3",
        "1.2.3.4.5",
        "999.1.1.1",
        "1.2.3.4' OR 1=1 --",
        "1.2.3.4\r\nX: y",
        "fe80::1%" + "x" * 500,
        "x" * 100_000,
        "１.２.３.４",
    ],
)
def test_nonsense_falls_back_to_the_peer(settings, forwarded):
    """An unparsable header must not escape a limit (CVE-2024-47070 of another product)."""
    settings.TRUSTED_PROXY_COUNT = 1
    assert client_address("10.0.0.1", forwarded) == "10.0.0.1"


def test_a_header_shorter_than_the_chain_falls_back_to_the_peer(settings):
    settings.TRUSTED_PROXY_COUNT = 3
    assert client_address("10.0.0.1", "6.6.6.6, 7.7.7.7") == "10.0.0.1"


@pytest.mark.parametrize("remote", ["", "unix:", "/run/socket"])
def test_a_peer_without_an_address_is_unknown(remote):
    assert client_address(remote, "1.2.3.4") == "unknown"


def test_a_mapped_peer_is_its_ipv4_address():
    assert client_address("::ffff:198.51.100.1", "") == "198.51.100.1"


def test_an_address_always_fits_its_column(settings):
    settings.TRUSTED_PROXY_COUNT = 1
    assert len(client_address("::1", "abcd:" * 7 + "abcd")) <= 45


def test_the_origin_of_a_request_has_address_and_agent(settings):
    settings.TRUSTED_PROXY_COUNT = 1
    request = RequestFactory().get(
        "/", headers={"x-forwarded-for": "198.51.100.1", "user-agent": "a" * 1000}, REMOTE_ADDR="10.0.0.1"
    )
    origin = origin_of(request)
    assert origin.client_address == "198.51.100.1"
    assert origin.user_agent == "a" * 255


def test_a_request_without_headers_has_an_origin():
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1")
    assert (origin_of(request).client_address, origin_of(request).user_agent) == ("10.0.0.1", "")
