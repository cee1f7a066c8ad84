"""Cells: numbers under names, in memory that a file backs. One process adds to them, any process may read the file.

A header (which layout, how many bytes are used, whose process) and then records one behind another: how long the
name is, how many numbers there are, the name, the numbers. Everything is aligned to eight bytes, so that no number is
ever read half written. What was added is in the file's pages at once and outlives a process that is killed.
"""

import hashlib
import mmap
import os
import struct
from collections.abc import Iterable
from typing import Final

from authproject.metrics.conf import BUCKETS, BYTES_FOR_A_PROCESS

Name = tuple[str, ...]
Numbers = dict[Name, tuple[float, ...]]

_NUMBER: Final = 8  # bytes
_HEADER: Final = struct.Struct("=8sQQ")
_RECORD: Final = struct.Struct("=II")
# Another layout, or other buckets, is another file: it is written anew and never added up with this one.
LAYOUT: Final = hashlib.sha256(repr((1, BUCKETS)).encode()).digest()[:8]
_BETWEEN: Final = "\t"


class Cells:
    """The numbers of one process. Not for two threads at once, but for adding to `numbers`."""

    def __init__(self, descriptor: int = -1) -> None:
        """Map an open file of BYTES_FOR_A_PROCESS, with what it has counted so far, or memory that nobody shares."""
        self._map = mmap.mmap(descriptor, BYTES_FOR_A_PROCESS)
        self.numbers = memoryview(self._map).cast("d")
        known = self._map[: len(LAYOUT)] == LAYOUT
        self._used = _HEADER.unpack_from(self._map)[1] if known else _HEADER.size
        self._note()
        self._places = {name: offset // _NUMBER for name, offset, _count in _records(self._map, self._used)}

    def place(self, name: Name, count: int = 1) -> int | None:
        """Return where in `numbers` a name's begin, made with zeros if they are new; None if there is no room."""
        if name not in self._places:
            text = _BETWEEN.join(name).encode()
            text += b"\0" * (-len(text) % _NUMBER)
            record = _RECORD.pack(len(text), count) + text + bytes(count * _NUMBER)
            if self._used + len(record) > BYTES_FOR_A_PROCESS:
                return None
            self._map[self._used : self._used + len(record)] = record
            self._places[name] = (self._used + _RECORD.size + len(text)) // _NUMBER
            self._used += len(record)
            self._note()
        return self._places[name]

    def names(self) -> Iterable[Name]:
        """Return the names that have numbers."""
        return self._places.keys()

    def content(self) -> bytes:
        """Return what a file of these cells has."""
        return self._map[: self._used]

    def close(self) -> None:
        """Let go of the memory, and with it of the file."""
        self.numbers.release()
        self._map.close()

    def _note(self) -> None:
        _HEADER.pack_into(self._map, 0, LAYOUT, self._used, os.getpid())


def process_of(content: bytes) -> int | None:
    """Return the id of the process that wrote a file, or None if it is none of this layout."""
    if len(content) < _HEADER.size or not content.startswith(LAYOUT):
        return None
    return int(_HEADER.unpack_from(content)[2])


def numbers_of(content: bytes) -> Numbers:
    """Return the numbers in a file's content by name; nothing if it is of another layout."""
    if process_of(content) is None:
        return {}
    used = min(_HEADER.unpack_from(content)[1], len(content))
    return {name: struct.unpack_from(f"={count}d", content, offset) for name, offset, count in _records(content, used)}


def summed(numbers: Iterable[Numbers]) -> Numbers:
    """Add up what files say under the same name."""
    totals: Numbers = {}
    for each in numbers:
        for name, values in each.items():
            before = totals.get(name, (0.0,) * len(values))
            totals[name] = tuple(map(sum, zip(before, values, strict=True)))
    return totals


def _records(content: bytes | mmap.mmap, used: int) -> list[tuple[Name, int, int]]:
    """Return each record's name, where its numbers begin, in bytes, and how many they are."""
    found, offset = [], _HEADER.size
    while offset + _RECORD.size <= used:
        length, count = _RECORD.unpack_from(content, offset)
        begin = offset + _RECORD.size
        text = content[begin : begin + length].rstrip(b"\0").decode(errors="replace")
        offset = begin + length + count * _NUMBER
        if offset <= used:
            found.append((tuple(text.split(_BETWEEN)), begin + length, count))
    return found
