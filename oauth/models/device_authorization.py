"""A device authorization (RFC 8628 section 3.1): the toolkit's shape."""

from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractDeviceGrant


class DeviceAuthorization(AbstractDeviceGrant):
    """A device that waits for its person."""

    class Meta(AbstractDeviceGrant.Meta):
        """The device code's uniqueness and the client's index are the toolkit's. Nothing writes such rows yet."""

        verbose_name = _("device authorization")
        verbose_name_plural = _("device authorizations")
