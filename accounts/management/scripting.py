"""What commands for scripts have in common: JSON from a file or from stdin, and a bad value's status 2."""

import sys
from pathlib import Path
from typing import Final

from django.core.management.base import CommandError

from trust.lib.strict_json import MalformedJson, parse_json

_BAD_VALUE: Final = 2  # exit status


def refusal(*texts: str) -> CommandError:
    """Return the error of a bad value: one line on stderr, and status 2."""
    return CommandError(" ".join(" ".join(texts).split()), returncode=_BAD_VALUE)


def read_documents(path: str) -> tuple[list[dict[str, object]], bool]:
    """Return the JSON objects of a file, or of stdin for `-`, and whether they came as a list. Raises CommandError."""
    try:
        parsed = parse_json(sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes())
    except OSError as unreadable:
        raise refusal(f"--json: {path}:", unreadable.strerror or "unreadable") from unreadable
    except MalformedJson as malformed:
        raise refusal(f"--json: {path}: this is no JSON") from malformed
    documents = parsed if isinstance(parsed, list) else [parsed]
    if not all(isinstance(document, dict) for document in documents):
        raise refusal(f"--json: {path}: an object is wanted, or a list of objects")
    return documents, isinstance(parsed, list)
