"""docs/checks.md lists every check of ours, in the words that the command prints."""

import ast
import re

from authproject.checks import RULES
from authproject.checks.clients import RULE
from tests.architecture.house import HOUSE, rooms, tree

PAGE = (HOUSE / "docs" / "checks.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([a-z]+\.[EWI]\d{3})` \| (.+) \| (.+) \|$", re.MULTILINE)
ID = re.compile(r"(?:accounts|authproject|oauth|trust)\.[EWI]\d{3}\Z")


def test_the_page_says_of_each_rule_what_the_command_says() -> None:
    rows = {number: (says, mend) for number, says, mend in ROW.findall(PAGE)}
    rules = sorted((*RULES, RULE), key=lambda rule: rule.number)
    for rule in rules:
        assert rows.get(rule.id) == (rule.says, rule.mend), f"| `{rule.id}` | {rule.says} | {rule.mend} |"


def test_the_page_lists_every_id_of_the_code_and_no_other() -> None:
    written = {
        node.value
        for path in rooms()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and ID.match(node.value)
    }
    assert {number for number, _, _ in ROW.findall(PAGE)} == written | {rule.id for rule in (*RULES, RULE)}
