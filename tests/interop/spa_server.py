"""A static server for the application in spa/: its own origin, as an application's is."""

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.loopback import Authority

_FOLDER: Final = Path(__file__).resolve().parent
_LIBRARY: Final = _FOLDER / "node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js"


class _Handler(http.server.BaseHTTPRequestHandler):
    """Serves the files of the application, whatever the query, and its settings."""

    protocol_version = "HTTP/1.1"

    def __init__(self, settings: dict[str, str], *arguments: Any) -> None:
        self._files = {
            "/": ("text/html", (_FOLDER / "spa/index.html").read_bytes()),
            "/app.js": ("text/javascript", (_FOLDER / "spa/app.js").read_bytes()),
            "/oidc-client-ts.min.js": ("text/javascript", _LIBRARY.read_bytes()),
            "/settings.json": ("application/json", json.dumps(settings).encode()),
        }
        super().__init__(*arguments)

    def do_GET(self) -> None:
        kind, content = self._files[self.path.partition("?")[0]]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def spa_server(tls: Authority | None = None, **settings: str) -> Iterator[str]:
    """Serve the application with the settings of its user manager; return its origin."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, settings)) as server:
        if tls is not None:
            server.socket = tls.serving("127.0.0.1").wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
        server.shutdown()
