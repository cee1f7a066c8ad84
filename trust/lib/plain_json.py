"""JSON as we say it (RFC 8259): compact, UTF-8, quickly."""

import json
from typing import Any

import orjson


def dump_json(value: Any) -> bytes:
    """Return the JSON text of a value. Raises TypeError, ValueError for what is none."""
    try:
        return orjson.dumps(value, default=dict)  # mappings of other kinds
    except TypeError:  # a whole number of more than 64 bits, which somebody's attributes may have
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
