"""What the machine endpoints share: errors as RFC 6749 section 5.2 has them, and CORS (Fetch section 3.3)."""

import functools
import logging
from collections.abc import Callable
from typing import Final

from oauth.errors import OAuthError
from oauth.views import explaining
from trust.explain.vocabulary import Endpoint
from trust.guard.endpoint import answered_or_refused
from trust.lib import wire
from trust.lib.wire import Request, Response
from trust.limits.errors import LimitExceeded

log = logging.getLogger(__name__)

NO_STORE: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}
MayCall = Callable[[str], bool]


def saying_errors(endpoint: Endpoint) -> Callable[[wire.Endpoint], wire.Endpoint]:
    """Answer an OAuthError as JSON and leave a record of it; its detail goes to the log alone."""

    def decorate(answer: wire.Endpoint) -> wire.Endpoint:
        @functools.wraps(answer)
        async def answered(request: Request) -> Response:
            try:
                return await answer(request)
            except OAuthError as error:
                if not error.is_refusal:
                    return refused(error, uri="")
                log.info("%s %s: %s", request.path, error.error, error)
                return refused(error, uri=explaining.of_machine(request, error, endpoint))
            except LimitExceeded as limited:
                explaining.of_limit(request, limited, endpoint)
                raise

        return answered

    return decorate


def refused(error: OAuthError, *, uri: str) -> Response:
    """Return the answer to a refusal (RFC 6749 section 5.2)."""
    headers = {**NO_STORE, **error.headers}
    return Response(status=error.status_code, body=error.members(uri=uri), headers=headers)


def open_to(may_call: MayCall, *, methods: str) -> Callable[[wire.Endpoint], wire.Endpoint]:
    """Let scripts of other origins read the answers, errors too, never with credentials (Fetch standard, CORS)."""

    def decorate(endpoint: wire.Endpoint) -> wire.Endpoint:
        @functools.wraps(endpoint)
        async def answered(request: Request) -> Response:
            origin = request.headers.get("origin", "")
            allowed = bool(origin) and may_call(origin)
            if request.method == "OPTIONS":
                return Response(status=204, headers=_preflight(origin, methods) if allowed else _VARY)
            response = await answered_or_refused(endpoint(request))
            headers = dict(response.headers) | (_allowing(origin) if allowed else _VARY)
            return Response(status=response.status, body=response.body, headers=headers)

        return answered

    return decorate


_VARY: Final = {"Vary": "Origin"}


def _allowing(origin: str) -> dict[str, str]:
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "WWW-Authenticate, Retry-After, DPoP-Nonce",
        "Cross-Origin-Resource-Policy": "cross-origin",
        **_VARY,
    }


def _preflight(origin: str, methods: str) -> dict[str, str]:
    return {
        **_allowing(origin),
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": "Authorization, Content-Type, DPoP",
        "Access-Control-Max-Age": "600",
    }
