"""A token request (RFC 6749 section 3.2) of a client that is known by now: a value that every grant type takes."""

from datetime import datetime
from typing import NamedTuple

from oauth.protocol.rfc6749_parameters import Parameters
from trust.lib.origin import Origin


class TokenRequest(NamedTuple):
    """What a request says, to which issuer (us), where it came from and when.

    `jkt` is the thumbprint of the key that it proved (RFC 9449), or empty.
    """

    parameters: Parameters
    issuer: str
    origin: Origin
    jkt: str
    now: datetime
