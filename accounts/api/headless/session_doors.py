"""The doors of sessions: where the person is signed in, by the rows that all other doors know, in allauth's shape."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.internal.httpkit import authenticated_user
from allauth.headless.base.response import AuthenticationResponse
from allauth.headless.base.views import AuthenticatedAPIView
from allauth.headless.internal.restkit.response import APIResponse
from django.http import HttpRequest, HttpResponse

from accounts.api.headless.door import Door
from accounts.api.headless.inputs import EndSessionsInput
from accounts.models import Session
from accounts.services import sessions
from trust.lib.origin import origin_of


class SessionsView(Door, AuthenticatedAPIView):
    """The person's live sessions, the one used last first."""

    structured = frozenset({"sessions"})
    input_class = {"DELETE": EndSessionsInput}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """List them."""
        own = Session.objects.of_user(authenticated_user(request).pk).alive()
        current = request.account_session.pk  # type: ignore[attr-defined]
        answer: HttpResponse = APIResponse(
            request, data=[_shown(session, is_current=session.pk == current) for session in own]
        )
        return answer

    def delete(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End some; what is not the person's own is not looked at. Who ends this one is signed out."""
        current = request.account_session.pk  # type: ignore[attr-defined]
        own = Session.objects.of_user(authenticated_user(request).pk).alive()
        ending = {session.pk for session in own}.intersection(self.input.cleaned_data["sessions"])
        for session_id in ending - {current}:
            sessions.end(session_id=session_id, reason="ended_by_person", origin=origin_of(request))
        if current not in ending:
            return self.get(request)
        get_adapter().logout(request)
        answer: HttpResponse = AuthenticationResponse(request)
        return answer


def _shown(session: Session, *, is_current: bool) -> dict[str, Any]:
    return {
        "id": str(session.pk),
        "kind": session.kind,
        "is_current": is_current,
        "created_at": session.created.timestamp(),
        "last_seen_at": session.last_seen.timestamp(),
        "ip": session.client_address,
        "user_agent": session.user_agent,
    }
