"""A client (RFC 6749 section 2): the toolkit's shape."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication


class Client(AbstractApplication):
    """A registered client. Its secret, 256 random bits, is kept as one salted SHA-256 (docs/decisions/0001)."""

    client_secret = models.CharField(_("digest of the client secret"), max_length=128, blank=True, editable=False)
    hash_client_secret = None

    class Meta(AbstractApplication.Meta):
        """One row per client_id, which the toolkit's field ensures."""

        verbose_name = _("client")
        verbose_name_plural = _("clients")
