"""A program in Node, run as its developer would, with a person's browser at the other end of its pipe."""

import json
import subprocess
import threading
from pathlib import Path
from typing import Any, Final

from tests.interop.person import Person
from tests.needs import node

_FOLDER: Final = Path(__file__).resolve().parent / "node"
_PATIENCE: Final = 60.0  # seconds: CI's machines are slow when all tests start at once


def run(name: str, person: Person, **given: str) -> dict[str, Any]:
    """Run a program of tests/interop/node to its end and return what it told."""
    command = [str(node()), str(_FOLDER / f"{name}.mjs")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        overdue = threading.Timer(_PATIENCE, process.kill)
        overdue.start()
        try:
            return _told(process, person, given)
        finally:
            overdue.cancel()
            process.kill()


def _told(process: "subprocess.Popen[str]", person: Person, given: dict[str, str]) -> dict[str, Any]:
    assert process.stdin
    assert process.stdout
    _say(process, given)
    for line in process.stdout:
        said = json.loads(line)
        if "told" in said:
            return said["told"]
        led_to = person.visit(said["visit"])
        _say(process, {"url": led_to, "form": person.form})
    raise AssertionError(f"the program ended with {process.wait()} before it told anything")


def _say(process: "subprocess.Popen[str]", what: object) -> None:
    assert process.stdin
    process.stdin.write(f"{json.dumps(what)}\n")
    process.stdin.flush()
