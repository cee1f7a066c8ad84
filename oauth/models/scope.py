"""Scopes (RFC 6749 section 3.3): what clients may ask for, and the words in which people are asked."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oauth.conf import LONGEST_SCOPE, LONGEST_SCOPE_DESCRIPTION, LONGEST_SCOPE_TITLE
from oauth.vocabulary import SCOPE_WORDS


class ScopeQuerySet(models.QuerySet["Scope"]):
    """Scopes by what identifies them."""

    def by_name(self, name: str) -> "ScopeQuerySet":
        """The scope of this name."""
        return self.filter(name=name)

    def named(self, names: Iterable[str]) -> "ScopeQuerySet":
        """The scopes of these names."""
        return self.filter(name__in=list(names))

    def of_apis(self) -> "ScopeQuerySet":
        """Scopes that may open an API, by name: those that are not built in."""
        return self.exclude(name__in=list(SCOPE_WORDS)).order_by("name")

    def by_pk(self, pk: int) -> "ScopeQuerySet":
        """The scope of this row."""
        return self.filter(pk=pk)


class Scope(models.Model):
    """One scope. Words that are empty are the house's own for a built-in one; in Korean, the English ones."""

    name = models.CharField(_("name"), max_length=LONGEST_SCOPE, unique=True)
    title_en = models.CharField(_("what it allows, in English"), max_length=LONGEST_SCOPE_TITLE, blank=True, default="")
    title_ko = models.CharField(_("what it allows, in Korean"), max_length=LONGEST_SCOPE_TITLE, blank=True, default="")
    description_en = models.CharField(
        _("more about it, in English"), max_length=LONGEST_SCOPE_DESCRIPTION, blank=True, default=""
    )
    description_ko = models.CharField(
        _("more about it, in Korean"), max_length=LONGEST_SCOPE_DESCRIPTION, blank=True, default=""
    )
    is_offered = models.BooleanField(_("named in the metadata"), default=False)
    is_default = models.BooleanField(_("given to new clients"), default=False)
    is_personal = models.BooleanField(_("for personal access tokens"), default=False, db_default=False)

    objects = ScopeQuerySet.as_manager()

    class Meta:
        """The table is small, and read whole."""

        verbose_name = _("scope")
        verbose_name_plural = _("scopes")
        ordering = ("name",)
        constraints = [models.CheckConstraint(name="oauth_scope_has_a_name", condition=~Q(name=""))]

    def __str__(self) -> str:
        """Name the scope."""
        return self.name
