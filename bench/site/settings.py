"""Our settings, with one address more: bench/site/urls.py."""

from authproject.settings import *  # noqa: F403

ROOT_URLCONF = "bench.site.urls"
