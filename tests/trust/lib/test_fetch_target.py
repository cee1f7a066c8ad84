"""Which URLs, names and addresses are refused before a connection is made (SSRF)."""

import pytest

from tests.loopback import Server, saying
from trust.lib.fetch import FetchRefused, Network, fetch
from trust.lib.fetch_target import parse_target

URL = "https://client.example/"


def answering(*addresses):
    return Network(resolve=lambda host, port: list(addresses))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "client.example",
        "//client.example/",
        "http://client.example/",
        "ftp://client.example/",
        "file:///etc/passwd",
        "gopher://client.example/",
        "javascript:alert(1)",
        "data:application/json,{}",
        "https://",
        "https:///path",
        "https://user@client.example/",
        "https://user:secret@client.example/",
        "https://@client.example/",
        "https://client.example@evil.example/",
        "https://client.example:22/",
        "https://client.example:25/",
        "https://client.example:80/",
        "https://client.example:0/",
        "https://client.example:65536/",
        "https://client.example:-1/",
        "https://client.example:abc/",
        "https://client.example\\@evil.example/",
        "https://client.example/ path",
        "https://client.example/\r\nX: y",
        "https://client.example/\x00",
        "https://client.example/\t",
        "https://cliënt.example/",
        "https://client.example/ü",
        "https://client.example/#fragment",
        "https://client..example/",
        "https://-client.example/",
        "https://client_.example/",
        "https://client.example./",
        f"https://{'a' * 64}.example/",
        f"https://{'a.' * 130}example/",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://[::::]/",
        "https://[v1.a]/",
        f"https://client.example/{'a' * 2048}",
    ],
)
def test_refuses_urls_that_are_not_plain_https(url):
    with pytest.raises(FetchRefused):
        parse_target(url)


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://client.example", "client.example", 443, "/"),
        ("https://CLIENT.example:443/a?b=c&d", "client.example", 443, "/a?b=c&d"),
        ("https://client.example:8443/%20", "client.example", 8443, "/%20"),
        ("https://[2606:4700::1111]:1024/", "2606:4700::1111", 1024, "/"),
        ("https://xn--clint-oua.example/", "xn--clint-oua.example", 443, "/"),
    ],
)
def test_takes_a_url_apart(url, host, port, path):
    target = parse_target(url)
    assert (target.host, target.port, target.path, target.is_tls) == (host, port, path, True)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "017700000001", "0", "[::1]", "[::ffff:127.0.0.1]", "localhost"],
)
def test_refuses_loopback_however_it_is_written(host):
    with pytest.raises(FetchRefused):
        fetch(f"https://{host}:8443/")


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["::1"],
        ["fd00:ec2::254"],
        ["::ffff:10.0.0.1"],
        ["64:ff9b::10.0.0.1"],
        ["8.8.8.8", "127.0.0.1"],
        ["2606:4700::1111", "::1"],
        ["localhost"],
        [],
    ],
)
def test_refuses_a_name_with_any_address_that_is_not_public(addresses):
    with pytest.raises(FetchRefused, match="not public"):
        fetch(URL, network=answering(*addresses))


def test_no_connection_is_made_to_a_refused_address():
    with Server(saying()) as server:
        with pytest.raises(FetchRefused):
            fetch(f"https://client.example:{server.port}/", network=answering("127.0.0.1"))
        assert server.connections == 0


def test_the_refusal_does_not_tell_the_address():
    with pytest.raises(FetchRefused) as refusal:
        fetch(URL, network=answering("10.1.2.3"))
    assert "10.1.2.3" not in str(refusal.value)


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "192.168.0.1"])
def test_a_test_bed_opens_loopback_alone(settings, address):
    settings.OUTBOUND_ALLOW_PRIVATE = True
    with pytest.raises(FetchRefused):
        fetch(URL, network=answering(address))


def test_a_test_bed_speaks_http_to_loopback_alone(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True
    with pytest.raises(FetchRefused):
        fetch("http://client.example/", network=answering("8.8.8.8"))
