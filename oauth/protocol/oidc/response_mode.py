"""How the answer travels: OAuth 2.0 Multiple Response Type Encoding Practices, Form Post Response Mode, and JARM."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from oauth.errors import InvalidRequest
from oauth.protocol import jarm, rfc6749_redirect_uri, rfc9207_issuer
from oauth.protocol.findings import unsupported
from oauth.protocol.pending import AuthorizationRequest
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found

QUERY: Final = "query"
FORM_POST: Final = "form_post"
# Signed: JARM sections 2.3, 2.3.1, 2.3.3, 2.3.4. Of section 2.3.2, the fragment, nothing: it is for implicit flows.
_JWT: Final = "jwt"  # the default of the response type
_QUERY_JWT: Final = "query.jwt"
_FORM_POST_JWT: Final = "form_post.jwt"
RESPONSE_MODES: Final = (QUERY, FORM_POST, _JWT, _QUERY_JWT, _FORM_POST_JWT)
_BY_FORM: Final = frozenset({FORM_POST, _FORM_POST_JWT})
_SIGNED: Final = frozenset({_JWT, _QUERY_JWT, _FORM_POST_JWT})


def choose_response_mode(request: AuthorizationRequest) -> AuthorizationRequest:
    """Answer in the query, which is the default for codes, or by a form; other modes are refused, not ignored."""
    mode = request.parameters.get("response_mode") or QUERY
    if mode not in RESPONSE_MODES:
        finding = unsupported("response_mode", came=mode, expected=RESPONSE_MODES)
        raise InvalidRequest("The response_mode is query or form_post, signed (.jwt) or not.", finding=finding)
    if mode in _BY_FORM and not rfc6749_redirect_uri.is_web(request.redirect_uri):
        finding = Finding(found=Found.FORM_POST_IMPOSSIBLE, came=request.redirect_uri, expected=request.redirect_uri)
        raise InvalidRequest("A form cannot be posted to this redirect_uri.", finding=finding)
    return request.having(response_mode=mode)


def is_by_form(request: AuthorizationRequest) -> bool:
    """Tell whether the answer travels by a form."""
    return request.response_mode in _BY_FORM


def members(request: AuthorizationRequest, answer: Mapping[str, str], *, now: datetime) -> dict[str, str]:
    """Return the parameters of the answer: with `state` and `iss` (RFC 9207), or all of it signed (JARM)."""
    said = rfc9207_issuer.members(answer, state=request.state, issuer=request.issuer)
    if request.response_mode not in _SIGNED:
        return said
    return jarm.signed(said, client=request.known_client, issuer=request.issuer, now=now)
