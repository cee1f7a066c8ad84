"""What must not be read in a log: links that sign people in stand in paths, and tokens in the texts of exceptions.

No line of ours names a secret; this is the second line, for what Django and libraries write of a request.
"""

import re
from typing import Final

REDACTED: Final = "[redacted]"
# A JWS, or its first two parts; one cut short is none.
_TOKEN: Final = re.compile(r"\bey[\w-]{8,}\.[\w-]{2,}(?:\.[\w-]*)?")
_PERSONAL: Final = re.compile(r"\bapat_\w{8,}")  # a personal access token, whole or not
# Authorization headers, should an exception quote one (RFC 9110 section 11.4).
_CREDENTIALS: Final = re.compile(r"\b(Bearer|Basic|DPoP) +[\w.~+/=-]{8,}", re.IGNORECASE)
# Members of a form, a query or a JSON object that hold secrets, as they would stand in a quoted body.
_MEMBER: Final = re.compile(
    r"""((?:password\d?|secret|token|assertion|verifier|\bcode|_hint|\botp|challenge)["']?\s*[=:]\s*\[?["']?)"""
    r"""(?![\s"'=:,)\]}])[^\s"'&,;)\]}]{6,}"""
)
# A segment of a path that is long and has a digit: the key of a link. UUIDs are ids, and stay.
_UUID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SEGMENT: Final = re.compile(rf"(?<=/)(?!{_UUID}\b)(?=[\w:=~-]*\d)[\w:=~-]{{16,}}(?=[/?#\s\"'),;\]]|\Z)")

_SCHEMES: Final = ("bearer ", "basic ", "dpop ")


def redacted(text: str) -> str:
    """Return a text without tokens, credentials and the keys of links."""
    # Each after a quick look at whether it can find anything: most lines are short and hold nothing.
    if "ey" in text:
        text = _TOKEN.sub(REDACTED, text)
    if "apat_" in text:
        text = _PERSONAL.sub(REDACTED, text)
    lower = text.lower()
    if any(scheme in lower for scheme in _SCHEMES):
        text = _CREDENTIALS.sub(rf"\1 {REDACTED}", text)
    if "=" in text or ":" in text:
        text = _MEMBER.sub(rf"\g<1>{REDACTED}", text)
    return _SEGMENT.sub(REDACTED, text) if "/" in text else text
