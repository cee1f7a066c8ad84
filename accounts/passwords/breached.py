"""Passwords known from breaches, asked of a range service such as Have I Been Pwned's, where PASSWORD_RANGE_URL is set.

The service learns the first five hexadecimal digits of the password's SHA-1, which hundreds of passwords share, and
nothing of the person (k-anonymity); its answers are padded, so that their length tells nothing either. A service that
is down must not stop password changes: who changes a password that somebody knows is in a hurry, and a stranger's
server would decide whether our accounts can be saved. So it fails open, with a line in the log; what is checked
offline holds always.
"""

import hashlib
import logging
import time
from typing import Final

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.conf import RANGE_LIMITS, RANGE_REST_SECONDS, RANGES_KEPT, RANGES_KEPT_SECONDS
from accounts.passwords.hasher import composed
from trust.lib.fetch import Fetched, FetchFailed, fetch
from trust.lib.fetch_cache import FetchCache

log = logging.getLogger(__name__)

_PREFIX: Final = 5  # hexadecimal digits that are told
_OK: Final = 200


class RangeService:
    """The service, its answers kept for a while; one that did not answer is left alone for a while."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self.forget()

    def forget(self) -> None:
        """Forget all answers, and that there was none."""
        self._cache = FetchCache(
            get=self._asked, unnamed=RANGES_KEPT_SECONDS, longest=RANGES_KEPT_SECONDS, most=RANGES_KEPT
        )
        self._rests_until = float("-inf")

    def knows(self, password: str) -> bool:
        """Tell whether a password is known. Raises FetchFailed."""
        digest = hashlib.sha1(composed(password).encode(), usedforsecurity=False).hexdigest().upper()
        answer = self._cache.get(f"{settings.PASSWORD_RANGE_URL}{digest[:_PREFIX]}")
        lines = answer.body.decode("ascii", "replace").upper().splitlines()
        counts = dict(line.strip().split(":", 1) for line in lines if ":" in line)
        # Those that only pad are said to be known no times.
        return counts.get(digest[_PREFIX:], "0").strip() != "0"

    def _asked(self, url: str) -> Fetched:
        if time.monotonic() < self._rests_until:
            raise FetchFailed("it did not answer a moment ago")
        try:
            answer = fetch(url, accept="text/plain", headers={"Add-Padding": "true"}, limits=RANGE_LIMITS)
            if answer.status != _OK:
                raise FetchFailed(f"status {answer.status}")
        except FetchFailed:
            self._rests_until = time.monotonic() + RANGE_REST_SECONDS
            raise
        return answer


service: Final = RangeService()


class BreachedValidator:
    """Refuses what the range service knows (NIST SP 800-63B-4 section 3.1.1.2)."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError if the password is known; let it through if nobody can tell."""
        if settings.PASSWORD_RANGE_URL and _is_known(password):
            raise ValidationError(
                _("This password is known from a data breach elsewhere. Choose another one."), code="password_breached"
            )

    def get_help_text(self) -> str:
        """Say nothing: who chooses such a password is told then."""
        return ""


def _is_known(password: str) -> bool:
    try:
        return service.knows(password)
    except FetchFailed as failure:
        log.warning("the range service of breached passwords cannot be asked, a password went unchecked: %s", failure)
        return False
