"""RFC 8693 section 2.2: the token that an exchange gives, and never a refresh token.

It lives no longer than the subject's, and dies with it: with its grant and its session, whose ids it keeps, and with
each token that stands in `exchanged_from`.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from oauth.errors import InvalidRequest, InvalidTarget
from oauth.protocol.rfc6749_token_response import TokenResponse
from oauth.protocol.rfc9068_access_token import Target, minted_for
from oauth.registered_client import RegisteredClient
from oauth.scope_description import ResourceDescription
from oauth.services import clients, subjects, token_exchanges
from oauth.vocabulary import ROLES, SubjectType
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.lib.origin import Origin
from trust.tokens.access_token import AccessToken, Exchanged

NOT_ADMITTED: Final = "The person may not use this client, or the one of the API."
ISSUED_TOKEN_TYPE: Final = "urn:ietf:params:oauth:token-type:access_token"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an exchange comes to: for which API, with which scopes, who acts, and bound to which key."""

    resource: ResourceDescription | None
    scope: tuple[str, ...]
    act: Mapping[str, Any] | None
    jkt: str


def issued(
    client: RegisteredClient, subject: AccessToken, wanted: Wanted, *, issuer: str, origin: Origin, now: datetime
) -> TokenResponse:
    """Return the answer, with its event in the trail.

    Raises InvalidTarget, and InvalidRequest for somebody whom a client does not admit.
    """
    user_id = uuid.UUID(subject.person_id)
    reader = _reader(wanted.resource, client)
    if not clients.all_admit({client.client_id, reader.client_id}, user_id=user_id):
        raise InvalidRequest(NOT_ADMITTED, finding=Finding(found=Found.PERSON_NOT_ADMITTED, person=user_id))
    token = _token(client, subject, wanted, reader=reader, user_id=user_id, issuer=issuer)
    target = Target(wanted.resource, wanted.jkt)
    token_exchanges.note(token, subject=subject, user_id=user_id, origin=origin)
    # Issued as of when the client was last known for what it is: a change of it since then kills this token too.
    minted = minted_for(client, token, target, min(now, client.known_at), until=subject.expires_at)
    return TokenResponse(
        access_token=minted.value,
        expires_in=minted.expires_in,
        token_type=target.token_type,
        scope=token.scope,
        authorization_details=token.authorization_details,
        issued_token_type=ISSUED_TOKEN_TYPE,
    )


def _reader(resource: ResourceDescription | None, client: RegisteredClient) -> RegisteredClient:
    """Return the client that reads the token, and is told of people by the names that it knows: that of the API.

    Raises InvalidTarget where it is disabled.
    """
    if resource is None or not resource.client_id:
        return client
    known = clients.find_known(resource.client_id)
    if known is None:
        raise InvalidTarget(finding=Finding(found=Found.TARGET_UNKNOWN, about="audience", came=resource.identifier))
    return known


def _token(
    client: RegisteredClient,
    subject: AccessToken,
    wanted: Wanted,
    *,
    reader: RegisteredClient,
    user_id: uuid.UUID,
    issuer: str,
) -> AccessToken:
    session_id = uuid.UUID(subject.session_id) if subject.session_id else None
    told = subjects.told(reader, user_id=user_id, session_id=session_id)
    is_pairwise = reader.subject_type is SubjectType.PAIRWISE
    audience = wanted.resource.identifier if wanted.resource else issuer
    return subject._replace(
        subject=told.subject,
        user_id=str(user_id) if is_pairwise else None,
        told_session_id=told.session_id if is_pairwise else None,
        client_id=client.client_id,
        scope=wanted.scope,
        audience=audience,
        roles=subject.roles if ROLES in wanted.scope else (),
        userinfo_claims=(),
        # Details are of the API that they were granted for (RFC 9396 section 5).
        authorization_details=subject.authorization_details if audience == subject.audience else (),
        cnf={"jkt": wanted.jkt} if wanted.jkt else None,
        act=wanted.act,
        may_act=None,
        exchanged_from=(Exchanged(subject.jti, subject.client_id), *subject.exchanged_from),
        jti="",
        issued_at=None,
        expires_at=None,
    )
