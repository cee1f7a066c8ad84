"""Wire values of accounts: the authentication levels (OpenID Connect Core section 2, `acr`)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Acr(models.TextChoices):
    """How sure we are of the person: one factor, two, or phishing-resistant."""

    AAL1 = "aal1", _("one factor")
    AAL2 = "aal2", _("two factors")
    PHR = "phr", _("phishing-resistant")
