"""Hooks: what a room below tells upwards, by dotted paths in settings, which are checked at start-up."""

from collections.abc import Sequence
from typing import Any

from django.utils.module_loading import import_string


def tell(hooks: Sequence[str], **what: Any) -> None:
    """Call each of the hooks, in their order, with what there is to tell."""
    for path in hooks:
        import_string(path)(**what)
