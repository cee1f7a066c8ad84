"""The authorization server's addresses, as the metadata names them; with and without a trailing slash."""

from django.urls import path, re_path, register_converter

from oauth.api.user_info import UserInfoView
from oauth.views import apps, personal_access_tokens
from oauth.views.authorization import authorization
from oauth.views.client_logo import ClientIdConverter, client_logo
from oauth.views.device import device
from oauth.views.device_authorization import device_authorization
from oauth.views.end_session import end_session
from oauth.views.explanation import explanation
from oauth.views.forward_auth import forward_auth, forward_auth_refused
from oauth.views.global_token_revocation import global_token_revocation
from oauth.views.introspection import introspection
from oauth.views.jwks import jwks
from oauth.views.metadata import oauth_authorization_server, oauth_protected_resource, openid_configuration
from oauth.views.personal_access_token import personal_access_token
from oauth.views.pushed_authorization_request import pushed_authorization_request
from oauth.views.registration import registration, registration_management
from oauth.views.revocation import revocation
from oauth.views.token import token
from oauth.views.userinfo import userinfo
from trust.guard.endpoint import django_view

register_converter(ClientIdConverter, "client_id")

POST = ("POST", "OPTIONS")
GET = ("GET", "HEAD", "OPTIONS")

urlpatterns = [
    re_path(r"^\.well-known/openid-configuration/?$", django_view(openid_configuration, methods=GET)),
    re_path(r"^\.well-known/oauth-authorization-server/?$", django_view(oauth_authorization_server, methods=GET)),
    re_path(r"^\.well-known/oauth-protected-resource/?$", django_view(oauth_protected_resource, methods=GET)),
    re_path(r"^oauth/authorize/?$", authorization, name="authorization"),
    re_path(
        r"^oauth/par/?$",
        django_view(pushed_authorization_request, methods=POST),
        name="pushed_authorization_request",
    ),
    re_path(r"^oauth/token/?$", django_view(token, methods=POST), name="token"),
    re_path(
        r"^oauth/device-authorization/?$", django_view(device_authorization, methods=POST), name="device_authorization"
    ),
    re_path(r"^oauth/device/?$", device, name="device"),
    re_path(r"^oauth/introspect/?$", django_view(introspection), name="introspection"),
    re_path(r"^oauth/revoke/?$", django_view(revocation, methods=POST), name="revocation"),
    re_path(r"^oauth/global-token-revocation/?$", django_view(global_token_revocation), name="global_token_revocation"),
    re_path(r"^oauth/userinfo/?$", django_view(userinfo, methods=(*GET, "POST")), name="userinfo"),
    re_path(r"^oauth/jwks/?$", django_view(jwks, methods=GET), name="jwks"),
    re_path(r"^oauth/end-session/?$", end_session, name="end_session"),
    re_path(r"^oauth/forward-auth/?$", django_view(forward_auth, methods=("GET", "HEAD")), name="forward_auth"),
    path("oauth/forward-auth/refused/", forward_auth_refused, name="forward_auth_refused"),
    re_path(r"^oauth/register/?$", django_view(registration), name="registration"),
    re_path(
        r"^oauth/register/(?P<client_id>[^/]+)/?$",
        django_view(registration_management, methods=("GET", "HEAD", "PUT", "DELETE")),
        name="registration_management",
    ),
    path("oauth/errors/<str:reference>", explanation, name="explanation"),
    re_path(r"^api/user_info/?$", UserInfoView.as_view(), name="api_user_info"),
    path("oauth/clients/<client_id:client_id>/logo", client_logo, name="client_logo"),
    path("accounts/apps/", apps.apps, name="account_apps"),
    path("accounts/apps/<int:client_pk>/revoke/", apps.revoke, name="account_app_revoke"),
    re_path(
        r"^api/personal-access-token/?$",
        django_view(personal_access_token, methods=("GET", "HEAD", "DELETE")),
        name="api_personal_access_token",
    ),
    path("accounts/tokens/", personal_access_tokens.tokens, name="account_tokens"),
    path("accounts/tokens/new/", personal_access_tokens.new, name="account_token_new"),
    path("accounts/tokens/end-all/", personal_access_tokens.end_all, name="account_tokens_end_all"),
    path("accounts/tokens/<uuid:token_id>/end/", personal_access_tokens.end, name="account_token_end"),
]
