"""All metrics as text, in one of the two formats that scrapers read, written by the library."""

from collections.abc import Iterable
from typing import Final

from django.http.request import MediaType
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from authproject.metrics.counted import CountedCollector
from authproject.metrics.site import SiteCollector

_TEXT: Final = "text/plain"  # Prometheus's own
_OPENMETRICS: Final = "application/openmetrics-text"

_registry: Final = CollectorRegistry(auto_describe=False)
_registry.register(CountedCollector())
_registry.register(SiteCollector())


def exposed(accepted: Iterable[MediaType]) -> tuple[bytes, str]:
    """Return the text and its content type: what is accepted first of the two formats, whatever its version.

    The library is given our word and not the client's header, at whose nonsense it fails.
    """
    named = [f"{each.main_type}/{each.sub_type}" for each in accepted]
    encoder, content_type = choose_encoder(next((name for name in named if name in {_TEXT, _OPENMETRICS}), _TEXT))
    return encoder(_registry), content_type
