"""An authorization code (RFC 6749 section 4.1.2): the toolkit's shape."""

from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractGrant


class AuthorizationCode(AbstractGrant):
    """A code on its way to a client."""

    class Meta(AbstractGrant.Meta):
        """The code's uniqueness is the toolkit's."""

        verbose_name = _("authorization code")
        verbose_name_plural = _("authorization codes")
