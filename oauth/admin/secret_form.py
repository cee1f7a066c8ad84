"""The form of a new secret: how long the old one is good beside it."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from oauth.conf import PREVIOUS_SECRET_KEPT


class NewSecretForm(forms.Form):
    """Asks for how long a program may go on with the secret that it has."""

    keep = forms.TypedChoiceField(
        label=_("The old secret"),
        coerce=int,
        initial=PREVIOUS_SECRET_KEPT.days,
        choices=[
            (1, _("is good for one more day")),
            (7, _("is good for seven more days")),
            (30, _("is good for thirty more days")),
            (0, _("is refused at once: somebody else knows it")),
        ],
        widget=forms.RadioSelect,
    )

    def kept(self) -> timedelta:
        """Return for how long. The form must be valid."""
        return timedelta(days=self.cleaned_data["keep"])
