"""What a log line says of the request that it was written in."""

from contextvars import ContextVar
from typing import Final

# Set by middleware/headers.py at the beginning of each request, and by the lane; "-" outside of one.
request_id: Final[ContextVar[str]] = ContextVar("request_id", default="-")
# The ids of the trace and of the span, as W3C Trace Context writes them; None while traces are off.
trace: Final[ContextVar[tuple[str, str] | None]] = ContextVar("trace", default=None)
