"""An authorization request on its way through the table, and the person whom it meets."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from oauth.given_consent import GivenConsent
from oauth.grant import NO_CLAIMS, AskedClaims
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.registered_client import FindClient, RegisteredClient


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """What is known so far. `redirect_uri` is empty until it is known to be right."""

    parameters: Parameters
    find_client: FindClient
    issuer: str  # ours
    received_at: datetime  # when its browser first brought it
    client: RegisteredClient | None = None
    redirect_uri: str = ""
    scope: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()  # RFC 8707
    code_challenge: str = ""
    dpop_jkt: str = ""  # the key that the code is bound to, by its thumbprint (RFC 9449 section 10)
    nonce: str = ""
    prompt: frozenset[str] = frozenset()
    max_age: int | None = None
    response_mode: str = "query"
    asked_claims: AskedClaims = NO_CLAIMS
    authorization_details: str = ""  # as JSON (RFC 9396)
    details_ask_each_time: bool = False
    acr_values: tuple[str, ...] = ()  # the best first
    acr_is_essential: bool = False
    hinted_subject: str | None = None  # whom an id_token_hint of ours, or a claim with a value, names
    outside: Parameters | None = None  # what stood beside a request object
    fetched_object: str = ""  # the request object, where it came by reference
    is_signed: bool = False  # the parameters are those of an object that the client signed
    is_pushing: bool = False  # it came from the client itself, to be kept (RFC 9126)
    only_pushed: bool = False  # every client must push
    pushed_as: str = ""  # the request_uri by which it was kept, where the client pushed it

    @property
    def known_client(self) -> RegisteredClient:
        """The client, which the first step found."""
        assert self.client is not None
        return self.client

    @property
    def state(self) -> str | None:
        """The client's `state`, echoed as it came; none if it came more than once."""
        if "state" in self.parameters.repeated:
            return None
        return self.parameters.values.get("state")

    def having(self, **found: Any) -> Self:
        """Return the request with what a step found."""
        return replace(self, **found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is signed in: the session, when and how it was proved, and what was consented to for this client."""

    user_id: uuid.UUID
    subject: str | None  # as this client calls them; None: it never heard of them
    session_id: uuid.UUID
    auth_time: datetime
    acr: str
    reachable_acr: str  # with the factors that they have
    is_admitted: bool  # by the client's groups
    consented: GivenConsent | None  # None: never asked
    # When this very request first asked for a new sign-in, if it did: `prompt=login` is met by a later auth_time.
    asked_at: datetime | None = None
    act: str = ""  # who acts in their place, if anybody does (RFC 8693 section 4.1)
    has_chosen_account: bool = False  # on the page that this request showed


class Interaction(Exception):
    """Not an error: a page must be shown before the request can go on."""


class ObjectElsewhere(Interaction):
    """Before a page: the request object stands where its client may change it, and must come along by value."""


class LoginNeeded(Interaction):
    """Somebody must sign in."""


class SignUpNeeded(LoginNeeded):
    """Somebody new must sign up."""


class ReauthenticationNeeded(Interaction):
    """Who is signed in must prove it again."""


class StepUpNeeded(ReauthenticationNeeded):
    """Who is signed in must prove it by their second factor."""


class AccountChoiceNeeded(Interaction):
    """The person must say as whom to go on."""


class ConsentNeeded(Interaction):
    """The person must be asked."""
