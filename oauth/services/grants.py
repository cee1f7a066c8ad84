"""Grants: what one authorization allowed. Ending one kills its refresh token and its access tokens."""

import uuid
from datetime import datetime
from itertools import chain

from django.db import transaction

from accounts.models import Session
from oauth.models import AuthorizationCode, Client, Consent, DeviceAuthorization, RefreshToken
from trust.audit.record import record
from trust.lib.clock import DatabaseNow
from trust.lib.origin import Origin
from trust.revocation.models import Kind
from trust.revocation.revoke import revoke


@transaction.atomic
def end(
    *,
    grant: uuid.UUID,
    reason: str,
    user_id: uuid.UUID,
    client_id: str,
    actor: uuid.UUID | None = None,
    origin: Origin = Origin(),
) -> None:
    """End a grant, now and for every process; `actor` is who did it, if that is not the person."""
    RefreshToken.objects.of_grant(grant).not_revoked().update(revoked=DatabaseNow())
    revoke(Kind.GRANT, str(grant))
    details = {"grant": str(grant), "reason": reason}
    record("grant.ended", subject=user_id, actor=actor, client_id=client_id, origin=origin, details=details)


def end_of_sign_in(session_id: uuid.UUID) -> datetime | None:
    """Return when the session is over at the latest, or None if it is not there."""
    ends: datetime | None = Session.objects.by_id(session_id).values_list("expires_at", flat=True).first()
    return ends


@transaction.atomic
def revoke_app(*, user_id: uuid.UUID, client_pk: int, actor: uuid.UUID | None = None, origin: Origin) -> None:
    """Take back everything that a person allowed a client: the consent, the grants, their tokens.

    The codes first: an exchange that is under way is waited for, and what it gave is seen.
    """
    codes = [model.objects.granted_to(user_id, client_pk) for model in (AuthorizationCode, DeviceAuthorization)]
    for one in codes:
        one.spend()
    refreshing = RefreshToken.objects.granted_to(user_id, client_pk).not_revoked().values_list("grant", flat=True)
    client_id = Client.objects.by_pk(client_pk).get().client_id
    for grant in {*chain.from_iterable(one.values_list("grant", flat=True) for one in codes), *refreshing}:
        end(grant=grant, reason="app_revoked", user_id=user_id, client_id=client_id, actor=actor, origin=origin)
    Consent.objects.given(user_id, client_pk).delete()
    record("consent.revoked", subject=user_id, actor=actor, client_id=client_id, origin=origin)


def session_ended(*, user_id: uuid.UUID, session_id: uuid.UUID | None, reason: str) -> None:
    """End what hangs on a session that ended. A hook of SESSION_ENDED.

    What is not for offline use ends with its own session. Offline grants survive a sign-out, and end where all
    sessions of their person were ended: at a changed password or factor, a deactivation, by "end all".
    """
    if session_id is None:
        AuthorizationCode.objects.of_user(user_id).offline().spend()  # waits for an exchange under way
        DeviceAuthorization.objects.of_user(user_id).offline().spend()
        hanging = RefreshToken.objects.of_user(user_id).not_revoked().offline()
    else:
        hanging = RefreshToken.objects.of_session(session_id).not_revoked().online()
    for token in hanging.select_related("application"):
        client_id = token.application.client_id
        end(grant=token.grant, reason=f"session_{reason}", user_id=user_id, client_id=client_id)
