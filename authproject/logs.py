"""Log lines that nobody can forge: control characters of user input are escaped."""

import logging


class LineFormatter(logging.Formatter):
    """One record, one line, except for a traceback of our own."""

    def __init__(self) -> None:
        """Time, level, logger, message."""
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """Escape control characters, line feeds above all (log injection)."""
        text = super().formatMessage(record)
        return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
