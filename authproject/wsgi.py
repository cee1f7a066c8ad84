"""The WSGI application, for granian or any other WSGI server: the fast lane, and Django behind it."""

import os
from wsgiref.types import WSGIApplication

from django.core.wsgi import get_wsgi_application

from authproject.middleware.charset import CharsetGuard
from authproject.middleware.environ import EnvironGuard

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "authproject.settings")


def _guarded() -> WSGIApplication:
    application = get_wsgi_application()
    from authproject.metrics import reader  # these need the apps, which are loaded by now
    from trust.explain.recorder import recorder

    reader.begin_with_first_count()
    recorder.serve()
    return EnvironGuard(CharsetGuard(application))


def _with_lane(behind: WSGIApplication) -> WSGIApplication:
    from authproject.lane.before_django import BeforeDjango  # its endpoints need the apps, which are loaded by now

    return BeforeDjango(behind)


django = _guarded()
application = _with_lane(django)
