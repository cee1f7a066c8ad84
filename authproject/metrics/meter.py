"""The meter of this host: whose counts the folder has, and which process reads them for the dashboard.

A file beside the counts names the meter by a random id, and says whether the database knows it. It goes with the
counts when the host restarts, so that counters which begin anew are those of a new meter. Whoever holds its lock is
the one process of the host that reads it; the system frees the lock however that process ends.
"""

import os
import uuid
from dataclasses import dataclass
from typing import Final

from authproject.metrics import places
from authproject.metrics.cells import LAYOUT
from authproject.metrics.places import NoPlace
from trust.lib.file_locks import is_locked_now

_NAME: Final = f"meter-{LAYOUT.hex()}"  # another layout begins at zero, and is another meter
_KNOWN: Final = b"known"
_ID_LENGTH: Final = 36


@dataclass(slots=True)
class HostMeter:
    """A meter that this process alone reads. `descriptor` is -1 where there is no folder, and it is the process's."""

    id: uuid.UUID
    is_known: bool = False
    descriptor: int = -1

    def note_known(self) -> None:
        """Note that the database knows the meter: if it ever does not, it has forgotten what was counted by then."""
        if not self.is_known and self.descriptor >= 0:
            os.pwrite(self.descriptor, _KNOWN, _ID_LENGTH)
        self.is_known = True

    def is_gone(self) -> bool:
        """Tell whether somebody deleted the file, and the counts with it."""
        return self.descriptor >= 0 and os.fstat(self.descriptor).st_nlink == 0

    def let_go(self) -> None:
        """Let another process read it."""
        if self.descriptor >= 0:
            os.close(self.descriptor)


def held() -> HostMeter | None:
    """Return the host's meter, made if there is none, or None if another process holds it."""
    try:
        descriptor = os.open(places.folder() / _NAME, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except (NoPlace, OSError):
        return HostMeter(uuid.uuid4())
    if not is_locked_now(descriptor):
        os.close(descriptor)
        return None
    return _said_by(descriptor)


def _said_by(descriptor: int) -> HostMeter:
    """Return the meter that a file names; what is no id, half written, is written anew."""
    content = os.pread(descriptor, _ID_LENGTH + len(_KNOWN), 0)
    try:
        return HostMeter(uuid.UUID(content[:_ID_LENGTH].decode()), content.endswith(_KNOWN), descriptor)
    except ValueError:
        made = HostMeter(uuid.uuid4(), descriptor=descriptor)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(made.id).encode(), 0)
        return made
