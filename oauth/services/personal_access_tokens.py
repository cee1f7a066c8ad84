"""Personal access tokens: made by a person for their own programs, read when one is shown, and ended.

A token acts for its person by the scopes that they chose, and never as a client of ours: it opens no view but by a
scope that the view names. It is no sign-in either, and proves nothing of when its person was last there.
"""

import logging
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.conf import settings
from django.db import Error as DatabaseFailed
from django.db import transaction

from accounts.models import Session, User
from accounts.services import notices
from accounts.services.notices import Notice
from oauth.conf import MOST_PERSONAL_TOKENS, PERSONAL_TOKEN_USE_RESOLUTION
from oauth.models import PersonalAccessToken
from oauth.services import people, scopes
from oauth.services.personal_access_token_value import is_whole, new_value
from oauth.vocabulary import NEVER_PERSONAL, ROLES
from trust.audit.record import record
from trust.keys.ring import InvalidToken
from trust.lib import clock
from trust.lib.digests import digest_of
from trust.lib.origin import Origin
from trust.lib.waiting import soon
from trust.revocation.models import Kind
from trust.revocation.revoke import revoke
from trust.tokens import access_token
from trust.tokens.access_token import AccessToken
from trust.tokens.vocabulary import PERSONAL_ACCESS_TOKEN_CLIENT_ID

log = logging.getLogger(__name__)

_MADE: Final = "account/email/personal_access_token_made"


class TooManyTokens(Exception):
    """The person has as many as anybody may."""


class SessionOver(Exception):
    """The sign-in by which the token was asked for ended meanwhile, or is somebody else's who sees the site so."""


def scopes_to_give() -> tuple[str, ...]:
    """Return the scopes that people may give: what an administrator says of each, and nothing of a sign-in."""
    described = scopes.catalogue().scopes.values()
    return tuple(scope.name for scope in described if scope.is_personal and scope.name not in NEVER_PERSONAL)


@transaction.atomic
def make(
    *, user: User, session_id: uuid.UUID, name: str, scope: Collection[str], lifetime: timedelta, origin: Origin
) -> tuple[PersonalAccessToken, str]:
    """Make a token for a person who asks for it in this session, and return it with its value, which is not kept.

    Raises TooManyTokens, and SessionOver. Whoever ends all that a person has begins with their sessions: of the two at
    once, one waits for the other, and no token is left over.
    """
    now = clock.now()
    User.objects.by_id(user.pk).hold()  # of two at once, the second counts the first
    alive = Session.objects.of_user(user.pk).alive().by_id(session_id)
    session = alive.select_for_update(no_key=True).first()
    if session is None or session.impersonator_id is not None:
        raise SessionOver
    if PersonalAccessToken.objects.of_user(user.pk).unexpired(now).count() >= MOST_PERSONAL_TOKENS:
        raise TooManyTokens
    value = new_value()
    token = PersonalAccessToken.objects.create(
        id=uuid.UUID(access_token.new_jti(now)),
        user=user,
        name=name,
        digest=digest_of(value),
        scope=" ".join(scope),
        expires_at=now + lifetime,
    )
    _record_made(token, session_id, origin)
    notices.send(Notice(_MADE, {"name": name, "expires_at": token.expires_at}), user=user, origin=origin)
    return token, value


def read(value: str, *, now: datetime) -> AccessToken:
    """Return what a token says now: its scopes as far as people may give them still, its person's roles of today.

    It is said as of `now`, so that a change of roles, which is in it already, does not kill it. Raises InvalidToken.
    """
    if not is_whole(value):
        raise InvalidToken("checksum")
    row = PersonalAccessToken.objects.by_digest(digest_of(value)).usable().first()
    if row is None:
        raise InvalidToken("unknown")
    if row.last_used_at is None or now - row.last_used_at >= PERSONAL_TOKEN_USE_RESOLUTION:
        soon(partial(_note_used, row.pk))
    given = set(scopes_to_give())
    scope = tuple(name for name in row.scope.split() if name in given)
    return AccessToken(
        subject=str(row.user_id),
        client_id=PERSONAL_ACCESS_TOKEN_CLIENT_ID,
        scope=scope,
        grant=str(row.pk),
        audience=settings.ISSUER,
        roles=people.roles_of(row.user_id) if ROLES in scope else (),
        jti=str(row.pk),
        issued_at=now,
        expires_at=row.expires_at,
    )


@transaction.atomic
def end(
    *, user_id: uuid.UUID, token_id: uuid.UUID, reason: str, actor: uuid.UUID | None = None, origin: Origin = Origin()
) -> bool:
    """End one token of a person, now and in every process; False if they have none of this id."""
    return _end_each([token_id], user_id=user_id, reason=reason, actor=actor, origin=origin) == 1


def end_itself(token: AccessToken, *, origin: Origin) -> None:
    """End a token for the program that showed it."""
    end(user_id=uuid.UUID(token.subject), token_id=uuid.UUID(token.jti), reason="ended_by_itself", origin=origin)


@transaction.atomic
def end_all(*, user_id: uuid.UUID, reason: str, origin: Origin = Origin()) -> int:
    """End all tokens of a person; return how many there were."""
    ids = PersonalAccessToken.objects.of_user(user_id).values_list("pk", flat=True)
    return _end_each(ids, user_id=user_id, reason=reason, actor=None, origin=origin)


def session_ended(*, user_id: uuid.UUID, session_id: uuid.UUID | None, reason: str) -> None:
    """End the tokens of a person whose sessions were all ended. A hook of SESSION_ENDED.

    They outlive a sign-out, as offline grants do, and end with a changed password or factor, a deactivation, "end all".
    """
    if session_id is None:
        end_all(user_id=user_id, reason=f"session_{reason}")


def _record_made(token: PersonalAccessToken, session_id: uuid.UUID, origin: Origin) -> None:
    """Note it; what its person called it is personal, and erased with them."""
    record(
        "personal_access_token.made",
        subject=token.user_id,
        session=session_id,
        origin=origin,
        identifier=token.name,
        details={"token": str(token.pk), "scope": token.scope, "expires": token.expires_at.isoformat()},
    )


def _end_each(
    ids: Collection[uuid.UUID], *, user_id: uuid.UUID, reason: str, actor: uuid.UUID | None, origin: Origin
) -> int:
    ended = 0
    for token_id in ids:
        deleted, _of_each = PersonalAccessToken.objects.of_user(user_id).by_id(token_id).delete()
        if not deleted:
            continue
        ended += 1
        revoke(Kind.GRANT, str(token_id))
        details = {"token": str(token_id), "reason": reason}
        record("personal_access_token.ended", subject=user_id, actor=actor, origin=origin, details=details)
    return ended


def _note_used(token_id: uuid.UUID) -> None:
    """Note that a token was used; that it cannot be noted is no reason to refuse it."""
    try:
        with transaction.atomic():
            PersonalAccessToken.objects.by_id(token_id).note_used(PERSONAL_TOKEN_USE_RESOLUTION)
    except DatabaseFailed as failed:
        log.warning("the use of a personal access token was not noted: %s", type(failed).__name__)
