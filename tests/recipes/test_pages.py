"""The pages of docs/recipes keep together: two languages, one index, no dead link, and samples as small as promised."""

import json
import re
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.architecture.house import HOUSE
from tests.recipes.pages import KOREAN, RECIPES, blocks, english, is_like, korean

SAMPLES = HOUSE / "docs" / "samples"
CONFIGURATION = re.compile(r"_settings\.py$|_messages\.py$")


def named(path: Path) -> str:
    return path.name


def test_there_is_a_page_for_each_of_the_ways_in() -> None:
    assert {path.stem for path in english()} >= {
        "README", "signed-tokens", "sign-in-by-code", "username-and-password", "roles", "guard-a-python-api",
        "guard-an-express-api", "register-a-client", "claims-for-an-application", "sign-out-everywhere",
    }  # fmt: skip


@pytest.mark.parametrize("page", english(), ids=named)
def test_the_korean_page_has_the_same_code(page) -> None:
    ours, theirs = ([(b.language, b.how, b.content) for b in blocks(each)] for each in (page, korean(page)))
    assert theirs == ours


@pytest.mark.parametrize("page", english(), ids=named)
def test_the_korean_page_has_the_same_sections_in_korean(page) -> None:
    ours, theirs = (
        re.findall(r"^#+ .*", re.sub(r"```.*?```", "", each.read_text("utf-8"), flags=re.DOTALL), re.MULTILINE)
        for each in (page, korean(page))
    )
    assert [heading.partition(" ")[0] for heading in theirs] == [heading.partition(" ")[0] for heading in ours]
    assert all(re.search("[가-힣]", heading) for heading in theirs)


def test_each_index_names_each_page_of_its_language() -> None:
    for index in (RECIPES / "README.md", RECIPES / f"README{KOREAN}"):
        pages = {path.name for path in english()} if index.name == "README.md" else {korean(p).name for p in english()}
        assert pages - set(re.findall(r"\]\(([\w.-]+)\)", index.read_text("utf-8"))) == {index.name}


@pytest.mark.parametrize("page", english(), ids=named)
def test_no_recipe_needs_more_than_ten_lines_of_configuration(page) -> None:
    """Settings, messages, and the variables that `make run` is given."""
    files = [b.content for b in blocks(page) if b.language == "python" and CONFIGURATION.search(b.how)]
    variables = [word for b in blocks(page) if b.how == "site" for word in b.content.split() if "=" in word]
    assert sum(len(content.strip().splitlines()) for content in files) + len(variables) <= 10


@pytest.mark.parametrize("name", ["fastapi/fastapi_notes.py", "flask/flask_notes.py", "express/notes.mjs"])
def test_a_sample_that_guards_is_short(name) -> None:
    assert len((SAMPLES / name).read_text().splitlines()) <= 65


@pytest.mark.parametrize("framework", ["fastapi", "flask", "flask-openid"])
def test_what_a_sample_asks_for_is_what_the_tests_run(framework) -> None:
    pins = re.findall(
        r"^([\w-]+)(?:\[\w+\])?==(.+)$", (SAMPLES / framework / "requirements.txt").read_text(), re.MULTILINE
    )
    assert {name: version(name) for name, _ in pins} == dict(pins)


def test_what_the_sample_in_express_asks_for_is_what_the_tests_run() -> None:
    ours = json.loads((HOUSE / "tests/interop/package.json").read_text())["dependencies"]
    wanted = json.loads((SAMPLES / "express/package.json").read_text())["dependencies"]
    assert wanted.items() <= ours.items()


def test_what_came_out_is_compared_whole_but_for_what_the_page_leaves_open() -> None:
    assert is_like({"a": "eyJx", "b": [1], "c": 7}, {"a": "eyJ…", "b": [1], "c": "…"})
    assert not is_like({"a": "x", "b": 1}, {"a": "x"})
    assert not is_like({"a": "x"}, {"a": "eyJ…"})
    assert not is_like([1, 2], [1])
    assert not is_like(1, "1")
