"""What is still English in a Korean text: every Latin word but names, codes, addresses and what people typed in."""

import re
from collections.abc import Collection
from typing import Final

_ADDRESS: Final = re.compile(r"https?://\S+|[\w.+-]+@[\w.-]+")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'’-]*[A-Za-z]")
# Names that are written so in Korean too, and examples of what to type in.
_NAMES: Final = frozenset(
    {
        *("authproject", "English"),
        *(
            "API",
            "DPoP",
            "ID",
            "IP",
            "JSON",
            "JWT",
            "JavaScript",
            "OAuth",
            "OpenAPI",
            "OpenID",
            "Connect",
            "PKCE",
            "QR",
            "URI",
            "URL",
        ),
        *("UTC", "ko", "en-GB", "Asia", "Seoul"),
    }
)
# Wire values and examples stay as they are; a sentence that was left or copied has one of these.
ENGLISH_SENTENCE: Final = re.compile(
    r"\b(?:a|an|and|are|for|in|is|it|not|of|or|that|the|this|to|with|you|your)\b", re.IGNORECASE
)


def english_in(text: str, *, names: Collection[str] = ()) -> list[str]:
    """Return the words of `text` that are neither Korean nor among the names."""
    return [word for word in _WORD.findall(_ADDRESS.sub(" ", text)) if word not in _NAMES and word not in names]
