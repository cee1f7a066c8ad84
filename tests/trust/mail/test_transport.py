"""Delivery over SMTP to a server on loopback."""

from datetime import timedelta

import environ
import pytest
from django.core.mail import EmailMultiAlternatives

from tests.mail_server import MailServer
from trust.mail.models import OutgoingMail
from trust.mail.transport import open_transport

pytestmark = pytest.mark.django_db


def send():
    message = EmailMultiAlternatives("Grüße", "한국어", "house@example.com", ["alice@x.org"], bcc=["carol@x.org"])
    message.attach_alternative("<p>한국어</p>", "text/html")
    message.send()


def test_sends_by_smtp(mail_server, deliver_mail):
    send()
    deliver_mail()
    [(recipients, message)] = mail_server.received
    assert recipients == ["alice@x.org", "carol@x.org"]
    assert message["Subject"] == "Grüße"
    assert "Bcc" not in message
    assert message.get_body(("plain",)).get_content().strip() == "한국어"
    assert message.get_body(("html",)).get_content().strip() == "<p>한국어</p>"


def test_a_server_that_refuses_for_now_gets_it_later_and_once(mail_server, deliver_mail, caplog):
    mail_server.refusal = "451 alice@x.org is greylisted"
    send()
    deliver_mail()
    assert mail_server.received == []
    assert "alice" not in caplog.text
    mail_server.refusal = ""
    deliver_mail(later=timedelta(minutes=1))
    deliver_mail(later=timedelta(minutes=2))
    assert len(mail_server.received) == 1
    assert not OutgoingMail.objects.exists()


def test_repeated_attempts_carry_the_same_message_id(mail_server, deliver_mail):
    send()
    sealed = OutgoingMail.objects.get()
    deliver_mail()
    OutgoingMail.objects.create(id=sealed.pk, sealed=sealed.sealed, attempts=1)
    deliver_mail(later=timedelta(minutes=1))
    first, second = (message["Message-ID"] for _, message in mail_server.received)
    assert first == second


def test_a_server_that_comes_back_gets_what_waited(settings, deliver_mail):
    with MailServer() as server:
        port = server.port
    settings.MAIL_TRANSPORT = environ.Env.email_url_config(f"smtp://127.0.0.1:{port}")
    send()
    deliver_mail()
    with MailServer(port) as server:
        deliver_mail(later=timedelta(minutes=1))
        assert len(server.received) == 1


def test_email_url_decides_the_transport(settings):
    url = "smtp+tls://house:p%40ss@mail.example.com:587"
    settings.MAIL_TRANSPORT = environ.Env.email_url_config(url)
    transport = open_transport()
    assert (transport.host, transport.port, transport.username, transport.password) == (
        "mail.example.com",
        587,
        "house",
        "p@ss",
    )
    assert (transport.use_tls, transport.use_ssl, transport.timeout) == (True, False, 10)


@pytest.mark.parametrize("url", ["consolemail://", "memorymail://", "dummymail://", "filemail:///tmp"])
def test_other_transports_open(settings, url):
    settings.MAIL_TRANSPORT = environ.Env.email_url_config(url)
    assert open_transport() is not None
