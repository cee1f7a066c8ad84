"""OpenID Connect Core section 3.1.2.4: what a person is asked, whether they must be, and what is left of a request.

A person may untick what is asked for, and that is remembered beside what they allowed: who asked for it before is
given less without a page, and never more without one (docs/decisions/0030).
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from oauth.authorization_detail import each_of, together
from oauth.errors import ConsentRequired
from oauth.given_consent import GivenConsent
from oauth.protocol import rfc6749_redirect_uri
from oauth.protocol.oidc import claims as claims_rules
from oauth.protocol.pending import AuthorizationRequest, ConsentNeeded, Person
from oauth.vocabulary import OPENID, OWN_CLAIM

_NOTHING_SAID: Final = GivenConsent()


def consent_scope(request: AuthorizationRequest) -> tuple[str, ...]:
    """Return what the person is asked for: scopes, those of the claims asked for by name, and the client's own claims.

    A claim of the client's own mapping stands beside the scopes under a name that no scope has.
    """
    mapped = [f"{OWN_CLAIM}{name}" for name in sorted(request.known_client.claims)]
    return tuple(dict.fromkeys((*request.scope, *claims_rules.scopes_for(request.asked_claims.names), *mapped)))


def needed_scope(request: AuthorizationRequest) -> frozenset[str]:
    """Return what of it cannot be unticked: who they are, what the client cannot do without, its own claims."""
    needed = {OPENID, *request.known_client.required_scopes}
    return frozenset(name for name in consent_scope(request) if name in needed or name.startswith(OWN_CLAIM))


def check_consent(request: AuthorizationRequest, person: Person | None, now: datetime) -> None:
    """Ask the person, unless they answered for all of it before or the client is ours.

    A remembered consent does not count for a public client whose redirect URI leads to a program on the person's
    device: any program may pose as that client (RFC 8252 section 8.6). Of the details (RFC 9396) those count that
    were allowed exactly so, and none of a type of which people are asked each time.
    """
    client = request.known_client
    posed_as = client.is_public and rfc6749_redirect_uri.is_local(request.redirect_uri)
    skips = client.skips_consent and client.reviewed  # what a client changed by itself, somebody must look at
    asked_again = "consent" in request.prompt or request.details_ask_each_time
    given = person.consented if person is not None else None
    unseen = client.is_published and not client.reviewed  # whoever has its domain may be another by now
    if not asked_again and not posed_as and not unseen and (skips or _remembers(given, request)):
        return
    raise ConsentRequired if "none" in request.prompt else ConsentNeeded


def left_without_asking(request: AuthorizationRequest, person: Person) -> AuthorizationRequest:
    """Return the request without what its person unticked before."""
    declined = (person.consented or _NOTHING_SAID).declined
    details = each_of(request.authorization_details)
    return narrowed(request, scopes=frozenset(consent_scope(request)) - declined, details=details)


def narrowed(
    request: AuthorizationRequest, *, scopes: Collection[str], details: Collection[str]
) -> AuthorizationRequest:
    """Return the request with what was asked for and is allowed: never more, whatever else is named.

    The claims asked for by name stay with the scopes in whose words people read them.
    """
    left = needed_scope(request).union(scopes)
    allowed = together(one for one in each_of(request.authorization_details) if one in details)
    return request.having(
        scope=tuple(name for name in request.scope if name in left),
        asked_claims=claims_rules.allowed(request.asked_claims, scopes=left),
        authorization_details=allowed if request.authorization_details else "",
    )


def _remembers(given: GivenConsent | None, request: AuthorizationRequest) -> bool:
    if given is None or not given.details.issuperset(each_of(request.authorization_details)):
        return False
    return given.settles(consent_scope(request), needed=needed_scope(request))
