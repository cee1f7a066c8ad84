"""Permission classes, configured where a view names them: `permission_classes = [HasScope("profile")]`.

They compose with `&`, `|` and `~` among themselves and with DRF's own. Each says in one method what a token lacks.
"""

import re
from datetime import timedelta
from typing import Any, Final, Self

from rest_framework.permissions import BasePermission, SingleOperandHolder
from rest_framework.request import Request

from trust.guard.challenge import Challenge
from trust.guard.context import AccessContext
from trust.lib import clock

ACR_ORDER: Final = ("aal1", "aal2", "phr")  # a later one is stronger and meets an earlier one
_SCOPE_TOKEN: Final = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]+")  # RFC 6749 section 3.3
_ROLES_SCOPE: Final = "roles"  # the scope by which a third party gets the roles of a person, and a client its own


class Guard(SingleOperandHolder, BasePermission):
    """A permission that judges a request by its access token alone.

    DRF makes permissions by calling what `permission_classes` holds; an instance, being configured, returns itself.
    """

    def __init__(self) -> None:
        """Take no configuration."""

    def __call__(self, *args: Any, **kwargs: Any) -> Self:
        """Return this very permission."""
        return self

    def lacks(self, context: AccessContext) -> Challenge | None:
        """Return what the token lacks, or None if it is let through."""
        raise NotImplementedError

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether the request may pass; one without a token may not."""
        return isinstance(request.auth, AccessContext) and self.lacks(request.auth) is None

    def has_object_permission(self, request: Request, view: Any, obj: Any) -> bool:
        """Judge as for the view, so that a negation holds for objects too."""
        return self.has_permission(request, view)


class HasScope(Guard):
    """Lets a token through that has the scope, or all of several."""

    def __init__(self, scope: str, *more: str) -> None:
        """Take the scopes. Raises ValueError for what cannot be one."""
        self.scopes = (scope, *more)
        for name in self.scopes:
            if not _SCOPE_TOKEN.fullmatch(name):
                raise ValueError(f"not a scope: {name!r}")

    def lacks(self, context: AccessContext) -> Challenge | None:
        """Ask for the scopes (RFC 6750 section 3.1)."""
        if context.allow_scopes(self.scopes):
            return None
        return _insufficient("The access token lacks a scope", scope=" ".join(self.scopes))


class HasRole(Guard):
    """Lets a person through, or a client that acts as itself, who has the role: the name of a group."""

    def __init__(self, role: str) -> None:
        """Take the role."""
        self.role = role

    def lacks(self, context: AccessContext) -> Challenge | None:
        """Say that a role is missing; a third party is told the scope by which it would see the roles."""
        token = context.token
        if self.role in token.roles:
            return None
        sees_roles = token.is_first_party or _ROLES_SCOPE in token.scope
        return _insufficient("A role is missing", scope="" if sees_roles else _ROLES_SCOPE)


class IsFirstParty(Guard):
    """Lets tokens of our own JSON API through, and no third party's."""

    def lacks(self, context: AccessContext) -> Challenge | None:
        """Say that the view is closed; there is no scope that would open it."""
        return None if context.token.is_first_party else _insufficient("The view is not open to this client")


class IsPerson(Guard):
    """Lets tokens of people through, and no client that acts as itself."""

    def lacks(self, context: AccessContext) -> Challenge | None:
        """Say that a person is required; there is no scope that would make one."""
        return None if context.token.is_person else _A_PERSON


class RecentAuth(Guard):
    """Lets a person through who proved who they are at most `max_age` seconds ago (RFC 9470)."""

    def __init__(self, *, max_age: int) -> None:
        """Take the age in seconds."""
        self.max_age = max_age

    def lacks(self, context: AccessContext) -> Challenge | None:
        """Ask for a newer authentication (RFC 9470 section 3)."""
        auth_time = context.token.auth_time
        if auth_time is not None and clock.now() - auth_time <= timedelta(seconds=self.max_age):
            return None
        challenge = Challenge(
            error="insufficient_user_authentication",
            description="More recent authentication is required",
            max_age=self.max_age,
        )
        return _of_person(context, challenge)


class HasAcr(Guard):
    """Lets a person through whose authentication was at least so strong: aal1, aal2 or phr."""

    def __init__(self, acr: str) -> None:
        """Take the least level. Raises ValueError for one that is not known."""
        self.acr = acr
        self._enough = frozenset(ACR_ORDER[ACR_ORDER.index(acr) :])

    def lacks(self, context: AccessContext) -> Challenge | None:
        """Ask for a stronger authentication (RFC 9470 section 3)."""
        if context.token.acr in self._enough:
            return None
        challenge = Challenge(
            error="insufficient_user_authentication",
            description="A stronger authentication is required",
            acr_values=self.acr,
        )
        return _of_person(context, challenge)


def _insufficient(description: str, *, scope: str = "") -> Challenge:
    return Challenge(error="insufficient_scope", description=description, scope=scope)


def _of_person(context: AccessContext, challenge: Challenge) -> Challenge:
    """Return the challenge; a client that acts as itself could never meet it and is told to go."""
    return challenge if context.token.is_person else _A_PERSON


_A_PERSON: Final = _insufficient("A person is required")
