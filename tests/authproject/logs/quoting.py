"""A site with a view that fails as a careless one does: its exception quotes the request whole."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from authproject.urls import handler400, handler403, handler404, handler500
from authproject.urls import urlpatterns as of_the_site

__all__ = ["handler400", "handler403", "handler404", "handler500"]


@csrf_exempt
def _fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(f"{request.POST!r} {request.body!r} {request.headers.get('Authorization')!r}")


urlpatterns = [path("fails/", _fails), *of_the_site]
