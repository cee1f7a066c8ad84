"""How the keys are to be rotated, with what becomes of the tokens that are out there said beside each way."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

PLANNED, NOW, DISTRUST = "planned", "now", "distrust"


class RotationForm(forms.Form):
    """Asks for one of three ways; the last is offered to those who may delete keys."""

    way = forms.ChoiceField(
        label=_("When, and what becomes of the tokens that are out there"),
        widget=forms.RadioSelect,
        initial=PLANNED,
        choices=[
            (
                PLANNED,
                _(
                    "In an hour: the next keys are published now and sign in an hour, when every program has seen "
                    "them. Every token that is out there stays good until its own end. Nobody notices."
                ),
            ),
            (
                NOW,
                _(
                    "Now: the next keys sign from this moment on. Every token that is out there stays good until its "
                    "own end. A program that does not look for new keys when it meets one that it does not know "
                    "refuses new tokens until it does."
                ),
            ),
            (
                DISTRUST,
                _(
                    "After a leak: the next keys sign from this moment on, and the old ones are deleted. Every token "
                    "that is out there is refused within a minute, by programs of others as soon as they fetch the "
                    "keys: applications send everybody to sign in again. Browsers stay signed in here."
                ),
            ),
        ],
    )

    is_sure = forms.BooleanField(
        label=_(
            "After a leak: I know that every token is refused, and everybody has to sign in to applications again."
        ),
        required=False,
    )

    def __init__(self, *args: Any, may_distrust: bool, **named: Any) -> None:
        super().__init__(*args, **named)
        if not may_distrust:
            way: Any = self.fields["way"]
            way.choices = [choice for choice in way.choices if choice[0] != DISTRUST]
            del self.fields["is_sure"]

    def clean(self) -> dict[str, Any]:
        """Refuse what shuts everybody out unless it is said twice."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("way") == DISTRUST and not cleaned.get("is_sure"):
            self.add_error("is_sure", _("Tick this if the keys have leaked; choose another way if not."))
        return cleaned
