"""The standard claims of a person (OpenID Connect Core section 5.1), beside those of the account itself."""

from typing import Protocol

from django.core.validators import RegexValidator
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _


class StandardClaims(models.Model):
    """Fields named as the claims are; the address's members stand for themselves (section 5.1.1)."""

    class Gender(models.TextChoices):
        """Values that the section defines; others may be stored too."""

        FEMALE = "female", _("female")
        MALE = "male", _("male")

    name = models.CharField(_("full name"), max_length=255, blank=True)
    given_name = models.CharField(_("given name"), max_length=150, blank=True)
    family_name = models.CharField(_("family name"), max_length=150, blank=True)
    middle_name = models.CharField(_("middle name"), max_length=150, blank=True)
    nickname = models.CharField(_("nickname"), max_length=150, blank=True)
    profile = models.URLField(_("profile page"), blank=True)
    picture = models.URLField(_("picture"), blank=True)
    website = models.URLField(_("website"), blank=True)
    gender = models.CharField(_("gender"), max_length=32, blank=True)
    birthdate = models.CharField(
        _("birth date"),
        max_length=10,
        blank=True,
        help_text=_("YYYY-MM-DD, or YYYY alone; 0000 stands for a year that is not told."),
        validators=[RegexValidator(r"\A\d{4}(-\d{2}-\d{2})?\Z", _("Write it as YYYY-MM-DD or YYYY."))],
    )
    zoneinfo = models.CharField(_("time zone"), max_length=64, blank=True)
    locale = models.CharField(_("language"), max_length=35, blank=True)
    phone_number = models.CharField(
        _("phone number"),
        max_length=20,
        blank=True,
        help_text=_("With the country: +82 10 1234 5678."),
        validators=[RegexValidator(r"\A\+[0-9 ()-]{4,19}\Z", _("Write it with the country, as +82 10 1234 5678."))],
    )
    phone_number_verified = models.BooleanField(_("phone number verified"), default=False)
    street_address = models.CharField(_("street address"), max_length=255, blank=True)
    locality = models.CharField(_("city"), max_length=150, blank=True)
    region = models.CharField(_("state or province"), max_length=150, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=32, blank=True)
    country = models.CharField(_("country"), max_length=150, blank=True)

    class Meta:
        """Inherited by User."""

        abstract = True

    @property
    def language(self) -> str:
        """The language of ours that the person's locale asks for; empty if there is none."""
        try:
            return translation.get_supported_language_variant(self.locale.replace("_", "-").lower())
        except LookupError:
            return ""


class Named(Protocol):
    """Whoever has the names of a person."""

    @property
    def name(self) -> str:
        """The full name, if the person gave one."""
        ...

    @property
    def given_name(self) -> str:
        """The given name."""
        ...

    @property
    def family_name(self) -> str:
        """The family name."""
        ...

    @property
    def username(self) -> str:
        """The name by which the person signs in."""
        ...


def full_name(person: Named) -> str:
    """Return how a person is called."""
    return person.name or f"{person.given_name} {person.family_name}".strip() or person.username
