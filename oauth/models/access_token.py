"""An opaque access token (RFC 6749 section 1.4), for clients that are set to such: kept by digest."""

from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractAccessToken


class AccessToken(AbstractAccessToken):
    """An opaque access token. The signed ones (RFC 9068) are never stored."""

    class Meta(AbstractAccessToken.Meta):
        """The digest's uniqueness is the toolkit's."""

        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
