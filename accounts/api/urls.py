"""The JSON API of people, under /api/. Every address answers with and without its trailing slash."""

from django.urls import include, path, re_path

from accounts.api.me import MeView
from accounts.api.protected import ProtectedView
from accounts.api.sessions import SessionListView, SessionView
from accounts.api.token import TokenView
from accounts.api.token_logout import LogoutView
from accounts.api.token_passkey import TokenPasskeyView
from accounts.api.token_refresh import TokenRefreshView
from accounts.api.token_verify import TokenVerifyView

urlpatterns = [
    path("account/", include("accounts.api.headless.urls")),
    re_path(r"^token/?$", TokenView.as_view(), name="api_token"),
    re_path(r"^token/passkey/?$", TokenPasskeyView.as_view(), name="api_token_passkey"),
    re_path(r"^token/refresh/?$", TokenRefreshView.as_view(), name="api_token_refresh"),
    re_path(r"^token/verify/?$", TokenVerifyView.as_view(), name="api_token_verify"),
    re_path(r"^token/logout/?$", LogoutView.as_view(), name="api_token_logout"),
    re_path(r"^sessions/?$", SessionListView.as_view(), name="api_sessions"),
    path("sessions/<uuid:session_id>", SessionView.as_view(schema=None)),  # described once, below
    path("sessions/<uuid:session_id>/", SessionView.as_view(), name="api_session"),
    re_path(r"^me/?$", MeView.as_view(), name="api_me"),
    re_path(r"^protected/?$", ProtectedView.as_view(), name="api_protected"),
]
