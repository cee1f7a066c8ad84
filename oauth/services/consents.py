"""Consents: what a person answered a client, remembered; it changes with every answer and goes with the app."""

import uuid
from typing import Final

from django.db import transaction

from oauth.authorization_detail import each_of, members_of, together
from oauth.given_consent import GivenConsent
from oauth.models import Consent
from oauth.services import authorization_detail_types
from trust.audit.record import record
from trust.lib.origin import Origin

_MOST_DETAILS: Final = 20  # the last ones that were allowed: more is asked again


def given(*, user_id: uuid.UUID, client_pk: int) -> GivenConsent | None:
    """Return what a person answered a client, or None if they were never asked."""
    consent = Consent.objects.given(user_id, client_pk).first()
    return None if consent is None else described(consent)


def described(consent: Consent) -> GivenConsent:
    """Return a row as a value."""
    return GivenConsent(
        allowed=frozenset(consent.scope.split()),
        declined=frozenset(consent.declined.split()),
        details=frozenset(each_of(consent.authorization_details)),
    )


@transaction.atomic
def give(
    *,
    user_id: uuid.UUID,
    client_pk: int,
    client_id: str,
    scope: tuple[str, ...],
    origin: Origin,
    declined: tuple[str, ...] = (),
    details: tuple[str, ...] = (),
) -> None:
    """Remember that a person allowed a client these scopes and details, and unticked others, beside what was before.

    The last answer counts: what is unticked now was allowed before no more. `details` are JSON texts (RFC 9396), of
    which those are forgotten that people are asked about each time: they may happen once.
    """
    consent, _first = Consent.objects.select_for_update().get_or_create(user_id=user_id, client_id=client_pk)
    consent.scope = _joined(consent.scope.split(), scope, but=declined)
    consent.declined = _joined(consent.declined.split(), declined, but=scope)
    if lasting := _lasting(details):
        kept = dict.fromkeys([*lasting, *each_of(consent.authorization_details)])
        consent.authorization_details = together(list(kept)[:_MOST_DETAILS])
    consent.save()
    types = [members_of(detail)["type"] for detail in details]  # alone: the rest may say much of the person
    said = {"scope": " ".join(scope), "declined": " ".join(declined), "authorization_details_types": " ".join(types)}
    record(
        "consent.given",
        subject=user_id,
        client_id=client_id,
        origin=origin,
        details={name: value for name, value in said.items() if value or name == "scope"},
    )


def _joined(before: list[str], more: tuple[str, ...], *, but: tuple[str, ...]) -> str:
    return " ".join(name for name in dict.fromkeys([*before, *more]) if name not in but)


def _lasting(details: tuple[str, ...]) -> list[str]:
    types = authorization_detail_types.registered()
    named = [(types.get(members_of(detail)["type"]), detail) for detail in details]
    return [detail for of_type, detail in named if of_type is not None and not of_type.asks_each_time]
