"""Consents: what a person allowed a client, remembered; it grows with what is allowed and goes with the app."""

import uuid

from django.db import transaction

from oauth.models import Consent
from trust.audit.record import record
from trust.lib.origin import Origin


def given(*, user_id: uuid.UUID, client_pk: int) -> frozenset[str] | None:
    """Return the scopes that a person allowed a client, or None if they were never asked."""
    consent = Consent.objects.given(user_id, client_pk).first()
    return None if consent is None else frozenset(consent.scope.split())


@transaction.atomic
def give(*, user_id: uuid.UUID, client_pk: int, client_id: str, scope: tuple[str, ...], origin: Origin) -> None:
    """Remember that a person allowed a client these scopes, beside those before."""
    consent, first = Consent.objects.get_or_create(
        user_id=user_id, client_id=client_pk, defaults={"scope": " ".join(scope)}
    )
    if not first:
        consent.scope = " ".join(dict.fromkeys([*consent.scope.split(), *scope]))
        consent.save(update_fields=["scope", "updated"])
    record("consent.given", subject=user_id, client_id=client_id, origin=origin, details={"scope": " ".join(scope)})
