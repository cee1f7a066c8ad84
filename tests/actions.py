"""The actions of the audit trail, as the code names them where it records one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.house import rooms, tree

ACTION = re.compile(r"\A[a-z_]+\.[a-z_]+\Z")
RECORDING = {"record", "_record", "note", "_note", "_noted"}


def actions_in_the_code() -> dict[str, Path]:
    return {action: path for path in rooms() for action in _recorded(path)}


def _recorded(path: Path) -> Iterator[str]:
    """Every text that looks like an action, in a call that records one, or that is kept in a name for such a call."""
    for node in ast.walk(tree(path)):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in RECORDING:
                said: list[ast.expr] = [*node.args, *(keyword.value for keyword in node.keywords)]
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                said = [value] if _names_an_action(node) else []
            case _:
                continue
        for value in said:
            yield from (part.value for part in ast.walk(value) if _is_action(part))


def _names_an_action(node: ast.Assign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    called = {target.id.lower() for target in targets if isinstance(target, ast.Name)}
    return bool(called & {"action", "deleted", "erased", "removed_unverified"})


def _is_action(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(ACTION.match(node.value))
