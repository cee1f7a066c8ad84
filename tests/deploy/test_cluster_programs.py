"""The programs of a cluster on one machine: deploy/cluster."""

import os
import sys
import time
from pathlib import Path

import pytest

from deploy.cluster.machine import Failed, free_port
from deploy.cluster.program import Program


def program(tmp_path: Path, script: str) -> Program:
    return Program(["sh", "-c", script], tmp_path / "log", environment={"PATH": os.environ["PATH"]})


def is_running(pid: int) -> bool:
    """Tell whether a process is there and not merely waited for: it may be somebody's who takes no notice."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_killed_program_leaves_nobody_of_what_it_started(tmp_path: Path) -> None:
    # One child is in a session of its own, as PostgreSQL's are.
    running = program(tmp_path, "sleep 60 & echo $!; setsid sleep 60 & echo $!; echo all; wait")
    running.start()
    log = tmp_path / "log"
    running.wait_until(lambda: "all" in log.read_text())
    children = [int(pid) for pid in log.read_text().split()[:2]]
    assert all(map(is_running, children))
    running.kill()
    deadline = time.monotonic() + 10
    while any(map(is_running, children)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert running.pid == 0


def test_nobody_is_woken_by_the_death_of_who_started_them(tmp_path: Path) -> None:
    child = """
import pathlib, signal, sys, time
signal.signal(signal.SIGHUP, lambda *_: pathlib.Path(sys.argv[1]).touch())
print("ready", flush=True)
time.sleep(60)
"""
    parent = """
import subprocess, sys, time
for _ in range(8):
    subprocess.Popen([sys.executable, "-c", *sys.argv[1:]], process_group=0)
time.sleep(60)
"""
    log, woken = tmp_path / "log", tmp_path / "woken"
    command = [sys.executable, "-c", parent, child, str(woken)]
    running = Program(command, log, environment={"PATH": os.environ["PATH"]})
    running.start()
    running.wait_until(lambda: log.read_text().count("ready") == 8)
    running.kill()
    time.sleep(0.1)
    assert not woken.exists()


def test_what_does_not_start_says_why(tmp_path: Path) -> None:
    failing = program(tmp_path, "echo no room left; exit 3")
    failing.start()
    with pytest.raises(Failed, match="no room left"):
        failing.wait_until(lambda: False)


def test_a_program_that_runs_is_not_started_twice(tmp_path: Path) -> None:
    running = program(tmp_path, "sleep 60")
    running.start()
    with pytest.raises(Failed):
        running.start()
    running.kill()
    running.start()
    assert running.pid
    running.kill()


def test_a_port_is_given_once_and_never_handed_out_by_the_system() -> None:
    ports = [free_port() for _ in range(50)]
    assert len(set(ports)) == 50
    handed_out = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert max(ports) < max(handed_out, 60000)
