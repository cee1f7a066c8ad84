"""Sign-in by page: allauth's form, whose first field says what it takes."""

from typing import Any

from allauth.account import forms as allauth_forms
from django.utils.translation import gettext_lazy as _


class LoginForm(allauth_forms.LoginForm):
    """An e-mail address or a username, and the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.label = _("E-mail address or username")
        # What password managers look for, whichever of the two it is.
        login.widget.attrs |= {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        self.initial.setdefault("login", self._hint())

    def _hint(self) -> str:
        """Return whom the client that sent the person here expects (OpenID Connect Core 3.1.2.1, login_hint)."""
        hint: str = self.request.GET.get("login_hint", "") if self.request is not None else ""
        return hint
