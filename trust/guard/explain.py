"""Why a view refused: the challenge of the permission that did, found after DRF only said that one did."""

from typing import Any

from rest_framework.request import Request

from trust.guard.challenge import Challenge
from trust.guard.composition import is_composed, operands
from trust.guard.context import AccessContext
from trust.guard.permissions import Guard


def challenge_of(request: Request, view: Any) -> Challenge | None:
    """Return what the request lacks for the view, or None if that is not the token's to give."""
    if not isinstance(request.auth, AccessContext):
        return None
    refusing = next((each for each in view.get_permissions() if not each.has_permission(request, view)), None)
    return _challenge_of(refusing, request, view, request.auth)


def _challenge_of(permission: Any, request: Request, view: Any, context: AccessContext) -> Challenge | None:
    if isinstance(permission, Guard):
        return permission.lacks(context)
    if is_composed(permission):
        # Of "and", what refused is asked; of "or" both did, and the first that a better token would meet is named.
        refusing = (each for each in operands(permission) if not each.has_permission(request, view))
        return next(filter(None, (_challenge_of(each, request, view, context) for each in refusing)), None)
    if hasattr(permission, "get_scopes"):  # the toolkit's TokenHasScope and its like
        return Challenge(error="insufficient_scope", scope=" ".join(permission.get_scopes(request, view)))
    return None
