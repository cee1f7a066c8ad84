"""Standard Webhooks 1.0: the signature that its libraries verify, the secrets of a rotation, and the body."""

import time
from datetime import UTC, datetime

import pytest

from tests.trust.events.receiving import happen, make_receiver, run_events
from tests.trust.events.sample import load_sample
from trust.audit.models import AuditEvent
from trust.events import receivers, standard_webhooks
from trust.events.conf import OLD_SECRET_SIGNS
from trust.events.models import Receiver
from trust.events.receivers import By
from trust.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample():
    return load_sample()


def verified(sample, server, *secrets):
    """What the sample makes of the last request; it knows these secrets."""
    sample.SECRETS = list(secrets)
    return sample.by_signature(server.headers[-1], server.bodies[-1])


def test_signs_as_the_published_example_does(sample):
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    sent_at = datetime.fromtimestamp(1614265330, UTC)
    headers = standard_webhooks.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", body, secrets=[secret], now=sent_at)
    assert headers == {
        "Content-Type": "application/json",
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_the_body_says_what_happened_when_to_whom(server, person, sample):
    _, secret = make_receiver(server, "json")
    happen(person)
    run_events()
    webhook_id, said = verified(sample, server, secret)
    at = AuditEvent.objects.of_action("person.deactivated").get().at
    assert said == {
        "type": "account.disabled",
        "timestamp": at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": {
            "iss": "http://testserver",
            "sub": str(person.pk),
            "reason": "deactivated",
            "initiating_entity": "admin",
        },
    }
    assert len(webhook_id) == 36
    assert abs(int(server.headers[0]["webhook-timestamp"]) - time.time()) < 30


def test_another_body_time_id_or_secret_does_not_verify(server, person, sample):
    _, secret = make_receiver(server, "json")
    happen(person)
    run_events()
    [headers], [body] = server.headers, server.bodies
    sample.SECRETS = [secret]
    sample.by_signature(headers, body)
    changed = [
        (headers, body.replace(b"disabled", b"enabled")),
        (headers | {"webhook-id": "another"}, body),
        (headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}, body),
        (headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) - 3600)}, body),
        (headers | {"webhook-signature": ""}, body),
    ]
    for each in changed:
        with pytest.raises(sample.Refused):
            sample.by_signature(*each)
    sample.SECRETS = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
    with pytest.raises(sample.Refused):
        sample.by_signature(headers, body)


def test_while_it_is_rotated_both_secrets_sign(server, person, sample):
    receiver, old = make_receiver(server, "json")
    new = receivers.rotate_secret(receiver, now=clock.now(), by=By())
    happen(person)
    run_events()
    assert len(server.headers[-1]["webhook-signature"].split()) == 2
    assert verified(sample, server, old) == verified(sample, server, new)
    assert receivers.end_old_secret(receiver, by=By())
    assert not receivers.end_old_secret(receiver, by=By())
    happen(person)
    run_events()
    assert verified(sample, server, new)
    with pytest.raises(sample.Refused):
        verified(sample, server, old)


def test_an_old_secret_signs_for_a_week_and_is_then_deleted(server, person, sample):
    receiver, old = make_receiver(server, "json")
    new = receivers.rotate_secret(receiver, now=clock.now() - OLD_SECRET_SIGNS, by=By())
    happen(person)
    run_events()
    assert verified(sample, server, new)
    with pytest.raises(sample.Refused):
        verified(sample, server, old)
    assert receivers.end_old_secrets(now=clock.now()) == 1
    assert Receiver.objects.get().sealed_old_secret == ""


def test_a_receiver_of_tokens_has_no_secret(server):
    receiver, secret = make_receiver(server, "set")
    assert (secret, receiver.sealed_secret) == ("", "")


def test_each_receiver_has_a_secret_of_its_own(server):
    secrets = [make_receiver(server, "json", name=name)[1] for name in ("a", "b")]
    assert len({*secrets}) == 2
    assert all(len(secret) > 40 for secret in secrets)
