"""A collector on loopback: takes OTLP over HTTP and keeps the spans, read by OpenTelemetry's own classes."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

_PATIENCE = 20.0  # seconds


@dataclass(frozen=True)
class Span:
    """What came of one span."""

    name: str
    kind: int
    trace_id: str
    span_id: str
    parent_id: str
    status: int
    attributes: dict[str, Any]
    service: str


class Receiver:
    """Keeps every span and every byte that came."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.bytes = b""
        self.paths: set[str] = set()
        self._lock = threading.Lock()

    def take(self, path: str, body: bytes) -> None:
        sent = ExportTraceServiceRequest.FromString(body)
        with self._lock:
            self.bytes += body
            self.paths.add(path)
            for resource in sent.resource_spans:
                service = _attributes(resource.resource.attributes)["service.name"]
                self.spans += [_read(span, service) for scope in resource.scope_spans for span in scope.spans]

    def wait_for(self, wanted: Callable[[Span], bool]) -> Span:
        """Return the first span of a kind, once it has come."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            with self._lock:
                found = next(filter(wanted, self.spans), None)
            if found is not None:
                return found
            time.sleep(0.05)
        raise AssertionError(f"it did not come; these did: {[span.name for span in self.spans]}")


@contextmanager
def receiving() -> Iterator[tuple[Receiver, str]]:
    """Run a receiver; yield it with its address."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            receiver.take(self.path, self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver, f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _read(span: Any, service: str) -> Span:
    return Span(
        name=span.name,
        kind=span.kind,
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        status=span.status.code,
        attributes=_attributes(span.attributes),
        service=service,
    )


def _attributes(listed: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in listed}
