"""Authorization codes: issued to a consenting person's client, found by digest, redeemed once."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Session
from oauth.conf import AUTHORIZATION_CODE_LIFETIME
from oauth.grant import NO_CLAIMS, AskedClaims, Grant
from oauth.models import AuthorizationCode, RefreshToken
from oauth.registered_client import RegisteredClient
from oauth.services import back_channel_logout, grants
from oauth.services.digests import new_value
from oauth.vocabulary import OFFLINE_ACCESS, GrantType
from trust.audit.record import record
from trust.lib import clock
from trust.lib.clock import DatabaseNow
from trust.lib.digests import digest_of
from trust.lib.origin import Origin
from trust.tokens import refresh_token
from trust.tokens.conf import REFRESH_TOKEN_LIFETIME


class CodeAlreadyUsed(Exception):
    """The code was used before, is too old, or what it hangs on is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorized:
    """What a person allowed a client, which the code stands for. `acr` is the level to tell: empty, the session's."""

    client_pk: int
    session_id: uuid.UUID
    user_id: uuid.UUID
    redirect_uri: str
    redirect_uri_given: bool
    scope: tuple[str, ...]
    nonce: str = ""
    code_challenge: str = ""
    acr: str = ""
    claims: AskedClaims = NO_CLAIMS


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCode:
    """What a code is bound to."""

    pk: int
    client_pk: int
    user_id: uuid.UUID
    session_id: uuid.UUID
    redirect_uri: str
    redirect_uri_given: bool
    code_challenge: str


@transaction.atomic
def issue(authorized: Authorized) -> str:
    """Return a new code; only its digest is kept."""
    value = new_value()
    AuthorizationCode.objects.create(
        code=digest_of(value),
        application_id=authorized.client_pk,
        user_id=authorized.user_id,
        session_id=authorized.session_id,
        redirect_uri=authorized.redirect_uri,
        redirect_uri_given=authorized.redirect_uri_given,
        scope=" ".join(authorized.scope),
        nonce=authorized.nonce,
        code_challenge=authorized.code_challenge,
        code_challenge_method="S256" if authorized.code_challenge else "",
        acr=authorized.acr,
        claims=authorized.claims.written(),
        expires=DatabaseNow(AUTHORIZATION_CODE_LIFETIME),
    )
    return value


def find(value: str) -> IssuedCode | None:
    """Return what a code is bound to, used or not, or None if there is no such code."""
    row = AuthorizationCode.objects.by_digest(digest_of(value)).first()
    if row is None:
        return None
    return IssuedCode(
        pk=row.pk,
        client_pk=row.application_id,
        user_id=row.user_id,
        session_id=row.session_id,
        redirect_uri=row.redirect_uri,
        redirect_uri_given=row.redirect_uri_given,
        code_challenge=row.code_challenge,
    )


def redeem(
    *, client: RegisteredClient, issued: IssuedCode, origin: Origin
) -> tuple[Grant, refresh_token.RefreshToken | None]:
    """Use a code up, and return what it grants and the first refresh token, if the client refreshes.

    A client that hears of logouts is noted as one that knows of the session. Raises CodeAlreadyUsed. A second use
    ends the grant, which outlasts the refusal.
    """
    with transaction.atomic():
        if client.backchannel_logout_uri:
            _hold_session(issued.session_id)
        redeemed = AuthorizationCode.objects.by_pk(issued.pk).redeem()
        if redeemed:
            if client.backchannel_logout_uri:
                back_channel_logout.remember(client=client, user_id=issued.user_id, session_id=issued.session_id)
            return _granted(issued.pk, refreshes=client.may_use(GrantType.REFRESH_TOKEN), origin=origin)
    _end_if_replayed(issued.pk, origin)
    raise CodeAlreadyUsed


def _hold_session(session_id: uuid.UUID) -> None:
    """Wait for whoever is ending the session, and let whoever will end it wait for us: nobody is left untold.

    Before the code, as everywhere: who ends sessions holds them, and then spends codes.
    """
    list(Session.objects.by_id(session_id).select_for_update(no_key=True).values_list("pk"))


def _granted(pk: int, *, refreshes: bool, origin: Origin) -> tuple[Grant, refresh_token.RefreshToken | None]:
    code = AuthorizationCode.objects.by_pk(pk).select_related("session", "application").get()
    grant = _grant_of(code, code.session)
    record(
        "grant.issued",
        subject=code.user_id,
        session=code.session.pk,
        client_id=code.application.client_id,
        origin=origin,
        details={"grant": str(code.grant), "scope": code.scope},
    )
    return grant, _first_refresh_token(code) if refreshes else None


def _grant_of(code: AuthorizationCode, session: Session) -> Grant:
    return Grant(
        grant=code.grant,
        user_id=code.user_id,
        session_id=session.pk,
        scope=tuple(code.scope.split()),
        auth_time_seconds=int(session.auth_time.timestamp()),
        amr=tuple(session.amr.split()),
        acr=code.acr or session.acr,
        nonce=code.nonce,
        claims=AskedClaims.read(code.claims),
    )


def _first_refresh_token(code: AuthorizationCode) -> refresh_token.RefreshToken:
    session = code.session
    end: datetime = clock.now() + REFRESH_TOKEN_LIFETIME
    row = RefreshToken.objects.create(
        application_id=code.application_id,
        user_id=code.user_id,
        session=session,
        grant=code.grant,
        scope=code.scope,
        offline=OFFLINE_ACCESS in code.scope.split(),
        auth_time=session.auth_time,
        amr=session.amr,
        acr=code.acr or session.acr,
        claims=code.claims,
        expires_at=end,
    )
    return refresh_token.RefreshToken(row.pk, row.generation, int(end.timestamp()))


@transaction.atomic
def _end_if_replayed(pk: int, origin: Origin) -> None:
    code = AuthorizationCode.objects.by_pk(pk).first()
    if code is not None and code.used_at is not None:
        grants.end(grant=code.grant, reason="code_replayed", user_id=code.user_id, origin=origin)
