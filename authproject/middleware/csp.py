"""The Content-Security-Policy: django-csp's, made once for all answers that say nothing of their own."""

from collections.abc import Callable
from typing import Any, Final

from csp.constants import HEADER
from csp.middleware import CSPMiddleware as EachTime
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# By these, views tell django-csp what their answers need.
_OWN: Final = frozenset({"_csp_config", "_csp_update", "_csp_replace", "_csp_exempt"})


class CSPMiddleware(EachTime):
    """Gives each answer its policy. There are no nonces: scripts and styles come from our files alone."""

    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Make the policy of most answers."""
        super().__init__(get_response)
        self._answer: Callable[[HttpRequest], Any] = get_response
        self._policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; who has a policy in the header already keeps it."""
        response: HttpResponseBase = self._answer(request)
        if settings.DEBUG or not _OWN.isdisjoint(vars(response)):
            return self.process_response(request, response)  # no policy for Django's own pages of errors
        response.headers.setdefault(HEADER, self._policy)
        return response
