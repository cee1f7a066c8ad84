"""One attempt at one delivery: what is sent, to where, and what comes of it. Writes nothing."""

import logging
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from trust.events import rfc8417_security_event_token, rfc8935_push, standard_webhooks
from trust.events.answers import Outcome, Verdict, without_answer
from trust.events.conf import REQUEST
from trust.events.models import Delivery, Receiver
from trust.events.notice import Notice
from trust.events.receiver_secrets import authorization_of, live_secrets
from trust.events.vocabulary import EventType
from trust.keys.ring import NoSigningKey
from trust.lib.fetch import FetchFailed, post
from trust.lib.sealing import SealBroken

log = logging.getLogger(__name__)


def attempt(delivery: Delivery, receiver: Receiver, *, now: datetime) -> Outcome:
    """Send a delivery once and return what came of it; nothing is raised for what may be mended."""
    try:
        authorization = authorization_of(receiver)
        body, headers = _request(delivery, receiver, now)
        return _send(receiver, body, headers, authorization).without(_never_shown(receiver, authorization))
    except FetchFailed as failure:
        return without_answer(failure)
    except SealBroken as broken:
        return Outcome(Verdict.FAILING, f"not sent: the seal of {broken} cannot be opened")
    except NoSigningKey:
        return Outcome(Verdict.FAILING, "not sent: no key signs now")
    except Exception as failure:  # noqa: BLE001 - of this one alone, else it would be in the way of all behind it
        log.error("delivery %s cannot be sent: %s", delivery.jti, type(failure).__name__)
        return Outcome(Verdict.REFUSED, f"not sent: {type(failure).__name__}")


def audience_of(receiver: Receiver) -> str:
    """Return the audience of a receiver's tokens: its URL, unless it has a name for itself."""
    return receiver.audience or receiver.url


def notice_of(delivery: Delivery) -> Notice:
    """Return what a delivery says."""
    return Notice(
        jti=delivery.jti,
        receiver=delivery.receiver_id,
        kind=EventType(delivery.event),
        at=delivery.at,
        issued_at=delivery.created,
        subject=delivery.subject,
        claims=delivery.claims,
    )


def _request(delivery: Delivery, receiver: Receiver, now: datetime) -> tuple[bytes, dict[str, str]]:
    notice, issuer = notice_of(delivery), settings.ISSUER
    if receiver.format == Receiver.Format.SET:
        token = rfc8417_security_event_token.issue(notice, audience=audience_of(receiver), issuer=issuer, now=now)
        return token.encode("ascii"), rfc8935_push.headers()
    body = standard_webhooks.body_of(notice, issuer=issuer)
    secrets = live_secrets(receiver, now=now)
    return body, standard_webhooks.headers(str(delivery.jti), body, secrets=secrets, now=now)


def _send(receiver: Receiver, body: bytes, headers: dict[str, str], authorization: str) -> Outcome:
    named = {**headers, **({"Authorization": authorization} if authorization else {})}
    read = rfc8935_push.read if receiver.format == Receiver.Format.SET else standard_webhooks.read
    return read(post(receiver.url, body, headers=named, limits=REQUEST))


def _never_shown(receiver: Receiver, authorization: str) -> set[str]:
    """Return what an answer may repeat and nobody is to read: our credentials, and the path that may be a secret."""
    parts = urlsplit(receiver.url)
    paths = {parts.path, parts.query} - {"", "/"}
    return paths | {authorization, authorization.partition(" ")[2]}
