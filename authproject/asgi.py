"""The ASGI application, for servers that speak ASGI."""

import os

from django.core.asgi import get_asgi_application
from django.core.handlers.asgi import ASGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "authproject.settings")


def _counted() -> ASGIHandler:
    application = get_asgi_application()
    from authproject.metrics import reader  # these need the apps, which are loaded by now
    from trust.explain.recorder import recorder

    reader.begin_with_first_count()
    recorder.serve()
    return application


application = _counted()
