"""The real transport: the mail server that EMAIL_URL names, or the console."""

from typing import Any, Final

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from trust.mail.conf import TRANSPORT_TIMEOUT_SECONDS

_ARGUMENTS: Final = {
    "EMAIL_HOST": "host",
    "EMAIL_PORT": "port",
    "EMAIL_HOST_USER": "username",
    "EMAIL_HOST_PASSWORD": "password",
    "EMAIL_USE_TLS": "use_tls",
    "EMAIL_USE_SSL": "use_ssl",
    "EMAIL_FILE_PATH": "file_path",
}


def open_transport() -> BaseEmailBackend:
    """Return Django's backend for MAIL_TRANSPORT; each of its network steps is given up after a while."""
    transport: dict[str, Any] = settings.MAIL_TRANSPORT
    arguments = {argument: transport[name] for name, argument in _ARGUMENTS.items() if transport.get(name)}
    return get_connection(transport["EMAIL_BACKEND"], timeout=TRANSPORT_TIMEOUT_SECONDS, **arguments)
