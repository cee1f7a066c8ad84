"""A server writes aside: a reference leads somewhere within a second, and also if the server ends at once."""

import time
from urllib.parse import urlsplit

import pytest

from tests.clients import make_client
from tests.live_site import Answer, LiveSite, live_site
from trust.explain.models import Explanation
from trust.explain.vocabulary import Found

pytestmark = pytest.mark.django_db(transaction=True)


def refuse(site: LiveSite) -> str:
    answer = site.call("POST", "/oauth/token")
    assert answer.status == 401
    return urlsplit(answer.body["error_uri"]).path


def appears(site: LiveSite, path: str) -> Answer:
    """Return the page as soon as it is there."""
    deadline = time.monotonic() + 10  # a second, where nobody else tests
    while (answer := site.call("GET", path)).status == 404 and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer


def test_what_was_refused_is_written_soon_and_at_the_end() -> None:
    make_client()
    with live_site() as site:
        assert appears(site, refuse(site)).status == 200
        last = refuse(site)
    written = Explanation.objects.by_reference(last.rpartition("/")[2]).get()
    assert (written.finding, Explanation.objects.count()) == (Found.CLIENT_UNKNOWN, 2)
