"""What the driver is told, and what it says."""

from pathlib import Path

import pytest

from bench.driver import outcome
from bench.http import Request
from bench.processes import Failed

REPORT = '{"requests": 10, "rate": 5.0, "seconds": 2.0, "p50": 1.0, "p99": 2.0, "max": 3.0, "refused": 1, "broken": 0}'


def test_reads_the_report_and_the_share_of_the_busiest_thread() -> None:
    read = outcome(f"Running 2s test\nREPORT {REPORT}\n", "", {1: 1.9, 2: 0.4}, used=2.5)
    assert (read.requests, read.refused, read.busiest) == (10, 1, 0.95)
    assert read.used == 2.5


def test_says_why_a_driver_did_not_report() -> None:
    with pytest.raises(Failed, match="unable to connect"):
        outcome("", "unable to connect to 127.0.0.1", {}, used=0.0)


def test_writes_a_request_as_the_scripts_read_it(tmp_path: Path) -> None:
    Request("POST", "/token", {"Content-Type": "text/plain"}, "the body").write(tmp_path / "request")
    head, _, body = (tmp_path / "request").read_text().partition("\n\n")
    assert head.splitlines()[0] == "POST /token"
    assert {"Host: id.example.com", "Content-Type: text/plain"} <= set(head.splitlines())
    assert body == "the body"
