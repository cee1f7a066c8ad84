"""The signing keys: how old each is, and what it does until when, drawn on one line of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from authproject.dashboard.panel import Panel, Text
from trust.keys.models import SigningKey

_WIDTH = 1000.0


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a key's life."""

    state: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key: its state and age in words, when that state ends, and its spans."""

    algorithm: str
    kid: str
    link: str
    state: str
    state_title: Text
    age: Text
    until: str
    spans: Sequence[Span]


@dataclass(frozen=True, slots=True)
class KeyPanel(Panel):
    """The panel of the keys: lines of a table, and where now is on each."""

    keys: Sequence[KeyLine] = ()
    now_x: str = "0"
    template: str = "admin/dashboard/keys.html"

    @property
    def is_empty(self) -> bool:
        """Whether there is no key."""
        return not self.keys


def keys(*, now: datetime, may_look: bool) -> KeyPanel:
    """All keys that are published, or that verify still."""
    rows = sorted(SigningKey.objects.usable(now), key=lambda key: (key.algorithm, key.signs_from))
    first = min((key.published_from for key in rows), default=now)
    scale = _Scale(first, max((key.published_until for key in rows), default=now) - first)
    return KeyPanel(
        "keys",
        _("Signing keys"),
        keys=[_line(key, now, scale, may_look=may_look) for key in rows],
        now_x=scale.at(now),
        empty=_("There is no key: run manage.py rotate_signing_keys."),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    begin: datetime
    length: timedelta

    def _of(self, moment: datetime) -> float:
        return _WIDTH * ((moment - self.begin) / self.length if self.length else 0.0)

    def at(self, moment: datetime) -> str:
        return f"{self._of(moment):.1f}"

    def span(self, state: str, begin: datetime, end: datetime) -> Span:
        return Span(state, self.at(begin), f"{self._of(end) - self._of(begin):.1f}")


def _line(key: SigningKey, now: datetime, scale: _Scale, *, may_look: bool) -> KeyLine:
    state, title, until = _state(key, now)
    return KeyLine(
        key.algorithm,
        key.kid,
        reverse("admin:keys_signingkey_change", args=[key.pk]) if may_look else "",
        state,
        title,
        _age(key, now),
        f"{until:%Y-%m-%d}",
        [
            scale.span("announced", key.published_from, key.signs_from),
            scale.span("signing", key.signs_from, key.signs_until),
            scale.span("verifying", key.signs_until, key.published_until),
        ],
    )


def _state(key: SigningKey, now: datetime) -> tuple[str, Text, datetime]:
    """Return what a key does now, and until when."""
    if now < key.signs_from:
        return "announced", _("announced"), key.signs_from
    if now < key.signs_until:
        return "signing", _("signs"), key.signs_until
    return "verifying", _("verifies"), key.published_until


def _age(key: SigningKey, now: datetime) -> str:
    days = max(0, (now - key.published_from).days)
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
