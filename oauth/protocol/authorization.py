"""The authorization request as one ordered table of checks (RFC 6749 section 4.1.1, OpenID Connect Core 3.1.2).

STEPS look at the request alone, PERSON_STEPS at who is signed in. The order is the meaning: until the client and
its redirect URI are known to be right, a refusal is a page; afterwards it is a redirect. A step takes the request
as far as it is known and returns it with what it found, or raises.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from oauth.errors import OAuthError
from oauth.protocol import (
    fapi2,
    rfc7636_pkce,
    rfc8707_target,
    rfc9126_pushed_requests,
    rfc9396_authorization_details,
    rfc9449_dpop,
)
from oauth.protocol import (
    rfc6749_authorization_request as rfc6749,
)
from oauth.protocol.oidc import authentication_request as oidc
from oauth.protocol.oidc import consent, request_object, response_mode
from oauth.protocol.pending import AuthorizationRequest, Interaction, ObjectElsewhere, Person
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.registered_client import FindClient

Step = Callable[[AuthorizationRequest], AuthorizationRequest]
PersonStep = Callable[[AuthorizationRequest, Person | None, datetime], None]


def _pkce(request: AuthorizationRequest) -> AuthorizationRequest:
    return request.having(code_challenge=rfc7636_pkce.challenge_of(request.known_client, request.parameters))


STEPS: Final[tuple[Step, ...]] = (
    rfc6749.find_client,
    request_object.recall_stored_request,
    request_object.read_request_object,
    rfc6749.choose_redirect_uri,
    response_mode.choose_response_mode,
    rfc6749.check_parameters_once,
    request_object.check_nothing_outside,
    rfc9126_pushed_requests.check_pushed,
    request_object.check_signed,
    fapi2.check_redirect_uri_named,
    rfc6749.check_response_type,
    rfc6749.check_grant_type,
    rfc6749.grant_scope,
    rfc8707_target.read_resources,
    rfc9396_authorization_details.read_authorization_details,
    _pkce,
    rfc9449_dpop.read_key,
    oidc.read_nonce,
    oidc.read_prompt,
    oidc.read_max_age,
    oidc.read_hint,
    oidc.read_claims,
)
PERSON_STEPS: Final[tuple[PersonStep, ...]] = (
    oidc.check_signed_in,
    oidc.check_account_chosen,
    oidc.check_level,
    oidc.check_signed_in_lately,
    oidc.check_same_person,
    rfc6749.check_person_may_use_client,
    consent.check_consent,
)


@dataclass(slots=True, eq=False)  # not frozen: contextlib gives an exception its traceback back
class Refused(Exception):
    """A refusal, with what was known of the request and the step that found it."""

    error: OAuthError
    request: AuthorizationRequest
    step: str

    @property
    def may_redirect(self) -> bool:
        """Whether the client is told by a redirect; otherwise the person is told by a page."""
        return self.error.redirectable and bool(self.request.redirect_uri)


def checked(
    parameters: Parameters,
    *,
    find_client: FindClient,
    issuer: str,
    received_at: datetime,
    only_pushed: bool = False,
    pushing_key: str | None = None,
) -> AuthorizationRequest:
    """Return the request, every check passed that needs no person. Raises Refused.

    `only_pushed` says that no client may bring it by a browser; `pushing_key` that the client itself brings it, and the
    thumbprint of the key that it proved, which may be empty.
    """
    request = AuthorizationRequest(
        parameters=parameters,
        find_client=find_client,
        issuer=issuer,
        received_at=received_at,
        only_pushed=only_pushed,
        is_pushing=pushing_key is not None,
        dpop_jkt=pushing_key or "",
    )
    for step in STEPS:
        try:
            request = step(request)
        except OAuthError as error:
            raise Refused(error, _with_way_back(request, error), step.__name__) from error
    return request


def _with_way_back(request: AuthorizationRequest, error: OAuthError) -> AuthorizationRequest:
    """Return the request with its redirect URI, where an error of the request object came before that was chosen."""
    if not error.redirectable or request.redirect_uri:
        return request
    try:
        return response_mode.choose_response_mode(rfc6749.choose_redirect_uri(request))
    except OAuthError:
        return request


def check_person(request: AuthorizationRequest, person: Person | None, *, now: datetime) -> None:
    """Check that this person may have a code now, without a further page. Raises Refused, or an Interaction."""
    for step in PERSON_STEPS:
        try:
            step(request, person, now)
        except OAuthError as error:
            raise Refused(error, request, step.__name__) from error
        except Interaction as page:
            if request.fetched_object:
                raise ObjectElsewhere from page
            raise
