"""Calls and imports that have one place, or none."""

import ast
import re
from collections.abc import Iterable
from pathlib import Path

from tests.architecture.house import calls, files, imports, modules, rooms, text, tree

CLOCK = Path("trust/lib/clock.py")
# The abstract model of what rotates, which Session and RefreshToken inherit with its queries.
MODELS_ELSEWHERE = {Path("trust/tokens/rotation.py")}
WITHOUT_HTTP = {"services", "protocol", "models"}
WIRE = ("django.http", "django.shortcuts", "rest_framework")
# Places on somebody's machine, written so that this very line is none.
MACHINE = re.compile(r"(?<![\w.:/-])/(?:home|root|work|Users)/\w|\b[p]yenv\b|\b[A-Z]:\\\w")
# Playwright's click does not wait for what it brings; what does wait stands on the line above it or below.
BARE_CLICK = re.compile(r"^(?!.*\.expect_).*\n(.*\.click\(.*)$(?!\n.*wait_for)", re.MULTILINE)
NOT_TEXT = {
    ".png",
    ".ico",
    ".jpg",
    ".webp",
    ".woff2",
    ".xz",
    ".mo",
    ".sqlite3",
    ".sqlite3-wal",
    ".sqlite3-shm",
    ".sqlite3-journal",
}


def test_queries_are_composed_under_models_alone() -> None:
    elsewhere = [p for p in rooms() if "models" not in (*p.parts, p.stem) and p not in MODELS_ELSEWHERE]
    assert _calls(elsewhere, r"^(?!register\.).*\.(filter|exclude|raw|extra)$") == []


def test_settings_are_read_by_name() -> None:
    assert [f"{path}:{node.lineno}" for path in rooms() for node in ast.walk(tree(path)) if _gets_a_setting(node)] == []


def test_the_time_comes_from_the_clock() -> None:
    others = [path for path in modules() if path != CLOCK]
    assert _calls(others, r"\b(timezone\.(now|localtime|localdate)|datetime\.(now|utcnow|today)|date\.today)$") == []


def test_chance_comes_from_secrets() -> None:
    assert _imports(modules(), ("random", "uuid.uuid1", "django.utils.crypto.get_random_string")) == []


def test_services_rules_and_models_know_no_http() -> None:
    assert _imports([path for path in rooms() if WITHOUT_HTTP.intersection(path.parts)], WIRE) == []


def test_rules_read_no_clock_and_write_nothing() -> None:
    rules = [path for path in rooms() if "protocol" in path.parts]
    assert _calls(rules, r"\bclock\.now$|\.objects\.|\.(save|create|update|delete)$") == []


def test_nothing_names_a_place_on_somebodys_machine() -> None:
    ours = [path for path in files() if path.suffix not in NOT_TEXT]
    assert [f"{path}: {match.group()}" for path in ours for match in MACHINE.finditer(text(path))] == []


def test_who_clicks_waits_for_what_it_brings() -> None:
    ours = [path for path in modules(tests=True) if path.parts[0] == "tests"]
    assert [f"{path}: {match[1]}" for path in ours for match in BARE_CLICK.finditer(text(path))] == []


def _calls(paths: Iterable[Path], pattern: str) -> list[str]:
    return [f"{path}:{line} {name}" for path in paths for line, name in calls(path) if re.search(pattern, name)]


def _imports(paths: Iterable[Path], banned: tuple[str, ...]) -> list[str]:
    return [
        f"{path} {name}"
        for path in paths
        for name in imports(path)
        if any(name == word or name.startswith(f"{word}.") for word in banned)
    ]


def _gets_a_setting(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="getattr"), args=[ast.Name(id="settings"), *_]):
            return True
    return False
