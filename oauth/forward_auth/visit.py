"""A request to a site behind a proxy, as the proxy tells of it by the headers X-Forwarded-*."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from oauth.vocabulary import SITE_CALLBACK

CALLBACK_PATH: Final = SITE_CALLBACK
_HOST: Final = re.compile(r"[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:]{2,39}\](:[0-9]{1,5})?")
_PATH: Final = re.compile(r"/[\x21-\x7E]*")


class UnknownVisit(Exception):
    """The proxy did not say which address of which site was asked for."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What was asked of the site. `origin` is its scheme, host and port; `path` has the query with it."""

    origin: str
    path: str
    navigates: bool

    @property
    def callback(self) -> str:
        """The redirect URI that the site is registered with."""
        return self.origin + CALLBACK_PATH

    @property
    def is_callback(self) -> bool:
        """Whether the browser comes back from our authorization endpoint."""
        return self.path.partition("?")[0] == CALLBACK_PATH

    @property
    def query(self) -> str:
        """What stands behind the question mark."""
        return self.path.partition("?")[2]


def visit_of(headers: Mapping[str, str]) -> Visit:
    """Return the visit. Raises UnknownVisit.

    Anybody may write these headers who can reach us without the proxy: nothing is believed of them but what a client
    is registered with, and they move nobody but the browser that sent them.
    """
    scheme, host = headers.get("x-forwarded-proto", ""), headers.get("x-forwarded-host", "")
    path = headers.get("x-forwarded-uri", "")
    if scheme not in {"http", "https"} or not _HOST.fullmatch(host) or not _PATH.fullmatch(path):
        raise UnknownVisit
    return Visit(f"{scheme}://{host.lower()}", path, _navigates(headers))


def _navigates(headers: Mapping[str, str]) -> bool:
    """Tell whether a person waits for a page: a script could do nothing with a redirect to one for signing in."""
    if headers.get("x-forwarded-method", "GET") not in {"GET", "HEAD"}:
        return False
    mode = headers.get("sec-fetch-mode")  # Fetch metadata; what does not say it is asked what it takes
    return mode == "navigate" if mode else "text/html" in headers.get("accept", "")
