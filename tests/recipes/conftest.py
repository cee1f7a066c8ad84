"""A clone to follow recipes in, without its history: what a page writes there stays there."""

import shutil
from pathlib import Path

import pytest

from tests.architecture.house import HOUSE

_INTEROP = HOUSE / "tests" / "interop" / "node_modules"


@pytest.fixture
def clone(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The house by links, its docs copied; Express as if npm had been there already, so that nothing is fetched."""
    folder = tmp_path / "clone"
    folder.mkdir()
    for entry in HOUSE.iterdir():
        if entry.name != "docs":
            (folder / entry.name).symlink_to(entry)
    shutil.copytree(
        HOUSE / "docs" / "samples", folder / "docs" / "samples", ignore=shutil.ignore_patterns("node_modules")
    )
    if request.node.get_closest_marker("node"):
        shutil.copytree(_INTEROP, folder / "docs/samples/express/node_modules", symlinks=True)
    return folder
