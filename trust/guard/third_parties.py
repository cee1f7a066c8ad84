"""Default deny: a third party's token opens a view only where the view names a scope that the token has.

That holds whatever else the view permits, so that a view whose author never thought of third parties is closed
to them. A view names scopes by HasScope, by the toolkit's permission classes, or by `required_scopes` alone.
"""

from typing import Any

from rest_framework.request import Request

from trust.guard.challenge import Challenge
from trust.guard.composition import is_composed, operands
from trust.guard.context import AccessContext
from trust.guard.exceptions import Refused
from trust.guard.permissions import HasScope
from trust.guard.refusal import of_challenge


def check_view_names_scope(request: Request, context: AccessContext) -> None:
    """Refuse the request unless its view names a scope that the token has. Raises Refused."""
    named = _named_by_view(request)
    if any(context.allow_scopes(scopes) for scopes in named):
        return
    raise Refused(
        of_challenge(
            Challenge(
                error="insufficient_scope",
                description="The view is not open to this client" if not named else "The access token lacks a scope",
                scope=" ".join(named[0]) if named else "",
            )
        )
    )


def _named_by_view(request: Request) -> list[tuple[str, ...]]:
    """Return what the view names: sets of scopes of which one suffices, none of them empty."""
    view = (request.parser_context or {}).get("view")
    if view is None:
        return []
    named = [scopes for permission in view.get_permissions() for scopes in _named_by(permission, request, view)]
    return [scopes for scopes in named or [tuple(getattr(view, "required_scopes", None) or ())] if scopes]


def _named_by(permission: Any, request: Request, view: Any) -> list[tuple[str, ...]]:
    """Return what a permission names. A negation names nothing, nor does a composition that we do not know."""
    if is_composed(permission):
        return [scopes for each in operands(permission) for scopes in _named_by(each, request, view)]
    if isinstance(permission, HasScope):
        return [permission.scopes]
    if hasattr(permission, "get_scopes"):  # the toolkit's TokenHasScope and its like
        return [tuple(permission.get_scopes(request, view))]
    if hasattr(permission, "get_required_alternate_scopes"):  # the toolkit's TokenMatchesOASRequirements
        alternatives = permission.get_required_alternate_scopes(request, view)
        return [tuple(scopes) for scopes in alternatives.get(request.method, ())]
    return []
