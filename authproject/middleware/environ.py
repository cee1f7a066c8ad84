"""A request is what the client sent: the process's own environment, with its secrets, is no part of it.

Servers may start each WSGI environ from the process's environment variables; whatever then keeps or logs a
request would keep SECRET_KEY with it.
"""

from collections.abc import Iterable
from typing import Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_CGI: Final = frozenset(
    {
        "CONTENT_LENGTH",
        "CONTENT_TYPE",
        "PATH_INFO",
        "QUERY_STRING",
        "REMOTE_ADDR",
        "REMOTE_PORT",
        "REQUEST_METHOD",
        "SCRIPT_NAME",
        "SERVER_NAME",
        "SERVER_PORT",
        "SERVER_PROTOCOL",
        "SERVER_SOFTWARE",
    }
)


class EnvironGuard:
    """Passes on only the keys that PEP 3333 defines; those of servers have a dot in their names."""

    def __init__(self, application: WSGIApplication) -> None:
        """Keep what comes after."""
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request that holds nothing of the process."""
        kept = {
            name: value for name, value in environ.items() if name in _CGI or "." in name or name.startswith("HTTP_")
        }
        return self.application(kept, start_response)
