"""The pages of one's account that are ours. Names only."""

from django.urls import path

from accounts.views import overview, profile, sessions

urlpatterns = [
    path("", overview.overview, name="account_overview"),
    path("profile/", profile.profile, name="account_profile"),
    path("sessions/", sessions.devices, name="account_sessions"),
    path("sessions/end-others/", sessions.end_others, name="account_sessions_end_others"),
    path("sessions/<uuid:session_id>/end/", sessions.end, name="account_session_end"),
]
