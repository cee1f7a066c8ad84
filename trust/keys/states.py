"""What a signing key does now, in words: by its dates, which are all that its state is."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trust.keys.models import Algorithm, SigningKey

# What each algorithm's keys sign.
SIGNS: Final[Mapping[str, str | Promise]] = {
    Algorithm.ES256: gettext_lazy("access tokens; ID tokens of clients that chose it"),
    Algorithm.RS256: gettext_lazy("ID tokens and logout tokens"),
    Algorithm.EDDSA: gettext_lazy("ID tokens of clients that chose it"),
    Algorithm.HS256: gettext_lazy("refresh tokens, for us alone: it is not published"),
}


def state_of(key: SigningKey, now: datetime) -> str:
    """Return what a key does, and until when: it waits, signs, verifies only, or is gone."""
    if now < key.signs_from:
        return _("waiting: it signs from %(time)s") % {"time": _shown(key.signs_from)}
    if now < key.signs_until:
        return _("signing until %(time)s") % {"time": _shown(key.signs_until)}
    if now < key.published_until:
        return _("verifying only, until %(time)s") % {"time": _shown(key.published_until)}
    return _("gone: it is deleted at the next daily work")


def _shown(moment: datetime) -> str:
    return f"{date_format(moment.astimezone(UTC), 'DATETIME_FORMAT')} UTC"
