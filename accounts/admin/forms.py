"""The administration's forms of a person. Neither takes a password: the person sets one by the reset link."""

from allauth.account.utils import filter_users_by_email
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.attributes import AttributesField
from accounts.models import User


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the checker only
    """A person's fields."""

    attributes = AttributesField(
        label=_("Attributes"),
        help_text=_('A JSON object of facts of your own, such as {"department": "sales", "floor": 3}.'),
    )

    class Meta:
        """The administration adds the fields that it shows."""

        model = User
        fields = ("username",)

    def clean_username(self) -> str:
        """Normalise before checking, so that no two usernames look alike by their encoding."""
        username: str = User.normalize_username(self.cleaned_data["username"])
        holder = User.objects.by_username(username).first()
        if holder is not None and holder != self.instance:
            raise ValidationError(_("Somebody has this username already."))
        return username


class NewPersonForm(PersonForm):
    """A new person: a username, an address, and whether we know that the address is theirs."""

    attributes = None  # type: ignore[assignment]  # how Django takes a declared field away
    verified = forms.BooleanField(label=_("the address is known to be theirs"), required=False)

    class Meta:
        """Just enough to begin; the rest is filled in afterwards."""

        model = User
        fields = ("username", "email", "is_staff")

    def clean_email(self) -> str:
        """Refuse an address that anybody has, as their first or as another one."""
        email: str = User.objects.normalize_email(self.cleaned_data["email"])
        if filter_users_by_email(email):
            raise ValidationError(_("Somebody has this address already."))
        return email
