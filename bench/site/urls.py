"""Our addresses, and that of the view without its guard."""

from django.urls import path

from authproject.urls import handler400, handler403, handler404, handler500
from authproject.urls import urlpatterns as ours
from bench.site.unguarded import UnguardedMeView

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
urlpatterns = [*ours, path("bench/me/", UnguardedMeView.as_view())]
