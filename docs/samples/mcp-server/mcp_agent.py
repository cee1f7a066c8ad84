"""An agent in a terminal: `mcp_agent.py TOOL [name=value ...]` calls a tool of an MCP server, and prints what it says.

The official MCP SDK finds everything else out, from the address of the server alone: who issues its tokens, who the
agent is there, what to ask for. Given CLIENT_METADATA_URL, the address of its own document, it is known by that;
otherwise it registers itself. It keeps nothing: its person is asked each time.
"""

import os
import sys
import threading
import webbrowser
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit

import anyio
import httpx2
from mcp.client import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientInformationFull, OAuthClientMetadata, OAuthToken

SERVER = os.environ.get("RESOURCE", "http://127.0.0.1:9000/mcp")
DOCUMENT = os.environ.get("CLIENT_METADATA_URL") or None
PORT = int(os.environ.get("CALLBACK_PORT", "33418"))
ITSELF = OAuthClientMetadata.model_validate(
    {"client_name": "Agent in a terminal", "redirect_uris": [f"http://127.0.0.1:{PORT}/callback"]}
)


class Callback(BaseHTTPRequestHandler):
    """Takes the answer that the browser brings back."""

    answer: dict[str, str] = {}

    def do_GET(self) -> None:
        """Keep the answer, and thank the person."""
        Callback.answer = dict(parse_qsl(urlsplit(self.path).query))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"Thank you. Go back to the terminal.")

    def log_message(self, *words: object) -> None:
        """Say nothing: the answer is nobody else's."""


class Memory:
    """What the SDK keeps, for as long as the program runs."""

    tokens: OAuthToken | None = None
    client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        """Return the tokens."""
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        """Keep the tokens."""
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        """Return who the agent is at the server that issues its tokens."""
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        """Keep who it is."""
        self.client = client_info


async def visit(url: str) -> None:
    """Send the person there."""
    print("Continue in your browser:", url, file=sys.stderr)
    threading.Thread(target=webbrowser.open, args=[url], daemon=True).start()


async def came_back() -> AuthorizationCodeResult:
    """Wait for the browser; the SDK looks at the state and at the issuer."""
    Callback.answer = {}
    with HTTPServer(("127.0.0.1", PORT), Callback) as listener:
        while not Callback.answer:
            await anyio.to_thread.run_sync(listener.handle_request)
    if "code" not in Callback.answer:
        sys.exit(f"Not allowed: {Callback.answer.get('error')}")
    return AuthorizationCodeResult.model_validate(Callback.answer)


async def call(tool: str, arguments: dict[str, str]) -> None:
    """Call a tool, and print what it returns."""
    auth = OAuthClientProvider(SERVER, ITSELF, Memory(), visit, came_back, client_metadata_url=DOCUMENT)
    async with (
        httpx2.AsyncClient(auth=auth, timeout=300) as http,
        Client(streamable_http_client(SERVER, http_client=http)) as client,
    ):
        result = await client.call_tool(tool, arguments)
        print(result.structured_content)


if __name__ == "__main__":
    anyio.run(call, sys.argv[1], dict(argument.split("=", 1) for argument in sys.argv[2:]))
