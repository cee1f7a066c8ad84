"""An agent: the client of the official MCP SDK, which finds everything out by itself, and the browser of its person."""

import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import anyio
import httpx2
from mcp.client import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientInformationFull, OAuthClientMetadata, OAuthToken

from tests.interop.person import Person

REDIRECT_URI: Final = "http://127.0.0.1:33418/callback"
NAME: Final = "The Agent"


@dataclass
class Agent:
    """What an agent knows of itself, and keeps of the server; `asked` are the addresses that it sent its person to."""

    person: Person
    trusted: ssl.SSLContext
    document: str = ""  # its client_id, where it publishes what it is
    tokens: OAuthToken | None = None
    registered: OAuthClientInformationFull | None = None
    asked: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)  # method and address of each request, as they were sent

    def call(self, server: str, tool: str, **arguments: Any) -> Any:
        """Connect to an MCP server, call a tool of it, and return what that says."""
        return anyio.run(self._call, server, tool, arguments)

    def call_and_refresh(self, server: str, tool: str) -> tuple[OAuthToken, OAuthToken]:
        """Call a tool, and again when the access token has expired; return the tokens before and after."""
        return anyio.run(self._call_and_refresh, server, tool)

    async def _call(self, server: str, tool: str, arguments: dict[str, Any]) -> Any:
        async with self._connected(server) as (client, _auth):
            result = await client.call_tool(tool, arguments)
            return result.structured_content["result"] if result.structured_content else result

    async def _call_and_refresh(self, server: str, tool: str) -> tuple[OAuthToken, OAuthToken]:
        async with self._connected(server) as (client, auth):
            await client.call_tool(tool)
            before = self.tokens
            auth.context.token_expiry_time = 1.0
            await client.call_tool(tool)
            assert before
            assert self.tokens
            return before, self.tokens

    @contextlib.asynccontextmanager
    async def _connected(self, server: str) -> AsyncIterator[tuple[Client, OAuthClientProvider]]:
        metadata = OAuthClientMetadata.model_validate({"client_name": NAME, "redirect_uris": [REDIRECT_URI]})
        auth = OAuthClientProvider(
            server, metadata, self, self._visit, self._came_back, client_metadata_url=self.document or None
        )
        hooks = {"request": [self._note]}
        async with (
            httpx2.AsyncClient(auth=auth, verify=self.trusted, event_hooks=hooks, timeout=30) as http,
            Client(streamable_http_client(server, http_client=http)) as client,
        ):
            yield client, auth

    async def _note(self, request: httpx2.Request) -> None:
        self.sent.append(f"{request.method} {request.url}")

    async def _visit(self, url: str) -> None:
        self.asked.append(url)
        self._led_to = await anyio.to_thread.run_sync(self.person.visit, url)

    async def _came_back(self) -> AuthorizationCodeResult:
        assert self._led_to.startswith(REDIRECT_URI), self._led_to
        return AuthorizationCodeResult.model_validate(dict(parse_qsl(urlsplit(self._led_to).query)))

    async def get_tokens(self) -> OAuthToken | None:
        """Return what is kept, as the SDK's TokenStorage has it."""
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.registered

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.registered = client_info
