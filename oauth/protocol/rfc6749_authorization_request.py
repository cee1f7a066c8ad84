"""RFC 6749 section 4.1.1: the steps of the authorization request that are OAuth's own."""

from datetime import datetime

from oauth.errors import AccessDenied, InvalidRequest, UnauthorizedClient, UnshowableRequest, UnsupportedResponseType
from oauth.protocol import rfc6749_redirect_uri, rfc6749_scope
from oauth.protocol.findings import missing, not_registered, unsupported
from oauth.protocol.pending import AuthorizationRequest, Person
from oauth.vocabulary import GrantType
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found


def find_client(request: AuthorizationRequest) -> AuthorizationRequest:
    """Find the client; an unknown one, or one named twice, is told by a page (section 4.1.2.1)."""
    client_id = request.parameters.get("client_id")
    client = None if "client_id" in request.parameters.repeated else request.find_client(client_id)
    if client is None:
        found = Found.CLIENT_UNKNOWN if client_id else Found.PARAMETER_MISSING
        finding = Finding(found=found, about="client_id")
        raise UnshowableRequest("The client_id is missing or unknown.", finding=finding)
    return request.having(client=client)


def choose_redirect_uri(request: AuthorizationRequest) -> AuthorizationRequest:
    """Choose the redirect URI; what is not registered is never redirected to (section 3.1.2.4)."""
    if "redirect_uri" in request.parameters.repeated:
        finding = Finding(found=Found.PARAMETER_REPEATED, about="redirect_uri")
        raise UnshowableRequest("The redirect_uri came more than once.", finding=finding)
    asked = request.parameters.get("redirect_uri")
    return request.having(redirect_uri=rfc6749_redirect_uri.chosen(request.known_client, asked))


def check_parameters_once(request: AuthorizationRequest) -> AuthorizationRequest:
    """Parameters MUST NOT be included more than once (section 3.1)."""
    request.parameters.check_once()
    return request


def check_response_type(request: AuthorizationRequest) -> AuthorizationRequest:
    """Only `code` is spoken here: no tokens in redirects (RFC 9700 section 2.1.2)."""
    response_type = request.parameters.get("response_type")
    if not response_type:
        raise InvalidRequest("The parameter response_type is missing.", finding=missing("response_type"))
    if response_type != "code":
        raise UnsupportedResponseType(finding=unsupported("response_type", came=response_type, expected=["code"]))
    return request


def check_grant_type(request: AuthorizationRequest) -> AuthorizationRequest:
    """Refuse a client that is not registered for codes."""
    if not request.known_client.may_use(GrantType.AUTHORIZATION_CODE):
        raise UnauthorizedClient(finding=not_registered(request.known_client, GrantType.AUTHORIZATION_CODE))
    return request


def grant_scope(request: AuthorizationRequest) -> AuthorizationRequest:
    """Take the scopes that are asked for and allowed (section 3.3)."""
    client = request.known_client
    scope = rfc6749_scope.granted(request.parameters.get("scope"), allowed=client.scopes, default=client.default_scopes)
    return request.having(scope=scope)


def check_person_may_use_client(request: AuthorizationRequest, person: Person | None, now: datetime) -> None:
    """Refuse who is in none of the client's groups, where it names any."""
    if person is None or not person.is_admitted:
        finding = Finding(found=Found.PERSON_NOT_ADMITTED, person=person.user_id if person else None)
        raise AccessDenied("This person may not sign in to this client.", finding=finding)
