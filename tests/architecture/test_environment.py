"""Every variable that the settings read is written down, and pinned for the tests."""

import re
from pathlib import Path

from tests.architecture.house import text

SETTINGS, EXAMPLE, PINNED = Path("authproject/settings.py"), Path(".env.example"), Path("tests/environment.py")
READ = set(re.findall(r"\benv(?:\.\w+)?\(\s*\"([A-Z_]+)\"", text(SETTINGS)))


def test_the_example_names_every_variable() -> None:
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", text(EXAMPLE), re.MULTILINE))
    assert {name for name in READ if not name.startswith("TEST_")} - named == set()


def test_every_variable_is_set_for_the_tests_so_that_no_shell_changes_them() -> None:
    assert "SECRET_KEY" in READ
    assert READ - set(re.findall(r"\b[A-Z_]+\b", text(PINNED))) == set()
