"""RFC 8935: pushing one Security Event Token by HTTP, and what its recipient answers."""

from typing import Final

from trust.events.answers import Outcome, Verdict, by_status, judged
from trust.events.vocabulary import SET_MEDIA_TYPE
from trust.lib.fetch import Fetched
from trust.lib.strict_json import MalformedJson, parse_json

_HEARD: Final = 202  # section 2.2: no other status acknowledges
_REFUSED: Final = 400  # section 2.3
# Section 2.4. All but the first speak of keys and of settings, which the operators of either side mend: tried again.
_INVALID_REQUEST: Final = "invalid_request"
_ERRORS: Final = frozenset(
    {_INVALID_REQUEST, "invalid_key", "invalid_issuer", "invalid_audience", "authentication_failed", "access_denied"}
)


def headers() -> dict[str, str]:
    """Return the headers of the request (section 2.1)."""
    return {"Content-Type": SET_MEDIA_TYPE, "Accept": "application/json", "Accept-Language": "en"}


def read(answer: Fetched) -> Outcome:
    """Return what an answer says (sections 2.2 to 2.4)."""
    if answer.status == _HEARD:
        return Outcome(Verdict.DELIVERED, str(answer.status))
    if 200 <= answer.status < 300:
        return judged(answer, Verdict.FAILING, "(202 acknowledges, no other status)")
    error = _error(answer)
    if not error:
        return judged(answer, by_status(answer))
    return judged(answer, Verdict.HOPELESS if error == _INVALID_REQUEST else Verdict.FAILING, error)


def _error(answer: Fetched) -> str:
    """Return the registered error code of a refusal, or nothing."""
    if answer.status != _REFUSED:
        return ""
    try:
        said = parse_json(answer.body)
    except MalformedJson:
        return ""
    error = said.get("err") if isinstance(said, dict) else None
    return error if isinstance(error, str) and error in _ERRORS else ""
