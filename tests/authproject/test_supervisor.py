"""The supervisor's children live and die together: seen on real processes and real signals."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from authproject import supervisor

SUPERVISE = """
import sys
from authproject.supervisor import Supervisor
commands = {f"child {number}": [sys.executable, "-c", code] for number, code in enumerate(sys.argv[1:])}
sys.exit(Supervisor(commands, patience=4).run())
"""
STAYS = "import os, sys, time; sys.stdout.write(f'up {os.getpid()}\\n'); sys.stdout.flush(); time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {STAYS}"
TELLS_HOW_OFTEN_IT_IS_ASKED = """
import os, signal, sys, time
asked = []
signal.signal(signal.SIGINT, lambda *_: asked.append("INT"))
signal.signal(signal.SIGTERM, lambda *_: asked.append("TERM"))
print("up", os.getpid(), flush=True)
while not asked:
    time.sleep(0.05)
time.sleep(0.5)
print("asked", *asked, flush=True)
"""


def supervise(*children: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, *children],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_until_up(process: "subprocess.Popen[str]", count: int) -> list[int]:
    assert process.stdout is not None
    return [int(process.stdout.readline().split()[1]) for _ in range(count)]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    ("ends", "status"),
    [("raise SystemExit(3)", 3), ("pass", 1), ("import os; os.kill(os.getpid(), 9)", 1)],
    ids=["by failing", "by itself", "by being killed"],
)
def test_when_one_ends_the_other_is_stopped_and_the_status_tells(ends: str, status: int) -> None:
    process = supervise(STAYS, f"import time; time.sleep(0.5); {ends}")
    [other] = wait_until_up(process, 1)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == status
    assert re.search(r"The child 1 ended with status -?\d+; stopping\.", errors)
    assert not is_running(other)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_all_and_that_is_no_failure(number: signal.Signals) -> None:
    process = supervise(STAYS, STAYS)
    children = wait_until_up(process, 2)
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert not any(is_running(child) for child in children)


def test_ctrl_c_on_the_whole_group_asks_each_child_once() -> None:
    process = supervise(TELLS_HOW_OFTEN_IT_IS_ASKED)
    wait_until_up(process, 1)
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    assert output == "asked TERM\n"


def test_a_child_that_may_end_is_started_again_and_the_others_stay() -> None:
    again = SUPERVISE.replace("patience=4", "restarted={'child 1': 0}, patience=4")
    short = "import os, sys; sys.stdout.write(f'up {os.getpid()}\\n'); sys.exit(1)"
    with subprocess.Popen(
        [sys.executable, "-c", again, STAYS, short], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        first, second, third = wait_until_up(process, 3)
        assert len({first, second, third}) == 3
        process.terminate()
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "The child 1 ended with status 1; starting it again." in errors


def test_a_child_that_must_live_first_is_not_started_again_when_it_ends_at_once() -> None:
    again = SUPERVISE.replace("patience=4", "restarted={'child 1': 60}, patience=4")
    ended = subprocess.run(
        [sys.executable, "-c", again, STAYS, "raise SystemExit(3)"],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert ended.returncode == 3
    assert "The child 1 ended with status 3; stopping." in ended.stderr


def test_children_of_a_killed_child_do_not_outlive_it() -> None:
    leaves_a_child = f"import os, signal, subprocess, sys; subprocess.Popen([sys.executable, '-c', {STAYS!r}]).wait()"
    process = supervise(leaves_a_child)
    [grandchild] = wait_until_up(process, 1)
    parent = int(Path(f"/proc/{grandchild}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(parent, signal.SIGKILL)
    process.communicate(timeout=20)
    assert process.returncode == 1
    assert not is_running(grandchild) or "(zombie)" in Path(f"/proc/{grandchild}/status").read_text()


def test_run_as_a_script_it_supervises_what_its_argument_says() -> None:
    commands = {"one": [sys.executable, "-c", "raise SystemExit(4)"]}
    script = [sys.executable, "-P", supervisor.__file__, json.dumps({"commands": commands, "restarted": {"one": 60}})]
    ended = subprocess.run(script, capture_output=True, text=True, timeout=20, check=False)
    assert (ended.returncode, ended.stderr) == (4, "The one ended with status 4; stopping.\n")


def test_a_child_that_will_not_stop_is_killed() -> None:
    process = supervise(STUBBORN)
    [child] = wait_until_up(process, 1)
    asked = time.monotonic()
    process.terminate()
    process.communicate(timeout=20)
    assert time.monotonic() - asked >= 3.9
    assert process.returncode == 0
    assert not is_running(child)


def test_asked_a_second_time_it_waits_for_nobody() -> None:
    process = supervise(STUBBORN)
    [child] = wait_until_up(process, 1)
    asked = time.monotonic()
    process.terminate()
    time.sleep(0.5)
    process.terminate()
    process.communicate(timeout=20)
    assert time.monotonic() - asked < 3.9
    assert process.returncode == 0
    assert not is_running(child)


def test_what_was_started_is_stopped_when_another_cannot_start() -> None:
    broken = SUPERVISE.replace("commands = {", "commands = {'x': [sys.executable, '-c', 'input()']} | {").replace(
        '"-c", code]', '"-c", code] if code else ["/nonexistent"]'
    )
    process = subprocess.run(
        [sys.executable, "-c", broken, ""], capture_output=True, text=True, timeout=20, check=False
    )
    assert process.returncode == 1
    assert "FileNotFoundError" in process.stderr
