"""A span for each statement that a request waits for: its text, whose values stand apart, and never the values."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode

from authproject.tracing.provider import tracer

_LONGEST_TEXT: Final = 2000  # characters


def watched(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Mapping[str, Any]) -> Any:  # noqa: FBT001 - as Django calls it
    """Run a statement in a span of its own, if its request is recorded at all."""
    if not trace.get_current_span().is_recording():
        return execute(sql, params, many, context)
    text = str(sql)
    operation = text.lstrip("(\n ").partition(" ")[0].upper()[:20]
    attributes = {
        "db.system.name": context["connection"].vendor,
        "db.operation.name": operation,
        "db.query.text": text[:_LONGEST_TEXT],
    }
    span = tracer().start_span(operation, kind=SpanKind.CLIENT, attributes=attributes)
    try:
        return execute(sql, params, many, context)
    except Exception as error:
        # Its class alone: a database quotes values in the text.
        span.set_attribute("error.type", type(error).__name__)
        span.set_status(StatusCode.ERROR)
        raise
    finally:
        span.end()
