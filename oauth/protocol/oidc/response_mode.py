"""How the answer travels: OAuth 2.0 Multiple Response Type Encoding Practices, OAuth 2.0 Form Post Response Mode."""

from typing import Final

from oauth.errors import InvalidRequest
from oauth.protocol import rfc6749_redirect_uri
from oauth.protocol.findings import unsupported
from oauth.protocol.pending import AuthorizationRequest
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found

QUERY: Final = "query"
FORM_POST: Final = "form_post"
RESPONSE_MODES: Final = (QUERY, FORM_POST)


def choose_response_mode(request: AuthorizationRequest) -> AuthorizationRequest:
    """Answer in the query, which is the default for codes, or by a form; other modes are refused, not ignored."""
    mode = request.parameters.get("response_mode") or QUERY
    if mode not in RESPONSE_MODES:
        finding = unsupported("response_mode", came=mode, expected=RESPONSE_MODES)
        raise InvalidRequest("The response_mode is query or form_post.", finding=finding)
    if mode == FORM_POST and not rfc6749_redirect_uri.is_web(request.redirect_uri):
        finding = Finding(found=Found.FORM_POST_IMPOSSIBLE, came=request.redirect_uri, expected=request.redirect_uri)
        raise InvalidRequest("A form cannot be posted to this redirect_uri.", finding=finding)
    return request.having(response_mode=mode)
