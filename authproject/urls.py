"""The roof: which app answers where. Names only."""

from django.contrib import admin
from django.urls import include, path, re_path

from authproject.views import brand, front, health, metrics
from authproject.views.api_docs import ApiDocsView
from authproject.views.api_schema import ApiSchemaView

urlpatterns = [
    path("", front.front, name="front"),
    path("brand.css", brand.stylesheet, name="brand_stylesheet"),
    path("brand/logo", brand.logo, name="brand_logo"),
    path("api/", include("accounts.api.urls")),  # early: programs ask more often than people
    path("", include("oauth.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    re_path(r"^api/schema/?$", ApiSchemaView.as_view(), name="api_schema"),
    re_path(r"^api/docs/?$", ApiDocsView.as_view(), name="api_docs"),
    path("i18n/", include("django.conf.urls.i18n")),
    re_path(r"^health/live/?$", health.live, name="health_live"),
    re_path(r"^health/ready/?$", health.ready, name="health_ready"),
    re_path(r"^metrics/?$", metrics.metrics, name="metrics"),
]

handler400 = "authproject.views.errors.bad_request"
handler403 = "authproject.views.errors.permission_denied"
handler404 = "authproject.views.errors.page_not_found"
handler500 = "authproject.views.errors.server_error"
