"""OpenID Connect Core section 3.1.2.1: the steps that make an authorization request an authentication request."""

import re
from datetime import datetime, timedelta
from typing import Final

from oauth.conf import PROOF_LIFETIME
from oauth.errors import (
    AccountSelectionRequired,
    InteractionRequired,
    InvalidRequest,
    LoginRequired,
    UnmetAuthenticationRequirements,
)
from oauth.protocol.findings import malformed
from oauth.protocol.oidc import acr, claims_parameter, id_token
from oauth.protocol.oidc import claims as claims_rules
from oauth.protocol.oidc.claims_parameter import ClaimsRequest
from oauth.protocol.pending import (
    AccountChoiceNeeded,
    AuthorizationRequest,
    LoginNeeded,
    Person,
    ReauthenticationNeeded,
    SignUpNeeded,
    StepUpNeeded,
)
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found

CREATE: Final = "create"  # Initiating User Registration via OpenID Connect 1.0
PROMPTS: Final = frozenset({"none", "login", "consent", "select_account", CREATE})
_LONGEST_NONCE: Final = 255  # characters; longer ones are refused, never cut
_SECONDS: Final = re.compile(r"[0-9]{1,9}")


def read_nonce(request: AuthorizationRequest) -> AuthorizationRequest:
    """Take the nonce as it is."""
    nonce = request.parameters.get("nonce")
    if len(nonce) > _LONGEST_NONCE:
        raise InvalidRequest("The nonce is too long.", finding=malformed("nonce"))
    return request.having(nonce=nonce)


def read_prompt(request: AuthorizationRequest) -> AuthorizationRequest:
    """Take the prompts; `none` stands alone. Unknown ones are ignored, as unknown parameters are."""
    prompts = frozenset(request.parameters.get("prompt").split())
    if "none" in prompts and len(prompts) > 1:
        came = " ".join(sorted(prompts & PROMPTS))
        raise InvalidRequest("prompt=none stands alone.", finding=Finding(found=Found.PROMPT_CONTRADICTS, came=came))
    return request.having(prompt=prompts & PROMPTS)


def read_max_age(request: AuthorizationRequest) -> AuthorizationRequest:
    """Take the greatest age of the sign-in, in seconds; without one, that of the client."""
    text = request.parameters.get("max_age")
    if not text:
        return request.having(max_age=request.known_client.default_max_age)
    if not _SECONDS.fullmatch(text):
        raise InvalidRequest("max_age is a number of seconds.", finding=malformed("max_age"))
    return request.having(max_age=int(text))


def read_hint(request: AuthorizationRequest) -> AuthorizationRequest:
    """Take the person that an id token of ours names; what is no id token of ours is as if it were not sent."""
    value = request.parameters.get("id_token_hint")
    claims = id_token.read_hint(value) if value else None
    return request.having(hinted_subject=claims and claims["sub"])


def read_claims(request: AuthorizationRequest) -> AuthorizationRequest:
    """Take the claims asked for by name (section 5.5), as far as the client's scopes allow, and the levels wanted."""
    text, client = request.parameters.get("claims"), request.known_client
    asked = claims_parameter.parse(text) if text else ClaimsRequest()
    levels = tuple(request.parameters.get("acr_values").split()) or client.default_acr_values
    return request.having(
        asked_claims=claims_rules.allowed(asked.asked, scopes=client.scopes),
        acr_values=asked.acr_values or levels,
        acr_is_essential=asked.acr_is_essential and bool(asked.acr_values),
        hinted_subject=asked.subject or request.hinted_subject,
    )


def check_signed_in(request: AuthorizationRequest, person: Person | None, now: datetime) -> None:
    """Ask who nobody is to sign in, or to sign up; with prompt=none tell the client (section 3.1.2.6)."""
    if person is None and "none" in request.prompt:
        raise LoginRequired
    if person is None:
        raise SignUpNeeded if CREATE in request.prompt else LoginNeeded


def check_account_chosen(request: AuthorizationRequest, person: Person | None, now: datetime) -> None:
    """Ask as whom to go on, where the request wants that; who has just signed in has chosen."""
    assert person is not None
    if not request.prompt & {"select_account", CREATE}:
        return
    if not person.has_chosen_account and not _signed_in_since_asked(person, now):
        raise AccountSelectionRequired if "none" in request.prompt else AccountChoiceNeeded


def check_signed_in_lately(request: AuthorizationRequest, person: Person | None, now: datetime) -> None:
    """Ask for a new proof where the request wants one: prompt=login, or a sign-in older than max_age."""
    assert person is not None
    asked_again = "login" in request.prompt or request.max_age == 0
    too_old = request.max_age is not None and now - person.auth_time > timedelta(seconds=request.max_age)
    if (asked_again or too_old) and not _signed_in_since_asked(person, now):
        raise LoginRequired if "none" in request.prompt else ReauthenticationNeeded


def check_level(request: AuthorizationRequest, person: Person | None, now: datetime) -> None:
    """Ask for a second factor where a level is wanted that the person can reach: before a new proof of any kind.

    A level that is essential and cannot be reached is an error (section 5.5.1.1); another is asked for once, and
    done without.
    """
    assert person is not None
    wanted = request.acr_values
    if not wanted or acr.met_by(person.acr, wanted):
        return
    reachable = acr.met_by(person.reachable_acr, wanted) is not None
    asks_again = request.acr_is_essential or not _signed_in_since_asked(person, now)
    if reachable and asks_again and "none" not in request.prompt:
        raise StepUpNeeded
    if request.acr_is_essential:
        if reachable and "none" in request.prompt:
            raise InteractionRequired
        finding = Finding(found=Found.LEVEL_OUT_OF_REACH, came=" ".join(wanted))
        raise UnmetAuthenticationRequirements(finding=finding)


def told_level(request: AuthorizationRequest, person: Person) -> str:
    """Return the level that the client is told: the one that it asked for, where that is met."""
    return acr.met_by(person.acr, request.acr_values) or person.acr


def _signed_in_since_asked(person: Person, now: datetime) -> bool:
    """Tell whether a proof was given for this request. It is not good for ever: the page may have been left open."""
    given = person.asked_at is not None and person.auth_time > person.asked_at
    return given and now - person.auth_time <= PROOF_LIFETIME


def check_same_person(request: AuthorizationRequest, person: Person | None, now: datetime) -> None:
    """The client asked about a person: it must get no token of another (section 3.1.2.2)."""
    hinted = request.hinted_subject
    if hinted is not None and person is not None and hinted != person.subject:
        raise LoginRequired(finding=Finding(found=Found.OTHER_PERSON))
