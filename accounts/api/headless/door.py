"""One door of the headless API: what all have in common, whatever the view of allauth's behind it does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ClassVar, Final

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate, get_reauthentication_flows
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.headless.base.response import ConflictResponse, ReauthenticationResponse
from allauth.headless.constants import Client
from allauth.headless.internal.decorators import app_view, browser_view
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _

from accounts.api.headless.answers import completed, refused
from accounts.api.headless.state import SessionState
from accounts.middleware import note_use
from accounts.views.recent_proof import signed_in_now
from trust.guard.exceptions import Refused
from trust.guard.refusal import Refusal
from trust.guard.refusal_of import refusal_of
from trust.lib.strict_json import parse_json
from trust.limits.errors import LimitExceeded

_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
View = Callable[..., HttpResponse]


class Door:
    """Mixed into a view of allauth's, before it."""

    # Whether it is only for who is not signed in.
    is_entrance: ClassVar[bool] = False
    # Whether it changes how somebody gets at the account: that wants a fresh proof, before anything is looked at.
    is_sensitive: ClassVar[bool] = False
    # Members of the body that are not text.
    structured: ClassVar[frozenset[str]] = frozenset()
    client: Client
    request: HttpRequest

    @classmethod
    def as_door(cls, client: Client) -> View:
        """Return the view for one of the two clients."""
        view = cls.as_view(client=client)  # type: ignore[attr-defined]
        return _answering(app_view(view) if client == Client.APP else browser_view(view), cls.methods(), client)

    @classmethod
    def methods(cls) -> tuple[str, ...]:
        """Return what may be asked here: what the view answers, and nothing that Django adds."""
        return tuple(method for method in _METHODS if hasattr(cls, method.lower()))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer; for an app, within the state of its API session."""
        with _session_of_app(request) if self.client == Client.APP else _nothing():
            if self.is_entrance and request.user.is_authenticated:
                return _of_library(ConflictResponse(request))
            if request.user.is_authenticated and self.wants_fresh_proof(request) and not _has_proved(request):
                return _of_library(ReauthenticationResponse(request))
            return _of_library(super().dispatch(request, *args, **kwargs))  # type: ignore[misc]

    def wants_fresh_proof(self, request: HttpRequest) -> bool:
        """Tell whether what is asked is sensitive; to look is not."""
        return self.is_sensitive and request.method != "GET"

    def _parse_json(self, request: HttpRequest) -> dict[str, Any] | None:
        """Return the members of the body, read strictly. Raises Refused, MalformedJson."""
        if not request.body:
            return None
        if request.content_type != "application/json":
            raise Refused(Refusal(status=415, code="unsupported_media_type"))
        members = parse_json(request.body)
        if not isinstance(members, dict):
            raise Refused(Refusal(status=400, code="invalid"))
        odd = [
            name for name, value in members.items() if isinstance(value, dict | list) and name not in self.structured
        ]
        if odd:
            raise Refused(Refusal(status=400, code="invalid", extra={"errors": [_not_text(name) for name in odd]}))
        return members

    def handle_invalid_input(self, input: Form) -> HttpResponse:  # noqa: A002 - allauth's name
        """Answer 400, or 429 where a limit was what refused. Raises LimitExceeded."""
        answer: HttpResponse = super().handle_invalid_input(input)  # type: ignore[misc]
        for errors in input.errors.as_data().values():
            for error in errors:
                if isinstance(error.__cause__, LimitExceeded):
                    raise error.__cause__
        return answer


def _has_proved(request: Any) -> bool:
    """Tell whether it is still the person who asks.

    Who has nothing here to prove themselves by must have signed in a moment ago: allauth lets them through
    (accounts/views/recent_proof.py).
    """
    if get_reauthentication_flows(request.user):
        return bool(did_recently_reauthenticate(request))
    return signed_in_now(request)


def _of_library(answer: Any) -> HttpResponse:
    typed: HttpResponse = answer
    return typed


def _not_text(name: str) -> dict[str, str]:
    return {"message": _("Not a valid string."), "code": "invalid", "param": name}


def _answering(view: View, methods: tuple[str, ...], client: Client) -> View:
    """Return the view with our answers: every refusal in our shape, nothing stored, and for a browser its CSRF token.

    The token's cookie is out of the reach of scripts; a header is read by our own origin alone.
    """

    @wraps(view)  # whether CSRF is checked is an attribute of the view
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in methods:
            answer = refused(Refusal(status=405, code="method_not_allowed"))
            answer.headers["Allow"] = ", ".join(methods)
            return answer
        answer = _answered(view, request, *args, **kwargs)
        answer.headers["Cache-Control"] = "no-store"
        if client == Client.BROWSER:
            answer.headers["X-CSRFToken"] = get_token(request)
        return answer

    return door


def _answered(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        return completed(view(request, *args, **kwargs))
    except ImmediateHttpResponse as immediate:
        return completed(immediate.response)
    except Exception as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        return refused(refusal)


@contextmanager
def _session_of_app(request: Any) -> Iterator[None]:
    """Let `account_session` be the API session of the access token; a browser's cookie says nothing here."""
    of_cookie = getattr(request, "account_session", None)
    request.account_session = getattr(request.session, "session", None)
    try:
        yield
        _settle(request)
    finally:
        request.account_session = of_cookie


def _settle(request: Any) -> None:
    """Note the use; and where somebody has just signed in, let nothing but their tokens open what the steps left."""
    session = request.account_session
    if session is None:
        return
    if not isinstance(request.session, SessionState):
        request.session = SessionState.taken_over(session, request.session)
    note_use(request)


@contextmanager
def _nothing() -> Iterator[None]:
    yield
