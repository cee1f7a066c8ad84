"""An MCP server whose notes are for access tokens that were issued for it: its address is their audience (RFC 8707).

`notes.read` opens the server; who lacks `notes.write` and calls the tool that writes is told so by a 403, and a client
that speaks MCP's authorization asks its person for that scope too.
"""

import os
from urllib.parse import urlsplit

import anyio
import jwt
import uvicorn
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

ISSUER = os.environ.get("ISSUER", "http://127.0.0.1:8000")
RESOURCE = os.environ.get("RESOURCE", "http://127.0.0.1:9000/mcp")
WRITING = {"add_note": "notes.write"}  # by tool: the scope that it needs beyond notes.read
METADATA = "{0.scheme}://{0.netloc}/.well-known/oauth-protected-resource{0.path}".format(urlsplit(RESOURCE))
DEMANDS: jwt.types.Options = {"require": ["exp", "sub", "client_id"]}
keys = jwt.PyJWKClient(f"{ISSUER}/oauth/jwks")
notes: dict[str, list[str]] = {}


class Verifier:
    """Verifies access tokens with the published keys of the issuer (RFC 9068 section 4)."""

    async def verify_token(self, token: str) -> AccessToken | None:
        """Return what a good access token says, or None. Signed by the issuer, for this server, and no id token."""
        try:
            key = await anyio.to_thread.run_sync(keys.get_signing_key_from_jwt, token)
            whole = jwt.decode_complete(
                token, key, algorithms=["ES256"], issuer=ISSUER, audience=RESOURCE, options=DEMANDS
            )
        except jwt.PyJWKClientConnectionError:
            raise  # the issuer cannot be reached: that is not the token's fault
        except jwt.PyJWTError:
            return None
        claims = whole["payload"]
        # A token that is bound to a key (RFC 9449) is not good without its proof, which this server does not check.
        if whole["header"].get("typ") != "at+jwt" or "cnf" in claims:
            return None
        return AccessToken(
            token=token,
            client_id=claims["client_id"],
            scopes=claims.get("scope", "").split(),
            expires_at=claims["exp"],
            resource=RESOURCE,
            subject=claims["sub"],
            claims=claims,
        )


server = MCPServer(
    "Notes",
    token_verifier=Verifier(),
    auth=AuthSettings.model_validate(
        {
            "issuer_url": ISSUER,
            "resource_server_url": RESOURCE,
            "required_scopes": ["notes.read"],
            "validate_token_resource": True,
        }
    ),
)


def person(scope: str) -> str:
    """Return whom the token of this call speaks for, if it has a scope."""
    token = get_access_token()
    if token is None or token.subject is None or scope not in token.scopes:
        raise PermissionError(scope)
    return token.subject


@server.tool()
def list_notes() -> list[str]:
    """Return the person's notes."""
    return notes.get(person("notes.read"), ["Buy milk"])


@server.tool()
def add_note(text: str) -> list[str]:
    """Write a note down, and return them all."""
    kept = notes.setdefault(person(WRITING["add_note"]), ["Buy milk"])
    kept.append(text)
    return kept


class StepUp:
    """Tells who calls a tool without its scope to ask for it, before the tool is called (RFC 6750 section 3.1).

    The request names its tool in a header, which the server holds against the body; the tool itself looks again.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Keep what comes after."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 with the scopes that the tool needs, or go on."""
        needed = WRITING.get(Headers(scope=scope).get("mcp-name", "")) if scope["type"] == "http" else None
        if needed is None or not scope["user"].is_authenticated or needed in scope["auth"].scopes:
            await self.app(scope, receive, send)
            return
        challenge = f'Bearer error="insufficient_scope", scope="notes.read {needed}", resource_metadata="{METADATA}"'
        await Response(status_code=403, headers={"WWW-Authenticate": challenge})(scope, receive, send)


app = server.streamable_http_app(streamable_http_path=urlsplit(RESOURCE).path, json_response=True)
app.user_middleware.append(Middleware(StepUp))  # innermost: the token was looked at before

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=urlsplit(RESOURCE).port or 9000, log_level="warning")
