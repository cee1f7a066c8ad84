"""docs/audit.md names every action that the code records, and none besides."""

import re
from pathlib import Path

from django.conf import settings

from tests.actions import actions_in_the_code
from tests.architecture.house import rooms

ROW = re.compile(r"^\| `([a-z_]+\.[a-z_]+)` \|", re.MULTILINE)


def documented() -> list[str]:
    return ROW.findall((Path(settings.BASE_DIR) / "docs" / "audit.md").read_text())


def test_every_action_that_the_code_records_is_in_the_list() -> None:
    missing = {action: str(path) for action, path in actions_in_the_code().items() if action not in documented()}
    assert missing == {}


def test_no_action_is_in_the_list_that_the_code_does_not_record() -> None:
    assert set(documented()) - {*actions_in_the_code()} == set()
    assert len(documented()) == len(set(documented()))


def test_those_that_statements_of_sql_record_are_in_it() -> None:
    said = {
        action
        for path in rooms()
        if "INSERT_SQL" in (text := path.read_text())
        for action in re.findall(r"SELECT clock_timestamp\(\), '([a-z_.]+)'", text)
    }
    assert said >= {"session.started", "grant.issued"}
    assert said <= set(documented())
