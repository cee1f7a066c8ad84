"""The outbox: written with the transaction that asked for it, readable by nobody."""

import json

import pytest
from django.core import mail
from django.core.mail import BadHeaderError, EmailMessage, EmailMultiAlternatives, send_mail
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from trust.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db

LINK = "https://id.example.com/reset/a-bearer-secret/"


def send(**named):
    return send_mail(
        **({"subject": "Reset", "message": LINK, "from_email": None, "recipient_list": ["alice@x.org"]} | named)
    )


def test_sending_only_queues():
    assert send() == 1
    assert mail.outbox == []
    assert OutgoingMail.objects.count() == 1
    job = DBTaskResult.objects.get()
    assert (job.queue_name, job.status) == ("mail", "READY")


def test_nothing_readable_is_in_the_database():
    send()
    sealed = OutgoingMail.objects.get().sealed
    arguments = json.dumps(DBTaskResult.objects.get().args_kwargs)
    for secret in (LINK, "alice", "Reset"):
        assert secret not in sealed
        assert secret not in arguments


def test_a_delivered_mail_leaves_nothing_but_a_useless_id(deliver_mail):
    send()
    assert len(deliver_mail()) == 1
    assert not OutgoingMail.objects.exists()
    for job in DBTaskResult.objects.all():
        [identifier, attempt] = job.args_kwargs["args"]
        assert (len(identifier), type(attempt)) == (36, int)
        assert "alice" not in f"{job.return_value}{job.traceback}"


def test_every_part_of_a_message_arrives(deliver_mail):
    message = EmailMultiAlternatives(
        _("Confirm"),
        "plain",
        "House <house@example.com>",
        ["alice@x.org"],
        cc=["bob@x.org"],
        bcc=["carol@x.org"],
        reply_to=["help@example.com"],
        headers={"X-Kind": "confirm"},
    )
    message.attach_alternative("<p>rich</p>", "text/html")
    message.send()
    [sent] = deliver_mail()
    assert (sent.subject, sent.body, sent.from_email) == ("Confirm", "plain", "House <house@example.com>")
    assert (sent.to, sent.cc, sent.bcc, sent.reply_to) == (
        ["alice@x.org"],
        ["bob@x.org"],
        ["carol@x.org"],
        ["help@example.com"],
    )
    assert [tuple(part) for part in sent.alternatives] == [("<p>rich</p>", "text/html")]
    assert sent.extra_headers["X-Kind"] == "confirm"


def test_a_message_that_is_html_alone_stays_so(deliver_mail):
    message = EmailMessage("Hello", "<p>rich</p>", to=["alice@x.org"])
    message.content_subtype = "html"
    message.send()
    [sent] = deliver_mail()
    assert sent.message().get_content_type() == "text/html"


@pytest.mark.spec("RFC 3834", "5")
def test_mail_says_that_a_machine_wrote_it_and_names_no_machine(deliver_mail):
    send()
    [sent] = deliver_mail()
    written = sent.message()
    assert written["Auto-Submitted"] == "auto-generated"
    assert written["Message-ID"].endswith("@testserver>")


def test_a_callers_own_message_id_is_kept(deliver_mail):
    EmailMessage("Hello", "body", to=["alice@x.org"], headers={"message-id": "<mine@example.com>"}).send()
    [sent] = deliver_mail()
    assert sent.message().get_all("Message-ID") == ["<mine@example.com>"]


@pytest.mark.parametrize(
    "named",
    [
        {"subject": "Hello\nBcc: mallory@x.org"},
        {"subject": "Hello\r\nBcc: mallory@x.org"},
        {"from_email": "house@example.com\nBcc: mallory@x.org"},
        {"recipient_list": ["alice@x.org\nBcc: mallory@x.org"]},
    ],
)
def test_refuses_a_header_that_would_carry_another(named):
    with pytest.raises(BadHeaderError):
        send(**named)
    assert not OutgoingMail.objects.exists()


def test_refuses_an_injected_reply_to():
    with pytest.raises(BadHeaderError):
        EmailMessage("Hello", "x", to=["alice@x.org"], reply_to=["help@x.org\nBcc: m@x.org"]).send()


def test_refuses_attachments_rather_than_lose_them():
    message = EmailMessage("Hello", "body", to=["alice@x.org"])
    message.attach("a.txt", "text")
    with pytest.raises(ValueError, match="attachments"):
        message.send()


def test_several_messages_are_queued_all_or_none():
    good = EmailMessage("Hello", "body", to=["alice@x.org"])
    bad = EmailMessage("Hello\nX: y", "body", to=["bob@x.org"])
    with pytest.raises(BadHeaderError):
        mail.get_connection().send_messages([good, bad])
    assert not OutgoingMail.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_a_message_to_nobody_is_not_queued():
    assert mail.get_connection().send_messages([EmailMessage("Hello", "body")]) == 0
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_mail_goes_only_if_what_it_speaks_of_was_committed(deliver_mail):
    with transaction.atomic():
        send()
        transaction.set_rollback(True)
    assert deliver_mail() == []
    with transaction.atomic():
        send()
        assert connection.in_atomic_block
    assert len(deliver_mail()) == 1
