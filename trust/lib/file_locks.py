"""Locks that processes of one host hold by open files; the system frees them however a process ends."""

import fcntl


def is_locked_now(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    """Lock an open file if that needs no waiting, and tell whether it is locked."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
