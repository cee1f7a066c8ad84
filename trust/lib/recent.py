"""Values that were worked out a moment ago, so many and no more: what was asked for longest ago goes first."""

from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Two generations of at most `most` values: a full one takes the place of the older, which is dropped.

    Reading needs no lock, since each step is one operation on a dictionary.
    """

    def __init__(self, *, most: int) -> None:
        """Keep nothing yet."""
        self._most = most
        self.forget()

    def forget(self) -> None:
        """Drop everything."""
        self._young: dict[Key, Value] = {}
        self._old: dict[Key, Value] = {}

    def get(self, key: Key) -> Value | None:
        """Return what is kept, or None."""
        value = self._young.get(key)
        if value is None and (value := self._old.get(key)) is not None:
            self.keep(key, value)
        return value

    def keep(self, key: Key, value: Value) -> None:
        """Keep a value for a while."""
        if len(self._young) >= self._most:
            self._old, self._young = self._young, {}
        self._young[key] = value
