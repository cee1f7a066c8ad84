"""allauth's paths of the OpenID providers, and one more. Names only; allauth.urls finds them beside the provider."""

from django.urls import path

from accounts.external import views

urlpatterns = [
    path("oidc/<slug:provider_id>/login/", views.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", views.callback, name="openid_connect_callback"),
    path("oidc/<slug:provider_id>/reauthenticate/", views.reauthenticate, name="openid_connect_reauthenticate"),
]
