"""Nothing is skipped where nothing may be: tried on a test session of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
TESTS = """
import pytest

def test_passes(): pass

@pytest.mark.postgresql
def test_of_the_second_run(): pass

@pytest.mark.skip(reason="a reason")
def test_is_skipped(): pass

@pytest.mark.xfail(reason="known", strict=True)
def test_fails_as_expected(): assert False
"""


@pytest.fixture
def run(tmp_path: Path):
    """Run TESTS with the rules of this house, but none of its fixtures."""
    (tmp_path / "test_it.py").write_text(TESTS)
    (tmp_path / "test_module.py").write_text("import pytest\npytest.importorskip('a_module_that_is_not_there')\n")
    (tmp_path / "conftest.py").write_text(
        "import pytest\n"
        "from tests.needs import look_after, refuse_skips\n"
        "def pytest_collection_modifyitems(config, items): look_after(config, items)\n"
        "@pytest.hookimpl(wrapper=True)\n"
        "def pytest_runtest_makereport(): return refuse_skips((yield))\n"
        "@pytest.hookimpl(wrapper=True)\n"
        "def pytest_make_collect_report(): return refuse_skips((yield))\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = postgresql: needs it\n")

    def run_with(**variables: str) -> str:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("TEST_", "REQUIRE_", "PYTEST_"))
        }
        quiet = [part for plugin in ("django", "xdist", "cacheprovider") for part in ("-p", f"no:{plugin}")]
        command = [sys.executable, "-m", "pytest", "-q", "-ra", "--continue-on-collection-errors", *quiet]
        environment = kept | variables | {"PYTHONPATH": str(HOUSE)}
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        ).stdout

    return run_with


def test_a_bare_machine_skips_with_a_reason(run) -> None:
    output = run()
    assert "1 passed, 3 skipped, 1 xfailed" in output
    assert "needs PostgreSQL: set TEST_DATABASE_URL" in output


def test_ci_leaves_to_the_second_run_what_needs_its_database_and_fails_on_any_other_skip(run) -> None:
    output = run(REQUIRE_ALL="1")
    assert "1 passed, 1 deselected, 1 xfailed, 2 errors" in output
    assert "skipped where nothing may be" in output


def test_ci_runs_what_needs_a_database_in_the_second_run(run) -> None:
    output = run(REQUIRE_ALL="1", TEST_DATABASE_URL="postgresql://unused/unused")
    assert "2 passed, 1 xfailed, 2 errors" in output
