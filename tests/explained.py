"""What refusals left for those who must mend them, as the thread of a server would have written it."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from trust.explain.models import Explanation
from trust.explain.recorder import recorder


def explained() -> list[Explanation]:
    """Write what waits, and return all that there is, the newest first."""
    recorder.write()
    return list(Explanation.objects.order_by("-pk"))


def last_explained() -> Explanation:
    """Return why the last request was refused."""
    return explained()[0]


def reference_of(answer: Any) -> str:
    """Return the reference of an answer of a machine endpoint, or of a redirect to a client."""
    if answer.status_code == 303:
        return dict(parse_qsl(urlsplit(answer["Location"]).query))["error_uri"].rpartition("/")[2]
    return answer.json()["error_uri"].rpartition("/")[2]


def without_reference(answer: Any) -> dict[str, Any]:
    """Return what an answer says that is the same for everybody."""
    return {name: value for name, value in answer.json().items() if name != "error_uri"}
