"""The profile form: the username and the standard claims of OpenID Connect Core section 5.1, all optional but it."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final, NamedTuple
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth.forms import UsernameField
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User

_LANGUAGE_TAG: Final = re.compile(r"\A[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\Z")  # BCP 47, its shape alone
_SECTIONS: Final = (
    (_("What you are called"), ("username", "name", "given_name", "middle_name", "family_name", "nickname")),
    (_("About you"), ("birthdate", "gender", "locale", "zoneinfo")),
    (_("Elsewhere"), ("profile", "picture", "website", "phone_number")),
    (_("Postal address"), ("street_address", "locality", "region", "postal_code", "country")),
)
_USERNAME_TAKEN: Final = _("This username is taken. Choose another.")


class Section(NamedTuple):
    """Fields that belong together, under their heading."""

    legend: str | Promise
    fields: list[BoundField]


class ProfileForm(forms.ModelForm[User]):
    """A person's own claims. `claims` is what the service is to save; the form itself saves nothing."""

    class Meta:
        """Every claim that is the person's to say; the address and what is verified are not."""

        model = User
        fields: ClassVar = [name for _legend, names in _SECTIONS for name in names]
        field_classes: ClassVar = {"username": UsernameField}
        widgets: ClassVar = {
            name: forms.TextInput(attrs={"autocomplete": hint})
            for name, hint in {
                "name": "name",
                "given_name": "given-name",
                "middle_name": "additional-name",
                "family_name": "family-name",
                "nickname": "nickname",
                "birthdate": "bday",
                "locale": "language",
                "street_address": "street-address",
                "locality": "address-level2",
                "region": "address-level1",
                "postal_code": "postal-code",
                "country": "country-name",
            }.items()
        } | {
            "website": forms.URLInput(attrs={"autocomplete": "url"}),
            "phone_number": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        }
        help_texts: ClassVar = {
            "locale": _("A language tag, such as ko or en-GB."),
            "zoneinfo": _("Continent and city, such as Asia/Seoul."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Values other than those that the specification names are allowed, so one that is stored stays.
        choices = dict([("", "—"), *User.Gender.choices])
        choices.setdefault(self.instance.gender, self.instance.gender)
        self.fields["gender"].widget = forms.Select(choices=list(choices.items()))

    def clean_username(self) -> str:
        """Refuse a username that somebody else has, whatever its case."""
        username: str = self.cleaned_data["username"]
        named = User.objects.by_username(username).first()
        if named is not None and named.pk != self.instance.pk:
            raise forms.ValidationError(_USERNAME_TAKEN, code="unique")
        return username

    def clean_locale(self) -> str:
        """Refuse what is no language tag."""
        locale: str = self.cleaned_data["locale"]
        if locale and not _LANGUAGE_TAG.match(locale):
            raise forms.ValidationError(_("Write a language tag, such as ko or en-GB."), code="invalid")
        return locale

    def clean_zoneinfo(self) -> str:
        """Refuse what is no time zone."""
        name: str = self.cleaned_data["zoneinfo"]
        try:
            ZoneInfo(name or "UTC")
        except (ValueError, OSError, KeyError) as error:
            raise forms.ValidationError(_("There is no such time zone."), code="invalid") from error
        return name

    def refuse_username(self) -> None:
        """Say that the username was taken between the check and the writing."""
        self.add_error("username", forms.ValidationError(_USERNAME_TAKEN, code="unique"))

    def claims(self) -> Mapping[str, object]:
        """Return the changed claims and what follows from them: another phone number is not verified."""
        changed: dict[str, object] = {name: self.cleaned_data[name] for name in self.changed_data}
        return changed | ({"phone_number_verified": False} if "phone_number" in changed else {})

    def sections(self) -> list[Section]:
        """Return the fields in their groups."""
        return [Section(legend, [self[name] for name in names]) for legend, names in _SECTIONS]
