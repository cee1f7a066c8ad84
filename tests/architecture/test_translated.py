"""Whatever people read is marked for translation: in templates, and where Python says something on a page."""

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.house import files, rooms, text, tree

TEMPLATES = [path for path in files(".html", ".txt") if path.parts[0] == "templates"]
COMMENT = re.compile(r"{%\s*comment\b.*?endcomment\s*%}|{#.*?#}", re.DOTALL)
TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%}", re.DOTALL)
CLASS_OF_BODY = re.compile(r"{%\s*block body_?class\s*%}.*?{%\s*endblock\s*%}", re.DOTALL)
TEMPLATE_TAG = re.compile(r"{[%{].*?[%}]}", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
SAID_ATTRIBUTE = re.compile(r"""\s(?:alt|aria-label|placeholder|title)=(["'])(.*?)\1""", re.DOTALL)
WORD = re.compile(r"[A-Za-z]{2,}")
# The same in every language.
UNIVERSAL = {"UTC"}
# Arguments that end up before somebody's eyes, whatever takes them.
SAID_ARGUMENTS = {"empty_label", "help_text", "label", "verbose_name", "verbose_name_plural"}
SAID_BY_CALLS = {"ValidationError", "messages.error", "messages.info", "messages.success", "messages.warning"}
SAID_BY_DECORATORS = {"admin.action", "admin.display"}
SAID_ATTRIBUTES = {
    "index_title",
    "search_help_text",
    "site_header",
    "site_title",
    "verbose_name",
    "verbose_name_plural",
}


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_a_template_says_nothing_untranslated(path: Path) -> None:
    source = CLASS_OF_BODY.sub("", TRANSLATED.sub("", COMMENT.sub("", text(path))))
    shown = [TAG.sub(" ", TEMPLATE_TAG.sub(" ", source))]
    shown += [TEMPLATE_TAG.sub("", value) for _quote, value in SAID_ATTRIBUTE.findall(source)]
    assert set(WORD.findall(html.unescape(" ".join(shown)))) - UNIVERSAL == set()


def test_python_says_nothing_untranslated() -> None:
    # What the APIs say of themselves is for the OpenAPI document, which is English like its operations.
    pages = [path for path in rooms() if "api" not in path.parts]
    said = [f"{path}:{line}: {words}" for path in pages for line, words in _said_plainly(path)]
    assert said == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('forms.CharField(label="Name")', ["Name"]),
        ('forms.CharField(label=_("Name"))', []),
        ('raise forms.ValidationError("It is wrong.", code="wrong")', ["It is wrong."]),
        ('raise ValidationError(_("It is wrong."))', []),
        ('messages.success(request, "Done.")', ["Done."]),
        ('messages.success(request, f"{count} done")', [" done"]),
        ('@admin.display(description="state")\ndef state(): ...', ["state"]),
        ('class Meta:\n    verbose_name = "person"', ["person"]),
        ('site_header = site_title = _("Administration")', []),
    ],
)
def test_what_python_says_is_found(source: str, said: list[str]) -> None:
    assert [words for _line, words in _plain(ast.parse(source))] == said


def _said_plainly(path: Path) -> Iterator[tuple[int, str]]:
    # The name of the site itself is the same in every language.
    return ((line, words) for line, words in _plain(tree(path)) if words != "authproject")


def _plain(module: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module):
        for value in _said(node):
            for part in value.values if isinstance(value, ast.JoinedStr) else [value]:
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and WORD.search(part.value):
                    yield node.lineno, part.value


def _said(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Call():
            name = ast.unparse(node.func)
            yield from (argument.value for argument in node.keywords if _is_said(name, argument.arg))
            if name.removeprefix("forms.") in SAID_BY_CALLS:
                yield from node.args
        case ast.Assign() if SAID_ATTRIBUTES.intersection(ast.unparse(target) for target in node.targets):
            yield node.value


def _is_said(call: str, argument: str | None) -> bool:
    return argument in SAID_ARGUMENTS or (call in SAID_BY_DECORATORS and argument == "description")
