"""Authorization codes: issued to a consenting person's client, found by digest, redeemed once."""

import uuid
from dataclasses import dataclass
from math import floor

from django.db import transaction

from accounts.models import Session
from oauth.conf import AUTHORIZATION_CODE_LIFETIME
from oauth.grant import NO_CLAIMS, AskedClaims, Grant, resources_in
from oauth.models import AuthorizationCode
from oauth.registered_client import RegisteredClient
from oauth.services import back_channel_logout, grants
from oauth.services.code_redemption import REDEEM_CODE, CodeAsk, RedeemedCode, redeem_one
from oauth.services.digests import new_value
from oauth.vocabulary import GrantType
from trust.audit.record import salted
from trust.lib import clock, shared_statements
from trust.lib.clock import DatabaseNow
from trust.lib.digests import digest_of
from trust.lib.origin import Origin
from trust.tokens import refresh_token


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorized:
    """What a person allowed a client, which the code stands for. `acr` is the level to tell: empty, the session's.

    `resources`, `authorization_details` and `act` are as oauth.grant.Grant has them; `dpop_jkt` is the thumbprint of
    the key that the code is bound to, if it is (RFC 9449 section 10).
    """

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
    resources: tuple[str, ...] = ()
    authorization_details: str = ""
    act: str = ""
    dpop_jkt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCode:
    """What a code is bound to, whether it was used, and by how many seconds it is too old: less than none if not."""

    pk: int
    client_pk: int
    redirect_uri: str
    redirect_uri_given: bool
    code_challenge: str
    dpop_jkt: str
    resources: tuple[str, ...]
    scope: tuple[str, ...]
    authorization_details: str
    is_used: bool
    too_old_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedCode:
    """A code as a client presents it: redirect URI, challenge of its verifier, thumbprint of its key, each or empty."""

    value: str
    redirect_uri: str
    code_challenge: str
    jkt: str = ""

    def __repr__(self) -> str:
        """Hide the code."""
        return "PresentedCode()"


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
        resource=list(authorized.resources),
        authorization_details=authorized.authorization_details,
        act=authorized.act,
        dpop_jkt=authorized.dpop_jkt,
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
        redirect_uri=row.redirect_uri,
        redirect_uri_given=row.redirect_uri_given,
        code_challenge=row.code_challenge,
        dpop_jkt=row.dpop_jkt,
        resources=tuple(row.resource),
        authorization_details=row.authorization_details,
        scope=tuple(row.scope.split()),
        is_used=row.used_at is not None,
        too_old_by=floor((clock.now() - row.expires).total_seconds()),
    )


async def redeem(
    *, client: RegisteredClient, presented: PresentedCode, origin: Origin
) -> tuple[Grant, refresh_token.RefreshToken | None] | None:
    """Use a code up, and return what it grants and the first refresh token, if the client refreshes.

    None if the code is not there, or not bound as it is presented, or used, or over, or if the client is not what it
    is known as any more: the rules look for the reason. A client that hears of logouts is noted as one that knows of
    the session.
    """
    asked = ask_of(client, presented, origin)
    if client.backchannel_logout_uri:
        redeemed = _redeem_and_remember(client, asked)
    else:
        redeemed = await shared_statements.ask(REDEEM_CODE, asked)
    return None if redeemed is None else granted(asked, redeemed)


def granted(asked: CodeAsk, redeemed: RedeemedCode) -> tuple[Grant, refresh_token.RefreshToken | None]:
    """Return what a code, or a device code, granted, and the first refresh token, if there is one."""
    ends = int(redeemed.refresh_ends.timestamp())
    refreshing = asked.refreshes and not redeemed.act  # nobody acts in a person's place beyond their own sign-in
    refresh = refresh_token.RefreshToken(asked.refresh_row, 1, ends) if refreshing else None
    return _grant_of(redeemed), refresh


def ask_of(client: RegisteredClient, presented: PresentedCode, origin: Origin) -> CodeAsk:
    """Return what a statement is asked that redeems a code, and where its first refresh token will stand."""
    salt, digest = salted(origin)
    return CodeAsk(
        digest=digest_of(presented.value),
        client_pk=client.pk,
        client_version=client.version,
        client_id=client.client_id,
        redirect_uri=presented.redirect_uri,
        code_challenge=presented.code_challenge,
        jkt=presented.jkt,
        refreshes=client.may_use(GrantType.REFRESH_TOKEN),
        refresh_row=uuid.uuid4(),
        refresh_jkt=presented.jkt if client.is_public else "",
        salt=salt,
        personal_digest=digest,
        client_address=origin.client_address,
        user_agent=origin.user_agent,
    )


@transaction.atomic
def _redeem_and_remember(client: RegisteredClient, asked: CodeAsk) -> RedeemedCode | None:
    session_id = AuthorizationCode.objects.by_digest(asked.digest).values_list("session_id", flat=True).first()
    if session_id is None:
        return None
    hold_session(session_id)
    redeemed = redeem_one(asked)
    if redeemed is not None:
        back_channel_logout.remember(client=client, user_id=redeemed.user_id, session_id=session_id)
    return redeemed


def hold_session(session_id: uuid.UUID) -> None:
    """Wait for whoever is ending the session, and let whoever will end it wait for us: nobody is left untold.

    Before the code, as everywhere: who ends sessions holds them, and then spends codes.
    """
    list(Session.objects.by_id(session_id).select_for_update(no_key=True).values_list("pk"))


def _grant_of(redeemed: RedeemedCode) -> Grant:
    return Grant(
        grant=redeemed.grant,
        user_id=redeemed.user_id,
        session_id=redeemed.session_id,
        scope=tuple(redeemed.scope.split()),
        auth_time_seconds=int(redeemed.auth_time.timestamp()),
        amr=tuple(redeemed.amr.split()),
        acr=redeemed.acr or redeemed.session_acr,
        nonce=redeemed.nonce,
        claims=AskedClaims.read(redeemed.claims),
        roles=tuple(redeemed.roles),
        resources=resources_in(redeemed.resource),
        authorization_details=redeemed.authorization_details,
        act=redeemed.act,
    )


@transaction.atomic
def end_if_replayed(*, issued: IssuedCode, origin: Origin) -> None:
    """End the grant of a code that was used before: somebody else may have it (RFC 9700 section 4.5)."""
    code = AuthorizationCode.objects.by_pk(issued.pk).select_related("application").first()
    if code is not None and code.used_at is not None:
        client_id = code.application.client_id
        grants.end(grant=code.grant, reason="code_replayed", user_id=code.user_id, client_id=client_id, origin=origin)
