"""Hooks: what a room below tells upwards, by dotted paths in settings, which are checked at start-up."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

from django.utils.module_loading import import_string


def tell(hooks: Sequence[str], **what: Any) -> None:
    """Call each of the hooks, in their order, with what there is to tell."""
    for path in hooks:
        _hook(path)(**what)


_hook: Final[Callable[[str], Callable[..., object]]] = lru_cache(64)(import_string)
