"""Counts of the test's own: in a folder of its own, begun with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from authproject.metrics.recorder import recorder


@pytest.fixture(autouse=True)
def metrics_dir(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.METRICS_DIR = str(tmp_path / "metrics")
    recorder.forget()
    yield tmp_path / "metrics"
    recorder.forget()
