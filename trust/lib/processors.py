"""How many processors this process may use: its affinity, and the quota of its control groups (cgroup v2)."""

import math
import os
from pathlib import Path
from typing import Final

_GROUPS: Final = Path("/sys/fs/cgroup")
_OWN_GROUP: Final = Path("/proc/self/cgroup")


def usable(*, groups: Path = _GROUPS, own_group: Path = _OWN_GROUP) -> int:
    """Return their number, at least one. Part of a processor counts as one, since it too wants something to do."""
    quotas = [_quota(folder) for folder in _with_parents(groups, own_group)]
    return max(1, min([_by_affinity(), *(math.ceil(quota) for quota in quotas if quota)]))


def _by_affinity() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _with_parents(groups: Path, own_group: Path) -> list[Path]:
    """Return the folder of this process's group and those of the groups that it is in; each may set a bound."""
    try:
        lines = own_group.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    names = [line.removeprefix("0::/") for line in lines if line.startswith("0::/")]
    return [folder for name in names for folder in (groups / name, *(groups / name).parents) if _is_in(folder, groups)]


def _is_in(folder: Path, groups: Path) -> bool:
    return ".." not in folder.parts and folder.is_relative_to(groups)


def _quota(folder: Path) -> float | None:
    """Read cpu.max: "<microseconds> <of so many>", or "max <of so many>" where there is no bound."""
    try:
        allowed, period = (folder / "cpu.max").read_text(encoding="utf-8").split()
        return int(allowed) / int(period)
    except (OSError, ValueError, ZeroDivisionError):
        return None
