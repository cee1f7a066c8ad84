"""Exchanges of tokens (RFC 8693) as the trail has them: the only thing that an exchange writes."""

import uuid

from oauth.vocabulary import TokenExchange
from trust.audit.record import record
from trust.lib.origin import Origin
from trust.tokens.access_token import AccessToken


def note(token: AccessToken, *, subject: AccessToken, user_id: uuid.UUID, origin: Origin) -> None:
    """Record that a client gets a token for that of a person, which was issued to another client or to itself."""
    kind = TokenExchange.DELEGATION if token.act else TokenExchange.IMPERSONATION
    record(
        "token.exchanged",
        subject=user_id,
        session=uuid.UUID(subject.session_id) if subject.session_id else None,
        client_id=token.client_id,
        origin=origin,
        details={
            "kind": kind.value,
            "grant": token.grant,
            "from_client": subject.client_id,
            "audience": token.audience,
            "scope": " ".join(token.scope),
        },
    )
