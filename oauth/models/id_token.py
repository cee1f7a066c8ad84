"""An id token's record: the toolkit's shape. Our id tokens are not stored; the table stays empty."""

from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractIDToken


class IDToken(AbstractIDToken):
    """Swapped with the other five, since it cannot be done later without moving live tables."""

    class Meta(AbstractIDToken.Meta):
        """The toolkit's; indexes of a table that stays empty cost nothing."""

        verbose_name = _("ID token")
        verbose_name_plural = _("ID tokens")
