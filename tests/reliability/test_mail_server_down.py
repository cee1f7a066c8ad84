"""The mail server is down: pages answer the same and as fast, and the mail goes when it is back."""

import re
import time
from datetime import timedelta

import pytest

from tests.mail_server import MailServer
from trust.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db

RESET = "/accounts/password/reset/"


@pytest.fixture
def no_mail_server(settings):
    """Name a server as the transport that is not there; return its port."""
    with MailServer() as server:
        port = server.port
    settings.MAIL_TRANSPORT = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": port,
    }
    return port


def reset(client, email):
    started = time.monotonic()
    answer = client.post(RESET, {"email": email}, follow=True)
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    return answer.status_code, answer.redirect_chain, page, time.monotonic() - started


def test_a_reset_answers_the_same_whoever_asks_and_at_once(client, person, no_mail_server):
    known, unknown = reset(client, person.email), reset(client, "stranger@example.com")
    assert known[:2] == unknown[:2] == (200, [("/accounts/password/reset/done/", 302)])
    assert person.email not in known[2]
    assert max(known[3], unknown[3]) < 2
    assert OutgoingMail.objects.exists()


def test_the_mail_goes_when_the_server_is_back(client, person, no_mail_server, deliver_mail):
    reset(client, person.email)
    deliver_mail()
    waiting = OutgoingMail.objects.count()
    assert waiting
    with MailServer(no_mail_server) as server:
        deliver_mail(later=timedelta(minutes=1))
        assert len(server.received) == waiting
        [links] = [message for recipients, message in server.received if recipients == [person.email]]
    assert "http://testserver/accounts/password/reset/key/" in links.get_body(("plain",)).get_content()
    assert not OutgoingMail.objects.exists()
