"""Pages of passwords in place of allauth's at the same addresses.

Opening a reset link signs nobody out. Who has no password sets one only after a proof of a moment ago.
"""

from allauth.account import views as allauth_views

from accounts.views.recent_proof import recent_proof_required

set_password = recent_proof_required(allauth_views.password_set)


class ResetView(allauth_views.PasswordResetFromKeyView):
    """Choose a new password."""

    def logout(self) -> None:
        """Sign out who is signed in to another account, once a password is chosen: mail scanners open links too."""
        if self.request.method == "POST":
            super().logout()
