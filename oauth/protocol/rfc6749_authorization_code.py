"""RFC 6749 section 4.1.3: a code for tokens. Good once, for its own client, at its own redirect URI, with its verifier.

The binding is checked before the code is used up, so that a stranger cannot spend it; a second use by its own
client ends the grant (RFC 9700 section 4.5).
"""

from functools import partial

from oauth.errors import InvalidGrant, InvalidRequest
from oauth.protocol import rfc7636_pkce, rfc8707_target, rfc9396_authorization_details
from oauth.protocol.findings import missing
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.protocol.rfc6749_token_response import TokenResponse, for_person
from oauth.protocol.rfc9396_authorization_details import AUTHORIZATION_DETAILS
from oauth.protocol.token_request import TokenRequest
from oauth.registered_client import RegisteredClient
from oauth.services import clients, codes
from oauth.services.clients import ClientChanged
from oauth.services.codes import IssuedCode, PresentedCode
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.lib.origin import Origin
from trust.lib.waiting import aside


async def exchange(client: RegisteredClient, request: TokenRequest) -> TokenResponse:
    """Return the tokens of a code.

    Raises InvalidRequest, InvalidGrant, InvalidTarget, InvalidAuthorizationDetails, ClientChanged.
    The code, its binding and its use are one compare-and-set; only what it refuses is looked at again, for the reason.
    """
    parameters, origin = request.parameters, request.origin
    verifier = parameters.get("code_verifier")
    presented = PresentedCode(
        value=parameters.required("code"),
        redirect_uri=parameters.get("redirect_uri"),
        code_challenge=rfc7636_pkce.challenge_for(verifier) if verifier else "",
        jkt=request.jkt,
    )
    asked = parameters.get(AUTHORIZATION_DETAILS)
    if asked or parameters.get("resource"):
        await aside(partial(_check_grantable, parameters, presented.value, issuer=request.issuer))
    redeemed = await codes.redeem(client=client, presented=presented, origin=origin)
    if redeemed is None:
        raise _refusal(client, presented, verifier, origin)
    grant, refresh = redeemed
    if asked:
        details = rfc9396_authorization_details.narrowed(asked, granted=grant.authorization_details)
        grant = grant._replace(authorization_details=details)
    return await for_person(client, grant, request, refresh=refresh)


def _check_grantable(parameters: Parameters, code: str, *, issuer: str) -> None:
    """Refuse a resource or a detail that is not to be had before the code is used: the client may name another."""
    issued = codes.find(code)
    if issued is not None:
        rfc8707_target.check_grantable(parameters, resources=issued.resources, scope=issued.scope, issuer=issuer)
        asked = parameters.get(AUTHORIZATION_DETAILS)
        rfc9396_authorization_details.narrowed(asked, granted=issued.authorization_details)


def _refusal(client: RegisteredClient, presented: PresentedCode, verifier: str, origin: Origin) -> Exception:
    """Return why a code was not redeemed; a second use by its own client, bound as it should be, ends the grant."""
    if clients.has_changed(client):
        return ClientChanged()
    issued = codes.find(presented.value)
    if issued is None or issued.client_pk != client.pk:
        found = Found.CODE_OF_ANOTHER_CLIENT if issued else Found.CODE_UNKNOWN
        return InvalidGrant(finding=Finding(found=found))
    _check_redirect_uri(issued, presented.redirect_uri)
    rfc7636_pkce.check_verifier(issued.code_challenge, verifier)
    if issued.dpop_jkt not in {"", presented.jkt}:
        return InvalidGrant(finding=Finding(found=Found.KEY_DIFFERS))
    codes.end_if_replayed(issued=issued, origin=origin)
    return InvalidGrant(finding=_over(issued))


def _over(issued: IssuedCode) -> Finding:
    """Return why a code is not good any more that is bound as it should be."""
    if issued.is_used:
        return Finding(found=Found.CODE_USED)
    if issued.too_old_by >= 0:
        return Finding(found=Found.CODE_EXPIRED, number=issued.too_old_by)
    return Finding(found=Found.SIGN_IN_OVER)


def _check_redirect_uri(issued: IssuedCode, redirect_uri: str) -> None:
    """Demand the redirect URI of the authorization request, if it had one; refuse another in any case."""
    if issued.redirect_uri_given and not redirect_uri:
        raise InvalidRequest("The parameter redirect_uri is missing.", finding=missing("redirect_uri"))
    if redirect_uri and redirect_uri != issued.redirect_uri:
        finding = Finding(found=Found.CODE_REDIRECT_URI, came=redirect_uri, expected=issued.redirect_uri)
        raise InvalidGrant(finding=finding)
