"""The RSGI application, for granian: the fast lane in its event loop, and Django beside it in threads."""

from wsgiref.types import WSGIApplication

from authproject.wsgi import django


def _site(beside: WSGIApplication) -> "object":
    from authproject.lane.loop import Site  # its endpoints need the apps, which are loaded by now

    return Site(beside)


application = _site(django)
