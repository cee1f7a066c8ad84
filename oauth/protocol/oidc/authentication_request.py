"""OpenID Connect Core section 3.1.2.1: the steps that make an authorization request an authentication request."""

import re
from datetime import datetime, timedelta
from typing import Final

from oauth.errors import (
    ConsentRequired,
    InvalidRequest,
    LoginRequired,
    RequestNotSupported,
    RequestUriNotSupported,
)
from oauth.protocol import rfc6749_redirect_uri
from oauth.protocol.oidc import id_token
from oauth.protocol.pending import (
    AuthorizationRequest,
    ConsentNeeded,
    LoginNeeded,
    Person,
    ReauthenticationNeeded,
)

PROMPTS: Final = frozenset({"none", "login", "consent", "select_account"})
_LONGEST_NONCE: Final = 255  # characters; longer ones are refused, never cut
_SECONDS: Final = re.compile(r"[0-9]{1,9}")


def check_no_request_object(request: AuthorizationRequest) -> AuthorizationRequest:
    """Refuse request objects (section 6): better than ignoring them (section 3.1.2.6)."""
    if request.parameters.get("request"):
        raise RequestNotSupported
    if request.parameters.get("request_uri"):
        raise RequestUriNotSupported
    return request


def check_response_mode(request: AuthorizationRequest) -> AuthorizationRequest:
    """Answer in the query, which is the default for codes; other modes are refused, not ignored."""
    if request.parameters.get("response_mode") not in {"", "query"}:
        raise InvalidRequest("The only response_mode is query.")
    return request


def read_nonce(request: AuthorizationRequest) -> AuthorizationRequest:
    """Take the nonce as it is."""
    nonce = request.parameters.get("nonce")
    if len(nonce) > _LONGEST_NONCE:
        raise InvalidRequest("The nonce is too long.")
    return request.having(nonce=nonce)


def read_prompt(request: AuthorizationRequest) -> AuthorizationRequest:
    """Take the prompts; `none` stands alone. Unknown ones are ignored, as unknown parameters are."""
    prompts = frozenset(request.parameters.get("prompt").split())
    if "none" in prompts and len(prompts) > 1:
        raise InvalidRequest("prompt=none stands alone.")
    return request.having(prompt=prompts & PROMPTS)


def read_max_age(request: AuthorizationRequest) -> AuthorizationRequest:
    """Take the greatest age of the sign-in, in seconds."""
    text = request.parameters.get("max_age")
    if not text:
        return request
    if not _SECONDS.fullmatch(text):
        raise InvalidRequest("max_age is a number of seconds.")
    return request.having(max_age=int(text))


def read_hint(request: AuthorizationRequest) -> AuthorizationRequest:
    """Take the person that an id token of ours names; what is no id token of ours is as if it were not sent."""
    value = request.parameters.get("id_token_hint")
    claims = id_token.read_hint(value) if value else None
    return request.having(hinted_subject=claims and claims["sub"])


def check_signed_in(request: AuthorizationRequest, person: Person | None, now: datetime) -> None:
    """Ask who nobody is to sign in; with prompt=none tell the client (section 3.1.2.6)."""
    if person is None:
        raise LoginRequired if "none" in request.prompt else LoginNeeded


def check_signed_in_lately(request: AuthorizationRequest, person: Person | None, now: datetime) -> None:
    """Ask for a new proof where the request wants one: prompt=login, or a sign-in older than max_age."""
    assert person is not None
    asked_again = bool(request.prompt & {"login", "select_account"}) or request.max_age == 0
    met = person.asked_at is not None and person.auth_time > person.asked_at
    too_old = request.max_age is not None and now - person.auth_time > timedelta(seconds=request.max_age)
    if (asked_again or too_old) and not met:
        raise LoginRequired if "none" in request.prompt else ReauthenticationNeeded


def check_same_person(request: AuthorizationRequest, person: Person | None, now: datetime) -> None:
    """The client asked about a person: it must get no token of another (section 3.1.2.2)."""
    hinted = request.hinted_subject
    if hinted is not None and person is not None and hinted != str(person.user_id):
        raise LoginRequired


def check_consent(request: AuthorizationRequest, person: Person | None, now: datetime) -> None:
    """Ask the person, unless they allowed all of it before or the client is ours (section 3.1.2.4).

    A remembered consent does not count for a public client whose redirect URI leads to a program on the person's
    device: any program may pose as that client (RFC 8252 section 8.6).
    """
    client = request.known_client
    posed_as = client.is_public and rfc6749_redirect_uri.is_local(request.redirect_uri)
    remembered = person is not None and person.consented is not None and person.consented.issuperset(request.scope)
    asked_again = "consent" in request.prompt
    if not asked_again and not posed_as and (client.skips_consent or remembered):
        return
    raise ConsentRequired if "none" in request.prompt else ConsentNeeded
