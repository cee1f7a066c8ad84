"""A client's logo comes from us, is a picture, and costs its strangers little."""

import struct
import threading
from uuid import uuid4

import pytest
from django.urls import reverse

from oauth.conf import LARGEST_LOGO
from oauth.models import Client
from oauth.services import client_logos
from tests.clients import Application, make_client
from tests.loopback import Server, saying
from tests.security.conftest import early_in_the_minute as early_in_the_minute
from trust.limits.conf import CLIENT_LOGO_BY_ADDRESS

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40
GIF = b"GIF89a" + b"\0" * 40
WEBP = b"RIFF" + struct.pack("<I", 40) + b"WEBP" + b"\0" * 32
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PICTURES = {"image/png": PNG, "image/jpeg": JPEG, "image/gif": GIF, "image/webp": WEBP}


@pytest.fixture(autouse=True)
def test_bed(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True


@pytest.fixture
def serve():
    """Let a client have its logo on a server that answers so; returns the server."""
    servers = []

    def start(answer, client_id="app", path=None):
        server = Server(answer).__enter__()
        servers.append(server)
        uri = f"http://127.0.0.1:{server.port}/{path or uuid4()}"
        make_client(client_id, logo_uri=uri)
        return server

    yield start
    for server in servers:
        server.__exit__()


def logo(client, client_id="app"):
    return client.get(reverse("client_logo", args=[client_id]))


def uris(*client_ids):
    return [Client.objects.get(client_id=client_id).logo_uri for client_id in client_ids]


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_is_shown_as_what_it_is_and_as_nothing_else(client, serve, kind):
    serve(saying(PICTURES[kind], content_type=kind))
    answer = logo(client)
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, kind, PICTURES[kind])
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "max-age" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (SVG, "image/svg+xml"),
        (SVG, "image/png"),
        (PNG, "text/html"),
        (PNG, "image/jpeg"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "image/png"),
        (b"<!DOCTYPE html>", "text/html"),
        (b"RIFF" + b"\0" * 4 + b"WAVE", "image/webp"),
        (b"", "image/png"),
        (PNG, "image/png, text/html"),
        (PNG + b"\0" * LARGEST_LOGO, "image/png"),
    ],
    ids=["svg", "svg as png", "as html", "another", "html", "html as such", "sound", "nothing", "two types", "large"],
)
def test_what_is_no_picture_that_we_show_is_not_found(client, serve, content, named):
    serve(saying(content, content_type=named))
    assert logo(client).status_code == 404


@pytest.mark.parametrize("status", ["404 Not Found", "500 Oops", "302 Found", "204 No Content"])
def test_what_is_not_there_is_not_found(client, serve, status):
    serve(saying(PNG, status=status, content_type="image/png", location="http://127.0.0.1/"))
    assert logo(client).status_code == 404


def test_a_client_without_a_logo_or_that_is_none_or_is_shut_out_has_none(client, serve):
    make_client("bare")
    server = serve(saying(PNG, content_type="image/png"), "shut")
    assert logo(client, "shut").status_code == 200
    Client.objects.by_client_id("shut").update(is_active=False)
    assert [logo(client, name).status_code for name in ("bare", "unknown", "shut")] == [404] * 3
    assert server.connections == 1


def test_a_private_address_is_never_asked(client, serve, settings):
    server = serve(saying(PNG, content_type="image/png"))
    settings.OUTBOUND_ALLOW_PRIVATE = False
    assert (logo(client).status_code, server.connections) == (404, 0)


def test_it_is_fetched_once_and_so_is_what_fails(client, serve):
    good = serve(saying(PNG, content_type="image/png"), "good")
    bad = serve(saying(b"no", content_type="image/png", status="500 Oops"), "bad")
    for _ in range(3):
        assert (logo(client, "good").status_code, logo(client, "bad").status_code) == (200, 404)
    assert (good.connections, bad.connections) == (1, 1)


def test_its_server_is_told_nothing_of_the_person(person, client, serve):
    client.force_login(person)
    server = serve(saying(PNG, content_type="image/png"))
    client.get(reverse("client_logo", args=["app"]), headers={"referer": "http://testserver/x", "user-agent": "Mine"})
    head = server.requests[0].lower()
    assert b"cookie" not in head
    assert b"referer" not in head
    assert b"mine" not in head
    assert b"sessionid" not in head


def test_slow_servers_do_not_keep_every_thread_waiting(client, serve):
    asked, go_on = threading.Semaphore(0), threading.Event()

    def slow(connection, request):
        asked.release()
        go_on.wait(5)

    for name in ("slow", "slower"):
        serve(slow, name)
    waiting = [threading.Thread(target=client_logos.find_at, args=[uri]) for uri in uris("slow", "slower")]
    for thread in waiting:
        thread.start()
        assert asked.acquire(timeout=5)
    server = serve(saying(PNG, content_type="image/png"))
    assert (logo(client).status_code, server.connections) == (404, 0)
    go_on.set()
    for thread in waiting:
        thread.join()
    assert logo(client).status_code == 200


def test_one_address_asks_only_so_often(client, serve, settings, early_in_the_minute):
    settings.RATE_LIMITS = True
    serve(saying(PNG, content_type="image/png"))
    statuses = [logo(client).status_code for _ in range(CLIENT_LOGO_BY_ADDRESS.attempts + 1)]
    assert (set(statuses[:-1]), statuses[-1]) == ({200}, 429)


@pytest.mark.parametrize(
    "client_id",
    [
        "app",
        "a.b-c_d",
        "..",
        ".",
        "~app",
        "a/b",
        "a/../b",
        "//",
        "a?b#c",
        "a%2Fb",
        "a b",
        "%",
        "https://app.example/x",
        "é",
    ],
)
def test_every_client_id_has_one_address(client, serve, client_id):
    serve(saying(PNG, content_type="image/png"), client_id)
    path = reverse("client_logo", args=[client_id])
    assert path.count("/") == 4
    assert (client.get(path).status_code, path.startswith("/oauth/clients/")) == (200, True)


@pytest.mark.parametrize("segment", ["~", "~YXBw", "~YQ", "~!", "~YXBw==", "~_-8", "~A", "..", "a/b"])
def test_no_other_address_leads_to_it(client, serve, segment):
    serve(saying(PNG, content_type="image/png"))
    assert client.get(f"/oauth/clients/{segment}/logo").status_code == 404


def test_it_is_only_shown(client, serve):
    serve(saying(PNG, content_type="image/png"))
    path = reverse("client_logo", args=["app"])
    assert [client.post(path).status_code, client.delete(path).status_code] == [405, 405]
    assert client.head(path).status_code == 200


def test_the_consent_page_shows_it_from_here(person, serve):
    serve(saying(PNG, content_type="image/png"), "my app")
    application = Application(Client.objects.get(client_id="my app"))
    application.sign_in()
    page = application.authorize().content.decode()
    assert f'src="{reverse("client_logo", args=["my app"])}"' in page
    assert 'data-initials="TA"' in page
    assert "127.0.0.1" not in page.partition("<form")[0]
