"""What the mail tests need: the house's own backend, the queue run in process, a mail server."""

import pytest

from tests.mail_server import MailServer


@pytest.fixture
def mail_server(settings):
    """Start a mail server on loopback and make it the transport."""
    with MailServer() as server:
        settings.MAIL_TRANSPORT = {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": server.port,
            "EMAIL_HOST_USER": None,
            "EMAIL_HOST_PASSWORD": None,
        }
        yield server
