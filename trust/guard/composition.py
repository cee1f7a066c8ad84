"""What DRF makes of `&` and `|` between permissions, taken apart."""

from typing import Any

from rest_framework.permissions import AND, OR


def is_composed(permission: Any) -> bool:
    """Tell whether a permission is two, joined by `&` or `|`."""
    return isinstance(permission, AND | OR)


def operands(permission: Any) -> tuple[Any, Any]:
    """Return the two."""
    return permission.op1, permission.op2
