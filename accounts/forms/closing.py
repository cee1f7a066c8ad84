"""The form that closes an account: its person types who they are, so that no click alone does it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class CloseAccountForm(forms.Form):
    """The username, typed once more."""

    confirmation = forms.CharField(
        label=_("Your username"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Keep whose account it is."""
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_confirmation(self) -> str:
        """Compare as a sign-in does: whatever the case."""
        typed: str = self.cleaned_data["confirmation"]
        if User.normalize_username(typed).casefold() != self.user.username.casefold():
            raise forms.ValidationError(_("This is not your username."), code="mismatch")
        return typed
