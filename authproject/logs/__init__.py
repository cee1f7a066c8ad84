"""Log lines that nobody can forge, each with the id of the request that it speaks of, and no secret in any.

LOG_FORMAT chooses one of two forms, JSON for machines or a line for people; settings.py names the formatter.
"""

from authproject.logs.context import request_id, trace
from authproject.logs.json_lines import JsonFormatter
from authproject.logs.lines import LineFormatter

__all__ = ["JsonFormatter", "LineFormatter", "request_id", "trace"]
