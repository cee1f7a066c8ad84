"""The page of a reset link, in place of allauth's at the same address: opening it signs nobody out."""

from allauth.account import views as allauth_views


class ResetView(allauth_views.PasswordResetFromKeyView):
    """Choose a new password."""

    def logout(self) -> None:
        """Sign out who is signed in to another account, once a password is chosen: mail scanners open links too."""
        if self.request.method == "POST":
            super().logout()
