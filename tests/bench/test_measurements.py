"""What Linux tells of processes."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from bench import measurements

PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "sum(range(10**7)); print('done', flush=True); input()"], stdin=0)
child.wait()
"""


@pytest.fixture
def parent() -> Iterator["subprocess.Popen[str]"]:
    """A process that did nothing, and a child of it that did much."""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        process.stdout.readline()
        yield process
        process.communicate("\n")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, as Linux has it")
def test_counts_a_process_with_its_children_alive_and_ended(parent: "subprocess.Popen[str]") -> None:
    alone = sum(measurements.thread_seconds(parent.pid).values())
    together = measurements.processor_seconds([parent.pid])
    assert len(measurements.tree(parent.pid)) == len(measurements.memory([parent.pid])) == 2
    assert together > alone
