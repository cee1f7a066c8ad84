"""People whose every session and token ends because a trusted client says so: found, signed out, told."""

import uuid

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.services import devices, letters, sessions
from oauth.models import RefreshToken
from oauth.registered_client import RegisteredClient
from oauth.services import clients, subjects
from trust.audit.record import record
from trust.lib.origin import Origin
from trust.revocation.models import Kind
from trust.revocation.revoke import revoke as revoke_entry

REASON = "global_revocation"


def by_subject(subject: str, *, client: RegisteredClient) -> uuid.UUID | None:
    """Return the person whom the client calls so and may have among its people, or None."""
    return _admitted(subjects.person_of(client, subject), client)


def by_address(email: str, *, client: RegisteredClient) -> uuid.UUID | None:
    """Return the person whose address this is, proved, and whom the client may have among its people, or None."""
    person = User.objects.with_proved_address(email).values_list("pk", flat=True).first()
    return _admitted(person, client)


@transaction.atomic
def revoke(*, user_id: uuid.UUID, client: RegisteredClient, named_by: str, origin: Origin) -> bool:
    """End all sessions of a person, what is for offline use too, and every token that was issued up to now.

    They are told, where there was anything to end: whoever says it again floods no mailbox. False if nobody is there.
    """
    user = User.objects.by_id(user_id).select_for_update(no_key=True).first()
    if user is None:
        return False
    offline = RefreshToken.objects.of_user(user_id).not_revoked().offline().exists()
    devices.forget(user=user)
    ended = sessions.end_all(user=user, reason=REASON)
    revoke_entry(Kind.USER, str(user_id))
    details = {"format": named_by, "sessions": ended}
    record("person.tokens_revoked", subject=user_id, client_id=client.client_id, origin=origin, details=details)
    if (ended or offline) and user.is_active:
        letters.send(
            user=user,
            template="tokens_revoked",
            path=reverse("account_activity"),
            client_name=client.shown_name,
        )
    return True


def _admitted(user_id: uuid.UUID | None, client: RegisteredClient) -> uuid.UUID | None:
    if user_id is None or not clients.admits(client_pk=client.pk, user_id=user_id):
        return None
    return user_id
