"""How many processors there are to use, by affinity and by quota."""

import os
from pathlib import Path

import pytest

from trust.lib import processors


@pytest.fixture(autouse=True)
def four_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 2, 4, 6}, raising=False)


def in_group(folder: Path, quotas: dict[str, str], group: str = "/site/worker") -> int:
    groups, own_group = folder / "groups", folder / "own"
    for name, quota in quotas.items():
        (groups / name).mkdir(parents=True, exist_ok=True)
        (groups / name / "cpu.max").write_text(f"{quota}\n")
    own_group.write_text(f"0::{group}\n")
    return processors.usable(groups=groups, own_group=own_group)


@pytest.mark.parametrize(
    ("quotas", "number"),
    [
        ({"site/worker": "200000 100000"}, 2),
        ({"site/worker": "150000 100000"}, 2),
        ({"site/worker": "10000 100000"}, 1),
        ({"site/worker": "max 100000"}, 4),
        ({"site/worker": "900000 100000"}, 4),
        ({"site": "100000 100000", "site/worker": "max 100000"}, 1),
        ({".": "300000 100000"}, 3),
        ({"another": "100000 100000"}, 4),
        ({"site/worker": "nonsense"}, 4),
    ],
    ids=[
        "a quota",
        "part of a processor counts as one",
        "never none",
        "no quota",
        "a quota above the affinity",
        "the quota of a group above",
        "the quota of a container, whose own group is the root",
        "another group's quota",
        "what cannot be read is no quota",
    ],
)
def test_a_quota_lowers_the_number(tmp_path: Path, quotas: dict[str, str], number: int) -> None:
    assert in_group(tmp_path, quotas) == number


def test_a_group_outside_of_what_can_be_seen_counts_for_nothing(tmp_path: Path) -> None:
    assert in_group(tmp_path, {"site": "100000 100000"}, group="/../site") == 4


def test_without_control_groups_affinity_alone_counts(tmp_path: Path) -> None:
    assert processors.usable(groups=tmp_path, own_group=tmp_path / "nowhere") == 4


def test_where_there_is_no_affinity_all_processors_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert processors.usable(groups=tmp_path, own_group=tmp_path / "nowhere") == 3
