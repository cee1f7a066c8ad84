"""Both formats, chosen by Accept, as the library's own parsers read them."""

import pytest
from django.test import Client
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics_families

from authproject.metrics import observe
from tests.authproject.metrics.scraped import Scrape, read, scrape

pytestmark = pytest.mark.django_db
PROMETHEUS_2 = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
PROMETHEUS_3 = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,*/*;q=0.1"


def _answer(accept: str) -> tuple[str, bytes]:
    answer = Client(headers={"Host": "127.0.0.1", "Accept": accept}).get("/metrics")
    assert (answer.status_code, answer.headers["Vary"]) == (200, "Accept")
    return answer.headers["Content-Type"], answer.content


@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "",
        "text/plain",
        "text/html",
        "nonsense",
        "text/plain;version=9.9.9",
        "text/plain, application/openmetrics-text;q=0.5",
    ],
)
def test_the_format_of_prometheus_is_what_comes_by_default(accept: str) -> None:
    observe("token", "POST", 200, 0.001)
    content_type, content = _answer(accept)
    assert content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert read(content).answers("token", "POST") == 1


@pytest.mark.parametrize(
    "accept",
    [PROMETHEUS_2, PROMETHEUS_3, "application/openmetrics-text", "application/openmetrics-text;version=x;escaping=y"],
)
def test_openmetrics_comes_where_it_is_preferred(accept: str) -> None:
    observe("token", "POST", 200, 0.001)
    content_type, content = _answer(accept)
    assert content_type == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    found = Scrape(openmetrics_families(content.decode()))
    assert found.answers("token", "POST") == 1
    assert content.endswith(b"# EOF\n")


def test_every_family_has_a_name_of_ours_or_of_processes_and_says_what_it_is() -> None:
    families = scrape().families.values()
    assert [family.name for family in families if not family.name.startswith(("authproject_", "process_"))] == []
    assert [family.name for family in families if not family.documentation.endswith(".")] == []
