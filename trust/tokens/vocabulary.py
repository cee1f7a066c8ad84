"""Wire values of tokens: the `typ` that keeps one kind from passing for another, and the reserved client."""

from typing import Final

ACCESS_TOKEN_TYP: Final = "at+jwt"  # RFC 9068 section 2.1
REFRESH_TOKEN_TYP: Final = "rt+jwt"
FIRST_PARTY_CLIENT_ID: Final = "first-party"
PERSONAL_ACCESS_TOKEN_CLIENT_ID: Final = "personal-access-token"
RESERVED_CLIENT_IDS: Final = frozenset({FIRST_PARTY_CLIENT_ID, PERSONAL_ACCESS_TOKEN_CLIENT_ID})
