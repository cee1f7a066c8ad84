"""RFC 8628: a device without a browser asks, its person decides elsewhere, and it asks again until it hears.

The request runs the rules of an authorization request that fit; so does its person, when the code was typed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from oauth.conf import DEVICE_CODE_LIFETIME, DEVICE_POLLING_SECONDS
from oauth.device_errors import AuthorizationPending, DeviceDenied, ExpiredToken, SlowDown
from oauth.errors import InvalidGrant, UnauthorizedClient
from oauth.protocol import rfc6749_authorization_request as rfc6749
from oauth.protocol import rfc8707_target, rfc9396_authorization_details, rfc9449_dpop
from oauth.protocol.findings import not_registered
from oauth.protocol.oidc import authentication_request as oidc
from oauth.protocol.pending import AuthorizationRequest, Person
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.protocol.rfc6749_token_response import TokenResponse, for_person
from oauth.protocol.token_request import TokenRequest
from oauth.registered_client import FindClient, RegisteredClient
from oauth.services import clients, device_authorizations, device_polling
from oauth.services.clients import ClientChanged
from oauth.services.device_authorizations import BegunDevice, DeviceRequest, WaitingDevice
from oauth.services.device_polling import Polled
from oauth.vocabulary import GrantType
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.lib.origin import Origin

_NOT_VALID: Final = "The device code is not valid."
# Who is signed in must be so well and lately enough for the client, and one whom it is open to. That they are asked
# is no step: a device's code may have come from anybody, so that nothing that was allowed before counts.
PERSON_STEPS: Final[tuple[Callable[[AuthorizationRequest, Person | None, datetime], None], ...]] = (
    oidc.check_level,
    oidc.check_signed_in_lately,
    rfc6749.check_person_may_use_client,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceResponse:
    """What a device is told (section 3.2): both codes, where its person types theirs, and how often it may ask."""

    begun: BegunDevice
    verification_uri: str

    def members(self) -> dict[str, str | int]:
        """Return the members of the JSON object."""
        return {
            "device_code": self.begun.device_code,
            "user_code": self.begun.user_code,
            "verification_uri": self.verification_uri,
            "verification_uri_complete": f"{self.verification_uri}?user_code={self.begun.user_code}",
            "expires_in": int(DEVICE_CODE_LIFETIME.total_seconds()),
            "interval": DEVICE_POLLING_SECONDS,
        }


def checked(
    client: RegisteredClient,
    parameters: Parameters,
    *,
    find_client: FindClient,
    issuer: str,
    jkt: str,
    now: datetime,
) -> AuthorizationRequest:
    """Return what a device asks for (section 3.1), every check passed that needs no person. Raises OAuthError.

    `jkt` is the key that it proved, to which its tokens are then bound (RFC 9449 section 10, for want of a word on it).
    """
    if not client.may_use(GrantType.DEVICE_CODE):
        raise UnauthorizedClient(finding=not_registered(client, GrantType.DEVICE_CODE))
    request = AuthorizationRequest(
        parameters=parameters,
        find_client=find_client,
        issuer=issuer,
        received_at=now,
        client=client,
        dpop_jkt=jkt,
    )
    for step in STEPS:
        request = step(request)
    return request


# As many of the steps of an authorization request as mean something where nobody is redirected.
STEPS: Final[tuple[Callable[[AuthorizationRequest], AuthorizationRequest], ...]] = (
    rfc6749.grant_scope,
    rfc8707_target.read_resources,
    rfc9396_authorization_details.read_authorization_details,
    rfc9449_dpop.read_key,
)


def respond(asked: AuthorizationRequest, *, origin: Origin) -> DeviceResponse:
    """Let the device wait, and return what it is told (section 3.2)."""
    request = DeviceRequest(
        client_pk=asked.known_client.pk,
        scope=asked.scope,
        resources=asked.resources,
        authorization_details=asked.authorization_details,
        dpop_jkt=asked.dpop_jkt,
    )
    begun = device_authorizations.begin(request, origin=origin)
    return DeviceResponse(begun=begun, verification_uri=f"{asked.issuer}/oauth/device")


def recalled(device: WaitingDevice, *, find_client: FindClient, issuer: str, now: datetime) -> AuthorizationRequest:
    """Return what a device asked for, for its person to decide; of the sign-in it said nothing: its client does."""
    client = device.client
    return AuthorizationRequest(
        parameters=Parameters({"client_id": client.client_id}),
        find_client=find_client,
        issuer=issuer,
        received_at=now,
        client=client,
        scope=tuple(name for name in device.scope if name in client.scopes),
        resources=device.resources,
        authorization_details=device.authorization_details,
        max_age=client.default_max_age,
        acr_values=client.default_acr_values,
    )


def check_person(request: AuthorizationRequest, person: Person, *, asked_at: datetime, now: datetime) -> None:
    """Check that this person may decide now; a sign-in after `asked_at` is one for this.

    Raises OAuthError, Interaction.
    """
    asked = replace(person, asked_at=asked_at)
    for step in PERSON_STEPS:
        step(request, asked, now)


async def grant(client: RegisteredClient, request: TokenRequest) -> TokenResponse:
    """Return the tokens, once, of a device code that was approved (section 3.4).

    Raises InvalidRequest, InvalidGrant, ClientChanged; AuthorizationPending, SlowDown, DeviceDenied, ExpiredToken.
    """
    parameters, jkt = request.parameters, request.jkt
    device_code = parameters.required("device_code")
    polled = _approved(device_polling.poll(device_code, client_pk=client.pk), device_code)
    if parameters.get("resource"):
        rfc8707_target.check_grantable(
            parameters, resources=polled.resources, scope=polled.scope, issuer=request.issuer
        )
    redeemed = device_polling.redeem(client=client, device_code=device_code, jkt=jkt, origin=request.origin)
    if redeemed is None:
        raise _refusal(client, jkt, polled)
    granted, refresh = redeemed
    return await for_person(client, granted, request, refresh=refresh)


def _approved(polled: Polled | None, device_code: str) -> Polled:
    """Return what was approved, or say what became of a code that is not, or not yet, good for tokens (section 3.5)."""
    if polled is None:
        known = device_polling.is_known(device_code)
        found = Found.CODE_OF_ANOTHER_CLIENT if known else Found.CODE_UNKNOWN
        raise InvalidGrant(_NOT_VALID, finding=Finding(found=found))
    if polled.is_used:
        raise InvalidGrant(_NOT_VALID, finding=Finding(found=Found.DEVICE_CODE_USED))
    if polled.is_denied:
        raise DeviceDenied
    if polled.too_old_by >= 0:
        raise ExpiredToken(finding=Finding(found=Found.DEVICE_CODE_EXPIRED, number=polled.too_old_by))
    if not polled.is_approved:
        raise SlowDown if polled.is_early else AuthorizationPending
    return polled


def _refusal(client: RegisteredClient, jkt: str, polled: Polled) -> Exception:
    """Return why a code that was approved was not redeemed."""
    if clients.has_changed(client):
        return ClientChanged()
    if polled.dpop_jkt not in {"", jkt}:
        return InvalidGrant(_NOT_VALID, finding=Finding(found=Found.KEY_DIFFERS))
    return InvalidGrant(_NOT_VALID, finding=Finding(found=Found.SIGN_IN_OVER))
