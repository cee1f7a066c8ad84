"""Log lines for machines: one JSON object each (RFC 8259), on one line whatever it says."""

import json
import logging
from datetime import UTC, datetime

from authproject.logs.context import request_id, trace
from authproject.logs.redaction import redacted


class JsonFormatter(logging.Formatter):
    """Time (RFC 3339, UTC), level, logger, message, request id; trace and exception where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redacted(record.getMessage()),
            "request_id": request_id.get(),
            "process": record.process,
        }
        ids = trace.get()
        if ids is not None:
            line |= {"trace_id": ids[0], "span_id": ids[1]}
        if record.exc_info:
            line["exception"] = redacted(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack"] = redacted(self.formatStack(record.stack_info))
        return _printable(json.dumps(line, ensure_ascii=False, separators=(",", ":"), default=str))


def _printable(text: str) -> str:
    """Escape what JSON lets stand and a terminal or a reader of lines does not, such as U+2028, U+0085, U+202E."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)
