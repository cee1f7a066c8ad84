"""What the machine endpoints share: errors as RFC 6749 section 5.2 has them, strict forms, CORS (Fetch section 3.3)."""

import functools
import logging
from collections.abc import Callable
from typing import Final

from oauth.errors import InvalidRequest, OAuthError
from oauth.protocol import rfc6749_parameters
from oauth.protocol.rfc6749_parameters import Parameters
from trust.guard.endpoint import answered_or_refused
from trust.lib.wire import Endpoint, Request, Response

log = logging.getLogger(__name__)

_FORM: Final = "application/x-www-form-urlencoded"
NO_STORE: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}
MayCall = Callable[[str], bool]


def saying_errors(endpoint: Endpoint) -> Endpoint:
    """Answer an OAuthError as JSON; its detail goes to the log alone."""

    @functools.wraps(endpoint)
    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except OAuthError as error:
            log.info("%s %s: %s", request.path, error.error, error)
            return refused(error)

    return answered


def refused(error: OAuthError) -> Response:
    """Return the answer to a refusal (RFC 6749 section 5.2)."""
    return Response(status=error.status_code, body=error.members(), headers={**NO_STORE, **error.headers})


def form_of(request: Request) -> Parameters:
    """Return the parameters of a form body; those of the query are not looked at. Raises InvalidRequest."""
    if request.body and not is_form(request):
        raise InvalidRequest("The body must be application/x-www-form-urlencoded.")
    try:
        return rfc6749_parameters.parse(request.body.decode("utf-8"))
    except UnicodeDecodeError as malformed:
        raise InvalidRequest from malformed


def is_form(request: Request) -> bool:
    """Tell whether the body says that it is a form."""
    return request.media_type == _FORM


def open_to(may_call: MayCall, *, methods: str) -> Callable[[Endpoint], Endpoint]:
    """Let scripts of other origins read the answers, errors too, never with credentials (Fetch standard, CORS)."""

    def decorate(endpoint: Endpoint) -> Endpoint:
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
        "Access-Control-Expose-Headers": "WWW-Authenticate, Retry-After",
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
