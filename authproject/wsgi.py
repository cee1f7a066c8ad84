"""The WSGI application, for granian or any other WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from authproject.middleware.charset import CharsetGuard
from authproject.middleware.environ import EnvironGuard

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "authproject.settings")

application = EnvironGuard(CharsetGuard(get_wsgi_application()))
