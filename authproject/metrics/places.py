"""Places: the folder where the processes of one deployment on one host keep their files, each its own, locked.

The files are numbered from 0. A process takes the first that nobody holds, with the counts that are in it: so the
counts of a process that died are kept and go on, the number of files is that of the processes that ran at once, and
no process id is ever mistaken for another's. The system frees a lock however its process ends.
"""

import fcntl
import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from authproject.metrics.cells import Numbers, numbers_of, process_of
from authproject.metrics.conf import BYTES_FOR_A_PROCESS, MOST_PROCESSES
from trust.lib.file_locks import is_locked_now

# In memory if it can be: writing to a mapped page waits for the disk while the system is just writing it out.
_SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - the folder is made for this user alone, and looked at


@dataclass(frozen=True, slots=True)
class Place:
    """What one file says. `process` is its living process, or None if nobody holds it now."""

    number: int
    process: int | None
    numbers: Numbers


class NoPlace(Exception):
    """There is no file for this process to hold."""


def folder() -> Path:
    """Return METRICS_DIR, or a folder of this user and this deployment, made if it is not there. Raises NoPlace."""
    path = Path(settings.METRICS_DIR) if settings.METRICS_DIR else _folder_of_the_deployment()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.lstat()
    except OSError as error:
        raise NoPlace(str(error)) from error
    # In a folder that all may write to, somebody else may have made it first. Of METRICS_DIR its owner takes care.
    if not settings.METRICS_DIR and not _is_of_this_user_alone(found):
        raise NoPlace(f"{path} is not a folder of this user alone")
    return path


def take() -> int:
    """Open and lock the first file that nobody holds; return its descriptor. Raises NoPlace."""
    within = folder()
    try:
        for number in range(MOST_PROCESSES):
            descriptor = _held(within / str(number))
            if descriptor is not None:
                return descriptor
    except OSError as error:
        raise NoPlace(str(error)) from error
    raise NoPlace(f"all files of {within} are held")


def all_places() -> Iterator[Place]:
    """Read every file of the folder. Raises NoPlace."""
    for path in sorted(folder().iterdir()):
        if not path.name.isdecimal():
            continue
        with path.open("rb") as file:
            is_held = not is_locked_now(file.fileno(), fcntl.LOCK_SH)
            content = file.read()
        yield Place(int(path.name), process_of(content) if is_held else None, numbers_of(content))


def _folder_of_the_deployment() -> Path:
    database = settings.DATABASES["default"]
    deployment = repr((settings.BASE_DIR, settings.ISSUER, database["NAME"], database.get("HOST")))
    name = f"authproject-metrics-{os.getuid()}-{hashlib.sha256(deployment.encode()).hexdigest()[:12]}"
    in_memory = _SHARED_MEMORY.is_dir() and os.access(_SHARED_MEMORY, os.W_OK)
    return (_SHARED_MEMORY if in_memory else Path(tempfile.gettempdir())) / name


def _is_of_this_user_alone(found: os.stat_result) -> bool:
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022


def _held(path: Path) -> int | None:
    """Open a file, made if it is not there, lock it and give it its length; None if another process holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        if is_locked_now(descriptor):
            _fill(descriptor)
            return descriptor
    except OSError:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


def _fill(descriptor: int) -> None:
    """Give a file its length. Its blocks are kept for it: a mapped page that has none kills whoever writes to it."""
    if sys.platform == "linux":
        os.posix_fallocate(descriptor, 0, BYTES_FOR_A_PROCESS)
    else:
        os.ftruncate(descriptor, BYTES_FOR_A_PROCESS)
