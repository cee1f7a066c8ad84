"""How a refusal is explained: it leaves a record (trust/explain), and its answer names where that is read."""

from traceback import walk_tb
from typing import Final

from django.conf import settings

from oauth.errors import OAuthError
from oauth.protocol.authorization import Refused
from oauth.protocol.rfc6749_client_authentication import presented
from oauth.views.form import form_of
from trust.explain.finding import Finding
from trust.explain.note import note
from trust.explain.vocabulary import Endpoint, Found
from trust.lib.wire import Request
from trust.limits.errors import LimitExceeded

_RULES: Final = "oauth.protocol."
# Which call the checks, and are checks themselves where they refuse.
_TABLES: Final = frozenset({"token.respond", "par.push", "authorization.checked"})
_LIMITED: Final = "throttled"


def uri_of(error: OAuthError, *, endpoint: Endpoint, client_id: str, step: str) -> str:
    """Leave a record of a refusal; return the `error_uri` that leads to it (RFC 6749 section 5.2), or nothing."""
    reference = note(endpoint, error=error.error, step=step, finding=error.finding, client_id=client_id)
    return address_of(reference) if reference else ""


def address_of(reference: str) -> str:
    """Return where a record is read."""
    return f"{settings.ISSUER}/oauth/errors/{reference}"


def shown(address: str) -> dict[str, str]:
    """Return what a page needs to show a reference and to link to what it stands for."""
    return {"reference": address.rpartition("/")[2], "explained_at": address}


def of_authorization(refused: Refused) -> str:
    """Leave a record of an authorization request that was refused; return its `error_uri`."""
    asked = refused.request
    client_id = asked.client.client_id if asked.client else asked.parameters.get("client_id")
    return uri_of(refused.error, endpoint=Endpoint.AUTHORIZATION, client_id=client_id, step=refused.step)


def of_machine(request: Request, error: OAuthError, endpoint: Endpoint) -> str:
    """Leave a record of a request of a program; return its `error_uri`."""
    return uri_of(error, endpoint=endpoint, client_id=_client_id(request, endpoint), step=_step_of(error) or endpoint)


def of_limit(request: Request, limited: LimitExceeded, endpoint: Endpoint) -> None:
    """Leave a record of a request of a program that came too soon after others."""
    limited_at(endpoint, limited, client_id=_client_id(request, endpoint))


def limited_at(endpoint: Endpoint, limited: LimitExceeded, *, client_id: str) -> None:
    """Leave a record of a request that came too soon after others."""
    finding = Finding(found=Found.LIMITED, number=limited.retry_after)
    note(endpoint, error=_LIMITED, step="limits", finding=finding, client_id=client_id)


def _client_id(request: Request, endpoint: Endpoint) -> str:
    """Return the client that a request says it is of, unproved."""
    if endpoint is Endpoint.REGISTRATION:
        return request.path.partition("/register/")[2].rstrip("/")
    try:
        return presented(form_of(request), request.headers.get("authorization", ""))[0]
    except OAuthError:
        return ""


def _step_of(error: OAuthError) -> str:
    """Return the check that refused: the first of the rules on the way to where it was found, by its room and name.

    Never the innermost: that would tell which of several reasons it was.
    """
    frames = (frame for frame, _ in walk_tb(error.__traceback__))
    names = [(frame.f_globals.get("__name__", ""), frame.f_code.co_name) for frame in frames]
    steps = [f"{module.removeprefix(_RULES)}.{name}" for module, name in names if module.startswith(_RULES)]
    return next((step for step in steps if step not in _TABLES), *steps[:1]) if steps else ""
