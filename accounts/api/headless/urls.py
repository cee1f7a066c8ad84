"""The doors, one by one, under /api/account/<client>/v1/. Every address answers with and without its trailing slash."""

from collections.abc import Mapping
from typing import Final

from allauth.headless.constants import Client
from django.urls import re_path

from accounts.api.headless import account_doors, factor_doors, session_doors
from accounts.api.headless.door import Door

DOORS: Final[Mapping[str, type[Door]]] = {
    "config": account_doors.ConfigView,
    "auth/session": account_doors.SessionView,
    "auth/signup": account_doors.SignupView,
    "auth/login": account_doors.LoginView,
    "auth/code/request": account_doors.RequestCodeView,
    "auth/code/confirm": account_doors.ConfirmCodeView,
    "auth/email/verify": account_doors.VerifyEmailView,
    "auth/password/request": account_doors.RequestPasswordResetView,
    "auth/password/reset": account_doors.ResetPasswordView,
    "auth/reauthenticate": account_doors.ReauthenticateView,
    "auth/2fa/authenticate": factor_doors.AuthenticateView,
    "auth/2fa/reauthenticate": factor_doors.ReauthenticateView,
    "auth/webauthn/login": factor_doors.LoginPasskeyView,
    "auth/webauthn/authenticate": factor_doors.AuthenticatePasskeyView,
    "auth/webauthn/reauthenticate": factor_doors.ReauthenticatePasskeyView,
    "auth/sessions": session_doors.SessionsView,
    "account/password/change": account_doors.ChangePasswordView,
    "account/email": account_doors.EmailView,
    "account/authenticators": factor_doors.AuthenticatorsView,
    "account/authenticators/totp": factor_doors.TOTPView,
    "account/authenticators/recovery-codes": factor_doors.RecoveryCodesView,
    "account/authenticators/webauthn": factor_doors.PasskeysView,
}
urlpatterns = [
    re_path(rf"^{client.value}/v1/{path}/?$", door.as_door(client)) for client in Client for path, door in DOORS.items()
]
