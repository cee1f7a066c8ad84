"""Log lines for people."""

import logging
from typing import Any

from authproject.logs.context import request_id
from authproject.logs.redaction import redacted


class LineFormatter(logging.Formatter):
    """One record, one line; the lines of a traceback are set in, so that none passes for a record."""

    def __init__(self) -> None:
        """Time, level, request, logger, message."""
        super().__init__("%(asctime)s %(levelname)s [%(request_id)s] %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """Name the request and escape control characters, line feeds above all (log injection)."""
        record.request_id = request_id.get()
        return _escaped(redacted(super().formatMessage(record)))

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """Set each line in: the text of an exception may hold what a stranger sent."""
        return "\n".join(f"    {_escaped(line)}" for line in redacted(super().formatException(ei)).splitlines())


def _escaped(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
