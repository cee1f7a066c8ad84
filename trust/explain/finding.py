"""What a check found: said by whoever refuses, carried by the refusal, put into words when somebody reads it."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from trust.explain.vocabulary import Endpoint, Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found, and of what: never a secret, a code or a token.

    `about` is the parameter or the member that it is about, or the rule that it breaks, in words of ours. `came` is
    what the wire had; `expected` what was, or `one_of` where any of several would do, of which the nearest is kept.
    `person` is whom it concerns.
    """

    found: Found | None
    about: str = ""
    came: str = field(default="", repr=False)
    expected: str = ""
    one_of: tuple[str, ...] = ()
    number: int | None = None
    person: uuid.UUID | None = None


NOTHING: Final = Finding(found=None)  # where the error says it all


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A refusal as it waits for its being written. `client_id` is what the request says, registered or not."""

    reference: str
    at: datetime
    endpoint: Endpoint
    client_id: str = field(repr=False)
    error: str
    step: str
    finding: Finding = NOTHING
