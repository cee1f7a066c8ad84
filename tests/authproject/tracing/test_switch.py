"""When traces are on; and that off, which is the rule, they are not there at all."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from authproject import tracing
from authproject.lane import routes
from oauth.views.token import token

ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}
SCRIPT = """
import sys
import authproject.rsgi
from authproject.lane.answering import of_middleware
of_middleware()
heavy = ("opentelemetry.sdk.trace", "opentelemetry.exporter", "authproject.tracing.", "google.protobuf")
print(sorted(name for name in sys.modules if name.startswith(heavy)))
"""


@pytest.mark.parametrize(
    ("environment", "on"),
    [
        ({}, False),
        ({"OTEL_SERVICE_NAME": "id"}, False),
        (ENDPOINT, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": " "}, False),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({"OTEL_TRACES_EXPORTER": "console"}, True),
        (ENDPOINT | {"OTEL_TRACES_EXPORTER": "none"}, False),
        (ENDPOINT | {"OTEL_SDK_DISABLED": "true"}, False),
        (ENDPOINT | {"OTEL_SDK_DISABLED": "True"}, False),
        (ENDPOINT | {"OTEL_SDK_DISABLED": "false"}, True),
    ],
)
def test_is_on_where_an_endpoint_or_an_exporter_is_named(environment: dict[str, str], on: bool) -> None:
    assert tracing.is_on(environment) is on


def _started(**variables: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    return subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=settings.BASE_DIR,
        env=environment | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_off_nothing_of_it_is_imported() -> None:
    done = _started()
    assert done.stdout.strip() == "[]", done.stderr


def test_on_it_is_imported_and_asks_nobody_for_what_middleware_says() -> None:
    done = _started(OTEL_TRACES_EXPORTER="console")
    assert "authproject.tracing.spans" in done.stdout
    assert "span_id" not in done.stdout


@pytest.mark.parametrize(
    "variables",
    [{"OTEL_TRACES_EXPORTER": "zipkin"}, ENDPOINT | {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}],
)
def test_refuses_to_start_with_an_exporter_that_there_is_not(variables: dict[str, str]) -> None:
    done = _started(**variables)
    assert done.returncode == 1
    assert "OTEL_TRACES_EXPORTER is otlp, console or none; the protocol is http/protobuf." in done.stderr


def test_off_nothing_stands_before_an_endpoint() -> None:
    assert routes.ROUTES["/oauth/token"].endpoint is token
    assert routes.ROUTES["/oauth/token/"].endpoint is token
