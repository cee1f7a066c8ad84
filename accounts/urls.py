"""The pages of one's account that are ours. Names only."""

from django.urls import include, path, re_path

from accounts.views import (
    activity,
    address,
    closing,
    impersonation,
    invitation,
    mailed_code,
    not_me,
    overview,
    own_data,
    passkey_options,
    passkeys,
    password,
    profile,
    sessions,
)

# In place of allauth's, at its addresses and by its names: accounts/views/passkeys.py.
_passkeys = [
    path("authenticate/", passkeys.AuthenticateView.as_view(), name="mfa_authenticate"),
    path("prove-again/", passkeys.prove_again, name="account_prove_again"),
    path("webauthn/add/", passkeys.AddView.as_view(), name="mfa_add_webauthn"),
    path("webauthn/login/", passkeys.LoginView.as_view(), name="mfa_login_webauthn"),
    path("webauthn/reauthenticate/", passkeys.ReauthenticateView.as_view(), name="mfa_reauthenticate_webauthn"),
    path("webauthn/keys/<int:pk>/edit/", passkeys.EditView.as_view(), name="mfa_edit_webauthn"),
    path("webauthn/keys/<int:pk>/remove/", passkeys.RemoveView.as_view(), name="mfa_remove_webauthn"),
    path("webauthn/options/add/", passkey_options.add, name="passkey_options_add"),
    path("webauthn/options/prove-again/", passkey_options.prove_again, name="passkey_options_prove_again"),
    path("webauthn/options/second-step/", passkey_options.second_step, name="passkey_options_second_step"),
    path("webauthn/options/sign-in/", passkey_options.sign_in, name="passkey_options_sign_in"),
]
# Likewise, for they count, and change nothing by GET: accounts/views/mailed_code.py,
# accounts/views/address.py, accounts/views/password.py.
_entrance = [
    path("login/code/", mailed_code.RequestCodeView.as_view(), name="account_request_login_code"),
    path("login/code/confirm/", mailed_code.ConfirmCodeView.as_view(), name="account_confirm_login_code"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", address.ConfirmView.as_view(), name="account_confirm_email"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        password.ResetView.as_view(),
        name="account_reset_password_from_key",
    ),
    path("password/set/", password.set_password, name="account_set_password"),
    path("email/", address.AddressView.as_view(), name="account_email"),
    path("invitation/<str:secret>/", invitation.invitation, name="account_invitation"),
]
urlpatterns = [
    *_entrance,
    path("", overview.overview, name="account_overview"),
    path("profile/", profile.profile, name="account_profile"),
    path("sessions/", sessions.devices, name="account_sessions"),
    path("sessions/end-others/", sessions.end_others, name="account_sessions_end_others"),
    path("sessions/<uuid:session_id>/end/", sessions.end, name="account_session_end"),
    path("activity/", activity.activity, name="account_activity"),
    path("data/", own_data.exports, name="account_data"),
    path("data/<uuid:export_id>/", own_data.download, name="account_data_download"),
    path("delete/", closing.close, name="account_delete"),
    path("way-back/<str:link>/", closing.way_back, name="account_way_back"),
    path("impersonation/stop/", impersonation.stop, name="account_impersonation_stop"),
    path("impersonation/over/", impersonation.over, name="account_impersonation_over"),
    path("inactive/", closing.inactive, name="account_inactive"),
    path("not-me/<str:token>/", not_me.not_me, name="account_not_me"),
    path("2fa/", include(_passkeys)),
]
