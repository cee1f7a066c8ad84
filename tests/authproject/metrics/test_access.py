"""Who may scrape: whoever has the token or, where there is none, this machine alone."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
TOKEN = "a token that only tests use-and-that-is-long-enough".replace(" ", "-")


def _status(remote: str = "127.0.0.1", host: str = "127.0.0.1:8000", path: str = "/metrics", **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client(REMOTE_ADDR=remote).get(path, headers={"Host": host, **named}).status_code


@pytest.mark.parametrize("path", ["/metrics", "/metrics/"])
@pytest.mark.parametrize("remote", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
def test_this_machine_may(remote: str, path: str) -> None:
    assert _status(remote, path=path) == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:9090", "[::1]:8000", "LOCALHOST"])
def test_this_machine_calls_by_any_name_of_loopback(host: str) -> None:
    assert _status(host=host) == 200


@pytest.mark.parametrize(
    "remote", ["203.0.113.5", "10.0.0.7", "2001:db8::5", "::ffff:203.0.113.5", "", "unix:", "0.0.0.0"]
)
def test_others_may_not(remote: str) -> None:
    assert _status(remote) == 403


def test_a_refusal_is_of_the_houses_shape_and_tells_no_figures(client: Client) -> None:
    answer = client.get("/metrics", REMOTE_ADDR="203.0.113.5")
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert b"authproject_" not in answer.content


@pytest.mark.parametrize("forwarded", ["127.0.0.1", "::1", "203.0.113.5", "203.0.113.5, 127.0.0.1", ""])
@pytest.mark.parametrize("remote", ["127.0.0.1", "203.0.113.5"])
def test_where_no_proxy_is_trusted_what_was_forwarded_is_refused(remote: str, forwarded: str) -> None:
    assert _status(remote, X_Forwarded_For=forwarded) == 403


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize(
    "forwarded",
    [
        "203.0.113.5",
        "127.0.0.1, 203.0.113.5",  # the client wrote the first
        "203.0.113.5, 127.0.0.1",
        "127.0.0.1, 127.0.0.1, 203.0.113.5",
        "nonsense",
        "127.0.0.1, ",
        "",
    ],
)
def test_a_proxy_of_this_machine_does_not_open_it_to_the_world(settings: Any, count: int, forwarded: str) -> None:
    settings.TRUSTED_PROXY_COUNT = count
    assert _status(X_Forwarded_For=forwarded) == 403


def test_behind_a_proxy_this_machine_may_directly_and_through_it(settings: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    assert _status() == 200
    assert _status(X_Forwarded_For="127.0.0.1") == 200
    assert _status("10.0.0.7", X_Forwarded_For="127.0.0.1") == 403


@pytest.mark.parametrize("count", [0, 1])
@pytest.mark.parametrize("header", ["Forwarded", "Via", "X-Real-IP", "X-Forwarded-Host"])
def test_a_proxy_that_shows_otherwise_is_seen_too(settings: Any, count: int, header: str) -> None:
    settings.TRUSTED_PROXY_COUNT = count
    assert _status(**{header: "127.0.0.1"}) == 403


@pytest.mark.parametrize("host", ["testserver", "id.example.com", "127.0.0.1.example.com", "127.0.0.1@example.com", ""])
def test_neither_a_proxy_that_passes_host_on_nor_a_page_whose_name_leads_here_may(host: str) -> None:
    assert _status(host=host) == 403


def test_with_a_token_whoever_presents_it_may_from_anywhere_under_any_name(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert _status("203.0.113.5", "10.1.2.3:8000", Authorization=f"Bearer {TOKEN}") == 200
    assert (
        _status("203.0.113.5", "id.example.com", Authorization=f"bearer  {TOKEN}", X_Forwarded_For="192.0.2.7") == 200
    )


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer wrong",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN.upper()}",
        f"Bearer {TOKEN} {TOKEN}",
        f"Bearer {TOKEN},",
        "Bearer ",
        "Bearer",
        TOKEN,
        f"Basic {TOKEN}",
        f"Bearer{TOKEN}",
        "Bearer \xe9\xe9",
        "",
    ],
)
def test_with_a_token_nothing_else_will_do(settings: Any, authorization: str) -> None:
    settings.METRICS_TOKEN = TOKEN
    answer = Client().get("/metrics", headers={"Host": "127.0.0.1", "Authorization": authorization})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"authproject_" not in answer.content


def test_with_a_token_this_machine_needs_it_as_well(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert _status() == 401


@pytest.mark.parametrize("name", ["token", "access_token", "authorization", "METRICS_TOKEN"])
def test_a_token_in_the_address_or_a_cookie_does_not_count(settings: Any, name: str) -> None:
    settings.METRICS_TOKEN = TOKEN
    client = Client(headers={"Host": "127.0.0.1"})
    client.cookies[name] = TOKEN
    assert client.get("/metrics", {name: TOKEN}).status_code == 401


def test_needs_no_https_and_is_only_read(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    client = Client(headers={"Host": "127.0.0.1"})
    assert [client.get(path).status_code for path in ("/metrics", "/metrics/")] == [200, 200]
    assert client.head("/metrics").status_code == 200
    assert client.post("/metrics").status_code == 405


@pytest.mark.parametrize("path", ["/metrics/all", "/metricsx", "/metrics//"])
def test_there_is_nothing_beside(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
