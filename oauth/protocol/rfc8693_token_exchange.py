"""RFC 8693: a client that was given a person's access token gets one of its own, for an API that it calls for them.

Only access tokens of ours are exchanged: an id token tells a client who signed in, and opens nothing. A client
exchanges what was issued to it, or is for its own API, and nothing else that comes into its hands (confused deputy).
Whatever is wrong with a token is the same invalid_request (section 2.2.2): why is never told.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from oauth.conf import MOST_EXCHANGES
from oauth.errors import InvalidRequest, UnauthorizedClient
from oauth.protocol import rfc8693_target, rfc8693_token
from oauth.protocol.findings import missing, unsupported
from oauth.protocol.rfc6749_parameters import Parameters
from oauth.protocol.rfc6749_token_response import TokenResponse
from oauth.protocol.token_request import TokenRequest
from oauth.registered_client import RegisteredClient
from oauth.services import access_tokens, people, scopes
from oauth.vocabulary import GrantType, TokenExchange
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.keys.ring import InvalidToken
from trust.lib.waiting import aside
from trust.revocation.feed import feed
from trust.tokens.access_token import AccessToken

ACCESS_TOKEN: Final = "urn:ietf:params:oauth:token-type:access_token"  # section 3
JWT: Final = "urn:ietf:params:oauth:token-type:jwt"
_JWT_DOTS: Final = 2


async def exchange(client: RegisteredClient, request: TokenRequest) -> TokenResponse:
    """Return a token for a token. Raises UnauthorizedClient, InvalidRequest, InvalidScope, InvalidTarget."""
    parameters, issuer, origin, jkt, now = request
    _check_client(client)
    _check_asked(parameters)
    subject = await _presented("subject_token", parameters, client, issuer=issuer, now=now)
    await _check_subject(subject, client, jkt)
    act = await _act(subject, parameters, client, issuer=issuer, jkt=jkt, now=now)
    target = await aside(partial(rfc8693_target.chosen, parameters, subject, client, issuer=issuer))
    scope = rfc8693_target.scope_at(target, parameters.get("scope"), subject, client)
    return await aside(
        partial(
            rfc8693_token.issued,
            client,
            subject,
            rfc8693_token.Wanted(target, scope, act, jkt),
            issuer=issuer,
            origin=origin,
            now=now,
        )
    )


def _check_client(client: RegisteredClient) -> None:
    """Let confidential clients alone exchange, and those that an administrator has let (section 5)."""
    if client.is_public:
        raise UnauthorizedClient(finding=Finding(found=Found.PUBLIC_CLIENT, about=GrantType.TOKEN_EXCHANGE.value))
    if client.token_exchange is TokenExchange.NONE:
        raise UnauthorizedClient(finding=Finding(found=Found.EXCHANGE_NOT_ALLOWED))


def _check_asked(parameters: Parameters) -> None:
    """Check the types, which are told with each token (section 2.1)."""
    _check_type("requested_token_type", parameters.get("requested_token_type") or ACCESS_TOKEN, (ACCESS_TOKEN,))
    _check_type("subject_token_type", parameters.required("subject_token_type"), (ACCESS_TOKEN, JWT))
    if parameters.get("actor_token"):
        _check_type("actor_token_type", parameters.required("actor_token_type"), (ACCESS_TOKEN, JWT))
    elif parameters.get("actor_token_type"):
        raise InvalidRequest("There is an actor_token_type without an actor_token.", finding=missing("actor_token"))


def _check_type(name: str, came: str, known: tuple[str, ...]) -> None:
    if came not in known:
        raise InvalidRequest(f"The {name} is not supported.", finding=unsupported(name, came=came, expected=known))


async def _presented(
    name: str, parameters: Parameters, client: RegisteredClient, *, issuer: str, now: datetime
) -> AccessToken:
    """Return what a live token says that this client may show. Raises InvalidRequest."""
    value = parameters.required(name)
    if parameters.get(f"{name}_type") == JWT and value.count(".") != _JWT_DOTS:
        raise _refused(name, Found.EXCHANGED_NOT_LIVE)
    try:
        token = access_tokens.read_issued(value, now=now)
    except InvalidToken as invalid:
        raise _refused(name, Found.EXCHANGED_NOT_LIVE) from invalid
    if feed.is_revoked(token):
        raise _refused(name, Found.EXCHANGED_NOT_LIVE)
    if token.client_id != client.client_id and not await _is_for(client, token, issuer):
        raise _refused(name, Found.EXCHANGED_NOT_MEANT)
    return token


async def _is_for(client: RegisteredClient, token: AccessToken, issuer: str) -> bool:
    """Tell whether a token is for the client's own API (RFC 8707). What is for us is nobody else's to take."""
    if token.audience == issuer:
        return False
    resource = (await aside(scopes.catalogue)).resource(token.audience)
    return resource is not None and resource.client_id == client.client_id


async def _check_subject(subject: AccessToken, client: RegisteredClient, jkt: str) -> None:
    """Check that a token is of a person who is there, not exchanged for ever, and stays bound if it is.

    A bound token of the client's own is shown with its key; one that an app sent to the client's API has the key of
    that app, which nobody else can prove: then the client binds the new one to its own.
    """
    if not subject.is_person or subject.person_id is None or await people.active(subject.person_id) is None:
        raise _refused("subject_token", Found.EXCHANGED_NOT_LIVE)
    if len(subject.exchanged_from) >= MOST_EXCHANGES:
        raise _refused("subject_token", Found.EXCHANGES_TOO_MANY)
    is_its_own = subject.client_id == client.client_id
    if subject.cnf is not None and not (subject.cnf == {"jkt": jkt} if is_its_own else jkt):
        raise _refused("subject_token", Found.KEY_DIFFERS)


async def _act(
    subject: AccessToken, parameters: Parameters, client: RegisteredClient, *, issuer: str, jkt: str, now: datetime
) -> Mapping[str, Any] | None:
    """Return who acts by the new token, those before nested in it (section 4.1); None is nobody but the person.

    It is the client, by name or by a token of its own. Somebody else only where the subject's token says that they may
    (section 4.4): a token that somebody sent to the client does not make them the actor.
    """
    actor: dict[str, str] = {"sub": client.client_id}
    is_said = bool(parameters.get("actor_token"))
    if is_said:
        actor = await _actor(parameters, client, issuer=issuer, jkt=jkt, now=now)
    is_client = actor["sub"] == client.client_id
    if not (is_client if subject.may_act is None else _may_act(subject.may_act, actor, client, issuer)):
        raise _refused("actor_token", Found.ACTOR_NOT_ALLOWED)
    before = subject.act
    if client.token_exchange is TokenExchange.IMPERSONATION and not is_said:
        return before  # who acted before is never forgotten
    if before is None:
        return actor
    return before if before.get("sub") == actor["sub"] else {**actor, "act": before}


async def _actor(
    parameters: Parameters, client: RegisteredClient, *, issuer: str, jkt: str, now: datetime
) -> dict[str, str]:
    """Return whom a live actor token is of; if it is bound, its key was proved. Raises InvalidRequest."""
    token = await _presented("actor_token", parameters, client, issuer=issuer, now=now)
    if token.cnf is not None and token.cnf != {"jkt": jkt}:
        raise _refused("actor_token", Found.KEY_DIFFERS)
    if not token.is_person:
        return {"sub": token.subject}
    if token.person_id is None or await people.active(token.person_id) is None:
        raise _refused("actor_token", Found.EXCHANGED_NOT_LIVE)
    return {"sub": token.subject, "client_id": token.client_id}


def _may_act(may_act: Mapping[str, Any], actor: Mapping[str, str], client: RegisteredClient, issuer: str) -> bool:
    """Tell whether `may_act` names this actor; what it says and we do not know is said of nobody."""
    known = {"iss": issuer, "client_id": client.client_id, **actor}
    return "sub" in may_act and all(known.get(name) == said for name, said in may_act.items())


def _refused(name: str, found: Found) -> InvalidRequest:
    text = f"The {name} is not valid, or this client may not exchange it."
    return InvalidRequest(text, finding=Finding(found=found, about=name))
