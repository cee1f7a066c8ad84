"""Traces of a live server, as a collector gets them: one span for each request, and no secret in any."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.authproject.logs.life import Life
from tests.authproject.tracing.receiver import Receiver, Span, receiving
from tests.clients import SECRET, make_client
from tests.people import MakePerson
from tests.served import served

pytestmark = pytest.mark.django_db(transaction=True)

SERVER, CLIENT, ERROR = 2, 3, 2
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACEPARENT = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
BY_APP = {"client_id": "app", "client_secret": SECRET, "grant_type": "client_credentials"}


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving() as (receiver, url):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        monkeypatch.setenv("OTEL_SERVICE_NAME", "id.example.com")
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
        monkeypatch.setenv("ISSUER", "http://127.0.0.1")
        yield receiver


def _of(receiver: Receiver, name: str, **attributes: Any) -> Span:
    def is_it(span: Span) -> bool:
        return span.name == name and attributes.items() <= span.attributes.items()

    return receiver.wait_for(is_it)


def test_the_spans_of_a_life_tell_routes_and_no_secret(collector: Receiver, make_person: MakePerson) -> None:
    make_person()
    make_client(introspects="own")
    with served("--workers", "1", "--no-jobs") as running:
        assert not running.has_job_worker()
        life = Life(running.site.url)
        life.sign_in()
        life.use_an_app()
        life.err(fails=False)
        lane = life.post("/oauth/token", BY_APP, **TRACEPARENT)
        beside = life.post("/oauth/token?x=1", BY_APP, **TRACEPARENT)  # with a query it is Django's
        in_lane, in_django = [
            _of(collector, "POST /oauth/token", **{"authproject.request_id": answer.headers["X-Request-ID"]})
            for answer in (lane, beside)
        ]
        page = _of(collector, "GET /accounts/login/")
        link = _of(collector, "GET /accounts/invitation/<secret>/")
        nowhere = _of(collector, "GET", **{"http.response.status_code": 404})
        statement = collector.wait_for(lambda span: span.kind == CLIENT and span.parent_id == link.span_id)
        running.stop()
    for span in (in_lane, in_django):
        assert (span.trace_id, span.parent_id, span.kind) == (TRACE, PARENT, SERVER)
        assert span.attributes["http.route"] == "/oauth/token"
        assert (span.attributes["authproject.route"], span.attributes["http.response.status_code"]) == ("token", 200)
        assert span.attributes["client.address"] == "127.0.0.1"
    assert (page.attributes["authproject.route"], page.parent_id, page.service) == (
        "account_login",
        "",
        "id.example.com",
    )
    assert link.attributes["http.response.status_code"] in {404, 410, 200}
    assert nowhere.attributes["authproject.route"] == "unknown"
    assert statement.trace_id == link.trace_id
    assert "db.query.text" in statement.attributes
    assert collector.paths == {"/v1/traces"}
    assert [secret for secret in life.kept if secret.encode() in collector.bytes] == []
    assert b"alice@example.com" not in collector.bytes
