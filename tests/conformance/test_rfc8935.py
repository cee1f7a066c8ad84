"""RFC 8935: Security Event Tokens pushed by HTTP, and what their recipients answer."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.loopback import saying
from tests.trust.events.receiving import EventReceiver, happen, make_receiver, run_events, states
from trust.events.models import Delivery, Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def test_bed(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True


@pytest.fixture
def receiver() -> Iterator[EventReceiver]:
    with EventReceiver() as server:
        make_receiver(server)
        yield server


def refusing(error: str):
    return saying(b'{"err": "%s", "description": "no"}' % error.encode(), status="400 Bad Request")


@pytest.mark.spec("RFC 8935", "2.1")
def test_a_token_is_posted_alone_as_what_it_is(person, receiver):
    happen(person)
    run_events()
    [request] = receiver.requests
    [headers] = receiver.headers
    assert request.startswith(b"POST /hooks/of-the-shop HTTP/1.1\r\n")
    assert headers["content-type"] == "application/secevent+jwt"
    assert headers["accept"] == "application/json"
    assert receiver.texts[0].count(".") == 2


@pytest.mark.spec("RFC 8935", "2.2")
def test_202_acknowledges(person, receiver):
    happen(person)
    run_events()
    assert states() == [("delivered", 1, "202")]


@pytest.mark.spec("RFC 8935", "2.2")
@pytest.mark.parametrize("status", ["200 OK", "201 Created", "204 No Content"])
def test_nothing_else_does_and_the_receiver_is_said_to_be_wrong(person, receiver, status):
    receiver.answers = saying(b"", status=status)
    happen(person)
    run_events()
    assert states() == [("waiting", 1, f"{status[:3]} (202 acknowledges, no other status)")]
    assert Receiver.objects.get().failures == 1


@pytest.mark.spec("RFC 8935", "2.4")
@pytest.mark.parametrize(
    "error", ["invalid_key", "invalid_issuer", "invalid_audience", "authentication_failed", "access_denied"]
)
def test_a_refusal_that_an_operator_may_mend_is_tried_again_with_the_same_token(person, receiver, error):
    receiver.answers = refusing(error)
    happen(person)
    run_events()
    [(state, _, outcome)] = states()
    assert state == "waiting"
    assert outcome.startswith("400 ")
    assert error in outcome
    receiver.answers = saying(b"", status="202 Accepted")
    Receiver.objects.update(rest_until=None)
    run_events()
    assert states()[0][0] == "delivered"


@pytest.mark.spec("RFC 8935", "2.4")
def test_a_token_that_its_recipient_cannot_read_is_not_sent_again(person, receiver):
    receiver.answers = refusing("invalid_request")
    happen(person)
    run_events()
    run_events(later=timedelta(days=1))
    assert states()[0][:2] == ("given_up", 1)
    assert receiver.connections == 1
    assert Receiver.objects.get().failures == 0


@pytest.mark.spec("RFC 8935", "2.4")
@pytest.mark.parametrize(
    "answer",
    [
        saying(b"<html>no</html>", status="400 Bad Request"),
        saying(b'{"err": "made_up"}', status="400 Bad Request"),
        saying(b'{"err": ["invalid_request"]}', status="400 Bad Request"),
        saying(b'["invalid_request"]', status="400 Bad Request"),
        saying(b"\xff\x00", status="400 Bad Request"),
    ],
)
def test_an_error_that_is_none_of_the_registered_ones_is_of_this_token_alone(person, receiver, answer):
    receiver.answers = answer
    happen(person)
    run_events()
    assert states()[0][0] == "waiting"
    assert Receiver.objects.get().failures == 0
    assert Delivery.objects.get().due_at > Delivery.objects.get().attempted_at


@pytest.mark.spec("RFC 8935", "4")
def test_a_recipient_that_fails_is_left_alone_before_it_is_tried_again(person, receiver):
    receiver.answers = saying(b"", status="503 Service Unavailable")
    happen(person, "person.deactivated", "person.activated")
    run_events()
    run_events()
    assert receiver.connections == 1


@pytest.mark.spec("RFC 8935", "3")
def test_what_authenticates_us_is_sent_with_each_request(person, receiver):
    with EventReceiver() as second:
        make_receiver(second, authorization="Bearer of-ours")
        happen(person)
        run_events()
        assert second.headers[0]["authorization"] == "Bearer of-ours"
        assert "authorization" not in receiver.headers[0]
