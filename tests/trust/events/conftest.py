from collections.abc import Iterator

import pytest

from tests.trust.events.receiving import EventReceiver


@pytest.fixture(autouse=True)
def test_bed(settings):
    settings.OUTBOUND_ALLOW_PRIVATE = True


@pytest.fixture
def server() -> Iterator[EventReceiver]:
    with EventReceiver() as server:
        yield server
