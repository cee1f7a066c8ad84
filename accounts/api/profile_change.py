"""A change of one's profile by JSON: a merge patch (RFC 7396), judged by the form of the profile page."""

from collections.abc import Mapping
from copy import copy
from typing import Any, Final

from django.db import IntegrityError
from django.utils.translation import gettext as _

from accounts.forms.profile import ProfileForm
from accounts.models import User
from accounts.services import people
from trust.guard.parsers import JSONParser
from trust.lib.origin import Origin

CHANGEABLE: Final[tuple[str, ...]] = tuple(ProfileForm.Meta.fields)


class MergePatchParser(JSONParser):
    """Parses a merge patch, whose media type is of its own."""

    media_type = "application/merge-patch+json"


class ProfileRefused(Exception):
    """What was asked is not good; `errors` says why, by member."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        """Keep why."""
        super().__init__("profile refused")
        self.errors = errors


class _ProfilePatch(ProfileForm):
    """The profile form of the members that were sent, and of no others."""

    def __init__(self, sent: Mapping[str, Any], *, person: User) -> None:
        # A copy, for the form writes into its instance.
        super().__init__({name: value or "" for name, value in sent.items()}, instance=copy(person))
        for name in self.fields.keys() - sent.keys():
            del self.fields[name]


def change(*, person: User, patch: object, origin: Origin) -> None:
    """Save what a merge patch asks; null clears. Nothing is changed unless all is good. Raises ProfileRefused."""
    form = _ProfilePatch(_checked(patch), person=person)
    if form.is_valid():
        try:
            if claims := form.claims():
                people.update_profile(user=person, claims=claims, origin=origin)
        except IntegrityError:
            form.refuse_username()
    if form.errors:
        raise ProfileRefused({name: [str(error) for error in errors] for name, errors in form.errors.items()})


def _checked(patch: object) -> Mapping[str, str | None]:
    """Return the members of a patch. What the person may not change here is refused, not passed over."""
    if not isinstance(patch, dict):
        raise ProfileRefused({"non_field_errors": [_("Not an object.")]})
    errors = {name: _problem_with(name, value) for name, value in patch.items()}
    if any(errors.values()):
        raise ProfileRefused({name: [problem] for name, problem in errors.items() if problem})
    return patch


def _problem_with(name: str, value: object) -> str:
    if name not in CHANGEABLE:
        return _("This cannot be changed here.")
    return "" if value is None or isinstance(value, str) else _("Not a valid string.")
