"""A device that asks for its tokens (RFC 8628 section 3.4): what became of its code, noted and told in one statement.

An approved code is redeemed as an authorization code is (oauth/services/code_redemption.py): in one transaction.
"""

from dataclasses import dataclass
from math import floor
from typing import Final

from django.db import transaction

from oauth.grant import Grant
from oauth.models import DeviceAuthorization
from oauth.registered_client import RegisteredClient
from oauth.services import back_channel_logout, codes
from oauth.services.code_redemption import GRANTED, granted_for
from oauth.services.codes import PresentedCode
from trust.lib import clock
from trust.lib.digests import digest_of
from trust.lib.origin import Origin
from trust.tokens.refresh_token import RefreshToken

_POLLED: Final = ("approved_at", "denied_at", "used_at", "polled_early", "dpop_jkt", "resource", "scope", "expires")


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What a device is told of its code: less than none in `too_old_by` while it lives."""

    is_approved: bool
    is_denied: bool
    is_used: bool
    is_early: bool
    dpop_jkt: str
    resources: tuple[str, ...]
    scope: tuple[str, ...]
    too_old_by: int


def poll(device_code: str, *, client_pk: int) -> Polled | None:
    """Note that a device asked, in one statement; return what to tell it, or None if the client has no such code."""
    rows = DeviceAuthorization.objects.by_digest(digest_of(device_code)).of_client(client_pk)
    found = rows.poll(_POLLED)
    if found is None:
        return None
    approved_at, denied_at, used_at, is_early, dpop_jkt, resources, scope, expires = found
    return Polled(
        is_approved=approved_at is not None,
        is_denied=denied_at is not None,
        is_used=used_at is not None,
        is_early=is_early,
        dpop_jkt=dpop_jkt,
        resources=tuple(resources),
        scope=tuple(scope.split()),
        too_old_by=floor((clock.now() - expires).total_seconds()),
    )


@transaction.atomic
def redeem(
    *, client: RegisteredClient, device_code: str, jkt: str, origin: Origin
) -> tuple[Grant, RefreshToken | None] | None:
    """Use an approved device code up, and return what it grants and the first refresh token, if the client refreshes.

    None if it is not there for this client and this key, or used, or over, or if the client is not what it is known as
    any more: the rules look for the reason.
    """
    presented = PresentedCode(value=device_code, redirect_uri="", code_challenge="", jkt=jkt)
    ask = codes.ask_of(client, presented, origin)
    rows = DeviceAuthorization.objects.by_digest(ask.digest)
    session_id = rows.values_list("session_id", flat=True).first() if client.backchannel_logout_uri else None
    if session_id is not None:
        codes.hold_session(session_id)
    bound = rows.bound_as(client_pk=client.pk, client_version=client.version, jkt=jkt)
    redeemed = granted_for(ask, bound.with_sign_in().redeem(GRANTED))
    if redeemed is None:
        return None
    if session_id is not None:
        back_channel_logout.remember(client=client, user_id=redeemed.user_id, session_id=session_id)
    return codes.granted(ask, redeemed)


def is_known(device_code: str) -> bool:
    """Tell whether there is such a code, of whichever client: for the explanation alone."""
    return DeviceAuthorization.objects.by_digest(digest_of(device_code)).exists()
