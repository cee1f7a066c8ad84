"""A form whose values are held to rules that other doors have too, and saved by a service."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext

from oauth.protocol.rfc7591_metadata import Problem


class DescribedForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """Shows every fault beside its field."""

    @abstractmethod
    def problems(self) -> Iterable[Problem]:
        """Return what is wrong with what was typed."""

    def clean(self) -> dict[str, Any]:
        """Hold it to the rules, once each field is right by itself."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            for problem in self.problems():
                self.add_error(problem.member if problem.member in self.fields else None, told(problem))
        return cleaned


def told(problem: Problem) -> str:
    """Return a problem in the language of whoever reads it."""
    message = gettext(problem.message)
    return f"{problem.value}: {message}" if problem.value else message
