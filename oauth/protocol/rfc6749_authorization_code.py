"""RFC 6749 section 4.1.3: a code for tokens. Good once, for its own client, at its own redirect URI, with its verifier.

The binding is checked before the code is used up, so that a stranger cannot spend it; a second use by its own
client ends the grant (RFC 9700 section 4.5).
"""

from datetime import datetime

from oauth.errors import InvalidGrant, InvalidRequest
from oauth.protocol import rfc7636_pkce
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.protocol.rfc6749_token_response import TokenResponse, for_person
from oauth.registered_client import RegisteredClient
from oauth.services import codes
from oauth.services.codes import CodeAlreadyUsed, IssuedCode
from trust.lib.origin import Origin


def exchange(
    client: RegisteredClient, parameters: Parameters, *, issuer: str, origin: Origin, now: datetime
) -> TokenResponse:
    """Return the tokens of a code. Raises InvalidRequest, InvalidGrant."""
    issued = codes.find(parameters.required("code"))
    if issued is None or issued.client_pk != client.pk:
        raise InvalidGrant
    _check_redirect_uri(issued, parameters.get("redirect_uri"))
    rfc7636_pkce.check_verifier(issued.code_challenge, parameters.get("code_verifier"))
    try:
        grant, refresh = codes.redeem(client=client, issued=issued, origin=origin)
    except CodeAlreadyUsed as used:
        raise InvalidGrant from used
    return for_person(client, grant, issuer=issuer, refresh=refresh, now=now)


def _check_redirect_uri(issued: IssuedCode, redirect_uri: str) -> None:
    """Demand the redirect URI of the authorization request, if it had one; refuse another in any case."""
    if issued.redirect_uri_given and not redirect_uri:
        raise InvalidRequest("The parameter redirect_uri is missing.")
    if redirect_uri and redirect_uri != issued.redirect_uri:
        raise InvalidGrant
