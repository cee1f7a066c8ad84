"""Types of authorization details (RFC 9396 section 2): what clients may ask for beyond scopes, and in which words."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oauth.conf import LONGEST_SCOPE, LONGEST_SCOPE_DESCRIPTION, LONGEST_SCOPE_TITLE


class AuthorizationDetailTypeQuerySet(models.QuerySet["AuthorizationDetailType"]):
    """Types by what identifies them."""

    def by_type(self, name: str) -> "AuthorizationDetailTypeQuerySet":
        """The type of this name."""
        return self.filter(type=name)


class AuthorizationDetailType(models.Model):
    """One type. `fields` are those beside the common ones, each with its name, kind and words."""

    type = models.CharField(_("type"), max_length=LONGEST_SCOPE, unique=True)
    title_en = models.CharField(_("what it allows, in English"), max_length=LONGEST_SCOPE_TITLE)
    title_ko = models.CharField(_("what it allows, in Korean"), max_length=LONGEST_SCOPE_TITLE, blank=True, default="")
    description_en = models.CharField(
        _("more about it, in English"), max_length=LONGEST_SCOPE_DESCRIPTION, blank=True, default=""
    )
    description_ko = models.CharField(
        _("more about it, in Korean"), max_length=LONGEST_SCOPE_DESCRIPTION, blank=True, default=""
    )
    fields = models.JSONField(_("fields"), blank=True, default=list)
    asks_each_time = models.BooleanField(_("people are asked each time"), default=True)
    is_registrable = models.BooleanField(_("for clients that register themselves"), default=False)

    objects = AuthorizationDetailTypeQuerySet.as_manager()

    class Meta:
        """The table is small, and read whole."""

        verbose_name = _("authorization detail type")
        verbose_name_plural = _("authorization detail types")
        ordering = ("type",)
        constraints = [
            models.CheckConstraint(name="oauth_detail_type_is_named", condition=~Q(type="") & ~Q(title_en=""))
        ]

    def __str__(self) -> str:
        """Name the type."""
        return self.type
