"""DRF's JSON parser, strict: what is not JSON that we take is 400 and never a 500."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework import parsers
from rest_framework.exceptions import ParseError

from trust.lib.strict_json import MalformedJson, parse_json


class JSONParser(parsers.JSONParser):
    """Parses UTF-8 whatever charset the request names (RFC 8259 section 8.1)."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return what the body says, or raise ParseError, saying nothing of the inside."""
        try:
            return parse_json(stream.read())
        except MalformedJson as malformed:
            raise ParseError from malformed
