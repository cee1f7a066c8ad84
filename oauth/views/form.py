"""The form body of a machine endpoint, read strictly (RFC 6749 appendix B)."""

from typing import Final

from oauth.errors import InvalidRequest
from oauth.protocol import rfc6749_parameters
from oauth.protocol.rfc6749_parameters import Parameters
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.lib.wire import Request

_FORM: Final = "application/x-www-form-urlencoded"


def form_of(request: Request) -> Parameters:
    """Return the parameters of a form body; those of the query are not looked at. Raises InvalidRequest."""
    if request.body and not is_form(request):
        finding = Finding(found=Found.CONTENT_TYPE, came=request.media_type, expected=_FORM)
        raise InvalidRequest("The body must be application/x-www-form-urlencoded.", finding=finding)
    try:
        return rfc6749_parameters.parse(request.body.decode("utf-8"))
    except UnicodeDecodeError as malformed:
        raise InvalidRequest(finding=Finding(found=Found.UNREADABLE)) from malformed


def is_form(request: Request) -> bool:
    """Tell whether the body says that it is a form."""
    return request.media_type == _FORM
