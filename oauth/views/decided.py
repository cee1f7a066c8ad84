"""What a person ticked on the page that asked them, as its form says it."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from django.http import QueryDict

from oauth.authorization_detail import each_of
from oauth.protocol.oidc.consent import consent_scope, narrowed, needed_scope
from oauth.protocol.pending import AuthorizationRequest

SCOPE: Final = "scope"
SCOPES_SHOWN: Final = "scopes_shown"  # what the page named, with a box or without: it had boxes, then
DETAIL: Final = "detail"
DETAILS_SHOWN: Final = "details_shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was decided of what was asked (by the names of a consent), and what is left of the request."""

    left: AuthorizationRequest
    allowed: tuple[str, ...]
    declined: tuple[str, ...] = ()


def decided(form: QueryDict, checked: AuthorizationRequest) -> Decided | None:
    """Return what a form allows; None if the request asks for what its page did not name.

    A form without boxes, as scripts send it, allows all of it. What is ticked and was not asked for counts nothing.
    """
    asked = consent_scope(checked)
    details = {digest_of(detail): detail for detail in each_of(checked.authorization_details)}
    if SCOPES_SHOWN not in form:
        return Decided(left=checked, allowed=asked)
    if not (_said(form, SCOPES_SHOWN).issuperset(asked) and _said(form, DETAILS_SHOWN).issuperset(details)):
        return None
    kept, ticked = needed_scope(checked) | _said(form, SCOPE), _said(form, DETAIL)
    left = [detail for digest, detail in details.items() if digest in ticked]
    return Decided(
        left=narrowed(checked, scopes=kept, details=left),
        allowed=tuple(name for name in asked if name in kept),
        declined=tuple(name for name in asked if name not in kept),
    )


def digest_of(detail: str) -> str:
    """Return what names a detail in a form."""
    return sha256(detail.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _said(form: QueryDict, name: str) -> frozenset[str]:
    return frozenset(form.getlist(name))
