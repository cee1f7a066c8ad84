"""The SDK, set up once in each process that makes spans. What it reads from the environment is its own to read."""

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Tracer

_NAME: Final = "authproject"
_PROTOCOL: Final = "http/protobuf"


@lru_cache(1)
def tracer() -> "Tracer":
    """Return the tracer of this process. Raises ImproperlyConfigured where what is asked for is not there."""
    try:
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        exporter = _exporter()
    except ImportError as missing:
        wanted = "Traces are switched on by OTEL_* variables: pip install -r requirements-tracing.txt, or unset them."
        raise ImproperlyConfigured(wanted) from missing
    named = os.environ.get("OTEL_SERVICE_NAME") or "service.name=" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
    provider = TracerProvider(resource=Resource.create({} if named else {SERVICE_NAME: settings.BRAND_NAME}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider.get_tracer(_NAME)


def _exporter() -> "SpanExporter":
    name = os.environ.get("OTEL_TRACES_EXPORTER", "").strip().lower() or "otlp"
    if name == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return ConsoleSpanExporter()
    protocol = os.environ.get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") or os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL")
    if name != "otlp" or (protocol or _PROTOCOL) != _PROTOCOL:
        raise ImproperlyConfigured(f"OTEL_TRACES_EXPORTER is otlp, console or none; the protocol is {_PROTOCOL}.")
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()
