"""The person whom an authorization request meets: who is signed in, and what they gave its client before."""

from django.http import HttpRequest

from accounts import second_factor
from accounts.vocabulary import Acr
from oauth.protocol.pending import AuthorizationRequest, Person
from oauth.services import clients, consents, subjects
from oauth.views import asked


def person_of(request: HttpRequest, checked: AuthorizationRequest) -> Person | None:
    """Return who is signed in, as the client of the request may know them, or None."""
    session = getattr(request, "account_session", None)
    if session is None:
        return None
    client = checked.known_client
    return Person(
        user_id=session.user_id,
        subject=subjects.known_subject_of(client, user_id=session.user_id),
        session_id=session.pk,
        act=str(session.impersonator_id or ""),
        auth_time=session.auth_time,
        acr=session.acr,
        reachable_acr=_reachable_acr(request) if checked.acr_values else "",
        is_admitted=clients.admits(client_pk=client.pk, user_id=session.user_id),
        consented=consents.given(user_id=session.user_id, client_pk=client.pk),
        asked_at=asked.asked_at(request, checked),
        has_chosen_account=asked.has_chosen_account(request, checked, session_id=session.pk),
    )


def _reachable_acr(request: HttpRequest) -> str:
    if second_factor.has_one(request.user, kinds=["webauthn"]):
        return Acr.PHR
    return Acr.AAL2 if second_factor.has_one(request.user) else Acr.AAL1
