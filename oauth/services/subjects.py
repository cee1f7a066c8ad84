"""What clients call people and their sessions: the same for all, or another name in each sector (pairwise)."""

import hashlib
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from accounts.models import User
from oauth.client_metadata import ClientDescription
from oauth.models import PairwiseSubject
from oauth.vocabulary import SubjectType


@dataclass(frozen=True, slots=True)
class Told:
    """What a client is told: `sub`, and the `sid` of a session if there is one."""

    subject: str
    session_id: str | None


def told(client: ClientDescription, *, user_id: uuid.UUID, session_id: uuid.UUID | None) -> Told:
    """Return what a client calls a person and their session; the first time in a sector a name is made."""
    return _told(client, subject_of(client, user_id=user_id), session_id)


def told_before(client: ClientDescription, *, user_id: uuid.UUID, session_id: uuid.UUID) -> Told | None:
    """Return what a client calls a person and their session, or None where its sector never heard of the person."""
    subject = known_subject_of(client, user_id=user_id)
    return None if subject is None else _told(client, subject, session_id)


def subject_of(client: ClientDescription, *, user_id: uuid.UUID) -> str:
    """Return what a client calls a person; the first time in a sector a name is made."""
    if client.subject_type is SubjectType.PUBLIC:
        return str(user_id)
    row, _ = PairwiseSubject.objects.get_or_create(user_id=user_id, sector=client.sector)
    return str(row.subject)


def known_subject_of(client: ClientDescription, *, user_id: uuid.UUID) -> str | None:
    """Return what a client calls a person, or None where no name was made in its sector yet: looking makes none."""
    if client.subject_type is SubjectType.PUBLIC:
        return str(user_id)
    row = PairwiseSubject.objects.of_person(user_id, client.sector).first()
    return None if row is None else str(row.subject)


def person_of(client: ClientDescription, subject: str) -> uuid.UUID | None:
    """Return whom a client calls so, or None. What another sector calls somebody names nobody here."""
    try:
        key = uuid.UUID(subject)
    except ValueError:
        return None
    if str(key) != subject:  # one person, one name
        return None
    people = User.objects.by_id(key).values_list("pk", flat=True)
    if client.subject_type is SubjectType.PAIRWISE:
        people = PairwiseSubject.objects.called(key, client.sector).values_list("user_id", flat=True)
    person: uuid.UUID | None = people.first()
    return person


def _told(client: ClientDescription, subject: str, session_id: uuid.UUID | None) -> Told:
    """Name the session too. A pairwise `sid` is a digest of the session and the pairwise subject.

    Both are random: two sectors cannot compare.
    """
    if session_id is None or client.subject_type is SubjectType.PUBLIC:
        return Told(subject, None if session_id is None else str(session_id))
    digest = hashlib.sha256(f"{session_id} {subject}".encode()).digest()
    return Told(subject, urlsafe_b64encode(digest).rstrip(b"=").decode("ascii"))
