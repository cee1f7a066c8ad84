"""Outbound fetches that work, over real sockets and TLS to loopback."""

import socket
import time

import pytest

from tests.loopback import Authority, Server, saying
from trust.lib.fetch import Fetched, FetchFailed, FetchRefused, Limits, Network, fetch, post, send

NAME = "client.example"


@pytest.fixture(autouse=True)
def test_bed(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def network(authority):
    return Network(resolve=lambda host, port: ["127.0.0.1"], tls=authority.trusted)


@pytest.fixture
def get(network):
    """Fetch from a server on loopback that answers so, over TLS as NAME."""

    def get(server: Server, path: str = "/", **named) -> Fetched:
        return fetch(f"https://{NAME}:{server.port}{path}", **({"network": network} | named))

    return get


@pytest.fixture
def tls(authority):
    return authority.serving(NAME)


def test_gets_over_tls_with_the_name_in_sni_and_host(get, tls):
    with Server(saying(b'{"keys": []}', cache_control="max-age=60"), tls) as server:
        answer = get(server, "/jwks?set=1")
    assert (answer.status, answer.body, answer.content_type) == (200, b'{"keys": []}', "application/json")
    assert answer.headers["cache-control"] == "max-age=60"
    assert server.server_names == [NAME]
    [request] = server.requests
    assert request.startswith(b"GET /jwks?set=1 HTTP/1.1\r\n")
    assert f"\r\nHost: {NAME}:{server.port}\r\n".encode() in request
    assert b"\r\nAccept-Encoding: identity\r\n" in request


def test_sends_a_form(network, tls):
    with Server(saying(b"", status="204 No Content"), tls) as server:
        answer = send(f"https://{NAME}:{server.port}/out", {"logout_token": "a.b c"}, network=network)
    assert answer.status == 204
    assert server.requests[0].endswith(b"\r\n\r\nlogout_token=a.b+c")
    assert b"Content-Type: application/x-www-form-urlencoded\r\n" in server.requests[0]


def test_sends_the_credentials_that_it_is_given_and_no_others(network, tls):
    with Server(saying(), tls) as server:
        url = f"https://{NAME}:{server.port}/"
        fetch(url, authorization="Bearer token", network=network)
        send(url, {}, authorization="Basic dXM6c2VjcmV0", network=network)
        fetch(url, network=network)
    assert b"\r\nAuthorization: Bearer token\r\n" in server.requests[0]
    assert b"\r\nAuthorization: Basic dXM6c2VjcmV0\r\n" in server.requests[1]
    assert b"Authorization" not in server.requests[2]


def test_reads_a_chunked_answer(get, tls):
    def answer(connection, request):
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")

    with Server(answer, tls) as server:
        assert get(server).body == b"{}"


def test_an_error_status_is_an_answer(get, tls):
    with Server(saying(status="503 Busy"), tls) as server:
        assert get(server).status == 503


def test_http_works_on_loopback_in_a_test_bed():
    with Server(saying(b"ok")) as server:
        assert fetch(f"http://127.0.0.1:{server.port}/").body == b"ok"


def test_an_address_with_a_certificate_of_its_own_works(authority):
    with Server(saying(b"ok"), authority.serving("127.0.0.1")) as server:
        url = f"https://127.0.0.1:{server.port}/"
        assert fetch(url, network=Network(tls=authority.trusted)).body == b"ok"


def test_the_next_address_is_tried_when_one_is_dead(authority, tls):
    network = Network(resolve=lambda host, port: ["127.0.0.2", "127.0.0.1"], tls=authority.trusted)
    with Server(saying(b"ok"), tls) as server:
        assert fetch(f"https://{NAME}:{server.port}/", network=network).body == b"ok"


def test_the_name_is_resolved_once(authority, tls):
    asked = []

    def resolve(host, port):
        asked.append(host)
        return ["127.0.0.1"]

    with Server(saying(), tls) as server:
        fetch(f"https://{NAME}:{server.port}/", network=Network(resolve=resolve, tls=authority.trusted))
    assert asked == [NAME]


def test_refuses_a_certificate_of_an_unknown_authority(tls):
    network = Network(resolve=lambda host, port: ["127.0.0.1"])
    with Server(saying(), tls) as server, pytest.raises(FetchFailed, match="SSLCertVerificationError"):
        fetch(f"https://{NAME}:{server.port}/", network=network)
    assert server.requests == []


@pytest.mark.parametrize(("name", "expired"), [("other.example", False), (NAME, True)])
def test_refuses_a_certificate_for_another_name_or_time(get, authority, name, expired):
    with Server(saying(), authority.serving(name, expired=expired)) as server, pytest.raises(FetchFailed):
        get(server)
    assert server.requests == []


def test_follows_no_redirect(get, tls):
    with Server(saying(status="302 Found", location="https://client.example/other"), tls) as server:
        with pytest.raises(FetchRefused, match="redirect"):
            get(server)
        assert server.connections == 1


@pytest.mark.parametrize("encoding", ["gzip", "br", "gzip, identity"])
def test_reads_no_compressed_answer(get, tls, encoding):
    with Server(saying(content_encoding=encoding), tls) as server, pytest.raises(FetchRefused, match="compressed"):
        get(server)


def test_takes_no_proxy_from_the_environment(get, tls, monkeypatch):
    for name in ("https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with Server(saying(b"ok"), tls) as server:
        assert get(server).body == b"ok"


@pytest.mark.parametrize("announced", [True, False])
def test_refuses_an_answer_that_is_too_large(get, tls, announced):
    def answer(connection, request):
        length = b"Content-Length: 70000\r\n" if announced else b""
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + length + b"\r\n" + b"x" * 70_000)

    with Server(answer, tls) as server, pytest.raises(FetchRefused, match="large"):
        get(server)


def test_an_answer_of_just_the_size_passes(get, tls):
    with Server(saying(b"x" * 65536), tls) as server:
        assert len(get(server).body) == 65536


def test_stops_reading_what_never_ends(get, tls):
    def answer(connection, request):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    started = time.monotonic()
    with Server(answer, tls) as server, pytest.raises(FetchRefused, match="large"):
        get(server)
    assert time.monotonic() - started < 4


def test_stops_reading_headers_that_never_end(get, tls):
    def answer(connection, request):
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X-Padding: " + b"x" * 60_000 + b"\r\n")

    with Server(answer, tls) as server, pytest.raises(FetchFailed):
        get(server)


def test_refuses_an_answer_that_ends_early(get, tls):
    def answer(connection, request):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")

    with Server(answer, tls) as server, pytest.raises(FetchFailed):
        get(server)


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x00" * 100])
def test_what_is_not_http_fails(get, tls, answer):
    with Server(lambda connection, request: connection.sendall(answer), tls) as server, pytest.raises(FetchFailed):
        get(server)


@pytest.mark.parametrize("slow", ["silent", "headers", "body"])
def test_a_slow_server_is_left_at_the_deadline(get, tls, slow):
    def answer(connection, request):
        connection.sendall({"silent": b"", "headers": b"HTTP/1.1 200 OK\r\n", "body": b"HTTP/1.1 200 OK\r\n\r\n"}[slow])
        drip = {"silent": b"", "headers": b"X", "body": b"x"}[slow]
        for _ in range(100):
            connection.sendall(drip)
            time.sleep(0.05)

    started = time.monotonic()
    with Server(answer, tls) as server, pytest.raises(FetchFailed):
        get(server, limits=Limits(total=0.5))
    assert 0.4 < time.monotonic() - started < 3


def test_a_handshake_that_never_comes_is_left_at_the_deadline(network):
    started = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://{NAME}:{listener.getsockname()[1]}/"
        with pytest.raises(FetchFailed):
            fetch(url, limits=Limits(total=0.3), network=network)
    assert 0.2 < time.monotonic() - started < 3


def test_a_resolver_that_hangs_is_left_at_the_deadline():
    def resolve(host, port):
        time.sleep(2)
        return ["8.8.8.8"]

    started = time.monotonic()
    with pytest.raises(FetchFailed):
        fetch("https://client.example/", limits=Limits(total=0.2), network=Network(resolve=resolve))
    assert time.monotonic() - started < 1.8


def test_nobody_there_is_a_failure_that_names_no_address():
    with Server(saying()) as server:
        port = server.port
    with pytest.raises(FetchFailed) as failure:
        fetch(f"http://localhost:{port}/", network=Network(resolve=lambda host, port: ["127.0.0.1"]))
    assert not isinstance(failure.value, FetchRefused)
    assert "127.0.0.1" not in str(failure.value)


def test_posts_a_body_as_what_its_headers_say(network, tls):
    with Server(saying(b"", status="202 Accepted"), tls) as server:
        headers = {"Content-Type": "application/secevent+jwt", "Authorization": "Bearer token"}
        answer = post(f"https://{NAME}:{server.port}/events", b"a.b.c", headers=headers, network=network)
    assert answer.status == 202
    assert server.requests[0].startswith(b"POST /events HTTP/1.1\r\n")
    assert server.requests[0].endswith(b"\r\n\r\na.b.c")
    assert b"\r\nContent-Type: application/secevent+jwt\r\n" in server.requests[0]


def breaking_off(connection, request):
    connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 1000\r\n\r\nwhat came")


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (saying(b"x" * 100), b"x" * 10),
        (saying(b"compressed", content_encoding="gzip"), b""),
        (breaking_off, b"what came"),
    ],
)
def test_where_only_the_status_counts_a_body_is_cut_and_may_be_anything(get, tls, answer, body):
    with Server(answer, tls) as server:
        cut = get(server, limits=Limits(size=10, cut=True))
        assert (cut.status // 100, cut.body) == (2, body)
        with pytest.raises(FetchFailed):
            get(server, limits=Limits(size=10))
