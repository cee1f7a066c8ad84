"""Attacks by way of security events: on whom we ask (SSRF), on the worker, on what is kept of an answer."""

import logging
import socket
import time

import pytest
from django.apps import apps

from tests.loopback import Server, saying
from tests.people import PASSWORD
from tests.trust.events.receiving import ACCEPTED, EventReceiver, happen, make_receiver, run_events, states
from trust.events.conf import REQUEST
from trust.events.models import Receiver
from trust.events.receiver_secrets import seal_authorization
from trust.lib.fetch import Limits

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_bed(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True


@pytest.fixture
def server(open_bed):
    with EventReceiver() as server:
        yield server


def outcome_at(person, url, kind="json"):
    """Have something to tell to a receiver with this address, whoever put it there; return what came of it."""
    with EventReceiver() as anywhere:
        make_receiver(anywhere, kind)
    Receiver.objects.update(url=url)
    happen(person)
    run_events()
    [(state, _, outcome)] = states()
    assert state == "waiting"
    return outcome


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/", "https://127.0.0.1:{port}/", "https://localhost:{port}/", "https://[::1]:{port}/",
        "https://[::ffff:127.0.0.1]:{port}/", "https://2130706433:{port}/", "https://0.0.0.0:{port}/",
        "https://169.254.169.254/latest/meta-data/", "https://10.0.0.1/", "https://user@127.0.0.1:{port}/",
        "file:///etc/passwd", "gopher://127.0.0.1:{port}/", "https://127.0.0.1:22/", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_no_address_of_our_own_network_is_asked(person, address):
    with Server(saying(b"")) as inside:
        outcome = outcome_at(person, address.format(port=inside.port))
        assert outcome.startswith(("refused by us: ", "no answer: "))
        assert inside.connections == 0


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["fd00::1"], ["169.254.169.254"]])
def test_a_name_that_leads_inside_is_not_followed_and_is_asked_for_once(person, monkeypatch, answers):
    """DNS rebinding: the addresses that were checked are those that would be gone to."""
    asked = []

    def lookup(host, port, **named):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, port)) for answer in answers]

    monkeypatch.setattr("trust.lib.fetch_connection.socket.getaddrinfo", lookup)
    outcome = outcome_at(person, "https://hooks.example/")
    assert outcome == "refused by us: the name has an address that is not public"
    assert asked == ["hooks.example"]


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
def test_a_redirect_is_not_followed(person, open_bed, status):
    with Server(saying(b"")) as inside:
        redirect = saying(b"", status=status, location=f"http://127.0.0.1:{inside.port}/")
        with EventReceiver(redirect) as receiver:
            assert outcome_at(person, receiver.url) == "refused by us: a redirect is not followed"
        assert inside.connections == 0


def endless(connection, request):
    connection.sendall(b"HTTP/1.1 500 Oops\r\nContent-Type: text/plain\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def dripping(connection, request):
    connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 1000\r\n\r\n")
    while True:
        connection.sendall(b"x")
        time.sleep(0.05)


def silent(connection, request):
    time.sleep(3)


def endless_headers(connection, request):
    connection.sendall(b"HTTP/1.1 202 Accepted\r\n")
    while True:
        connection.sendall(b"X-A: " + b"x" * 60000 + b"\r\n")


@pytest.mark.parametrize(
    ("answer", "state"),
    [(endless, "waiting"), (dripping, "delivered"), (silent, "waiting"), (endless_headers, "waiting")],
)
def test_an_answer_without_end_is_left_in_time_and_is_what_its_status_says(person, server, monkeypatch, answer, state):
    monkeypatch.setattr("trust.events.sending.REQUEST", Limits(connect=1, total=1, size=2048, cut=True))
    server.answers = answer
    make_receiver(server, "set")
    happen(person)
    started = time.monotonic()
    run_events()
    assert time.monotonic() - started < 10
    assert states()[0][0] == state
    assert len(states()[0][2]) <= 300


def test_one_attempt_is_bounded_to_a_few_seconds_and_kilobytes():
    assert REQUEST.connect <= REQUEST.total <= 5
    assert REQUEST.size <= 4096


def echoing(connection, request):
    """Say back all that came, as programs do that show their errors."""
    saying(request, status="500 Internal Server Error")(connection, request)


@pytest.mark.parametrize("kind", ["set", "json"])
def test_what_a_receiver_repeats_of_us_is_not_kept(person, server, kind):
    server.answers = echoing
    make_receiver(server, kind, authorization="Bearer short", url=f"{server.url}/capability?key=s3cr3t")
    happen(person)
    run_events()
    [(_, _, outcome)] = states()
    assert outcome.startswith("500 POST")
    kept = outcome + Receiver.objects.get().outcome
    for secret in (
        "short",
        "capability",
        "s3cr3t",
        *filter(None, [server.headers[0].get("webhook-signature", "")[3:]]),
    ):
        assert secret not in kept, secret
    assert server.texts[0][:60] not in kept


@pytest.mark.parametrize("answer", [b"\x00\x1b[31m", b"\xff\xfe", "\u202egnp.exe".encode(), b"\r\nSet-Cookie: a=b"])
def test_what_is_kept_of_an_answer_is_one_line_of_plain_text(person, server, answer):
    server.answers = saying(b"beginning " + answer + b" end", status="500 Oops")
    make_receiver(server, "json")
    happen(person)
    run_events()
    outcome = states()[0][2]
    assert outcome.startswith("500 beginning")
    assert outcome.isprintable()


def test_credentials_that_would_end_the_header_are_not_sent(person, server):
    """Whoever put them into the row: the form takes none."""
    make_receiver(server, "json")
    Receiver.objects.update(sealed_authorization=seal_authorization("Bearer a\r\nX-Admin: yes"))
    happen(person)
    run_events()
    assert server.connections == 0 or b"X-Admin" not in b"".join(server.requests)
    assert states()[0][::2] == ("waiting", "not sent: ValueError")


def test_secrets_are_in_no_table_no_log_line_and_no_audit_row(person, server, caplog):
    with caplog.at_level(logging.DEBUG):
        _, secret = make_receiver(server, "json", authorization="Bearer of-the-receiver-alone")
        server.answers = echoing
        happen(person)
        run_events()
        server.answers = ACCEPTED
        Receiver.objects.update(rest_until=None)
        run_events()
    database = "\n".join(str(row) for model in apps.get_models() for row in model._base_manager.values())
    lines = "\n".join(record.getMessage() for record in caplog.records)
    assert server.headers[-1]["authorization"] == "Bearer of-the-receiver-alone"
    for hidden in (secret, secret.removeprefix("whsec_"), "of-the-receiver-alone"):
        assert hidden not in database
        assert hidden not in lines
    assert server.url not in lines


@pytest.mark.parametrize("kind", ["set", "json"])
def test_nothing_personal_is_sent(person, server, client, kind):
    """Neither name nor address, neither where from nor by which program: ids and words."""
    make_receiver(server, kind)
    browser = {"HTTP_USER_AGENT": "Mozilla/5.0 of-alice", "REMOTE_ADDR": "198.51.100.7"}
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD}, **browser)
    client.post("/accounts/logout/", **browser)
    run_events()
    assert len(server.requests) >= 2
    everything = "".join(decoded(each) for each in server.texts)
    for personal in ("alice", "example.com", "Mozilla", "198.51.100.7"):
        assert personal not in everything, personal
    assert str(person.pk) in everything


def decoded(text):
    """What a token or a body says."""
    from trust.keys.compact import decode

    return text if text.startswith("{") else decode(text.split(".")[1]).decode()
