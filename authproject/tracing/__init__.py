"""Traces by OpenTelemetry, switched on by its usual environment variables (docs/decisions/0026).

Off, which is the rule, nothing of the library is imported, no middleware is there and no endpoint is wrapped. On, one
span is made of each request, with a child for each statement that it waits for. Neither holds what a stranger sent:
no path, no query, no body, no header.
"""

import os
from collections.abc import Mapping
from typing import Final

_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


def is_on(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether traces are wanted: an endpoint or an exporter is named, and the SDK is not disabled."""
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    exporter = environment.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    if exporter:
        return exporter != "none"
    return any(environment.get(name, "").strip() for name in _ENDPOINTS)


def endpoint(environment: Mapping[str, str] = os.environ) -> str:
    """Return where the collector is, or nothing where none is named."""
    return next((address for name in reversed(_ENDPOINTS) if (address := environment.get(name, "").strip())), "")
