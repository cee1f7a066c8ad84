"""Whoever follows the pages would notice if one lied."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.recipes.pages import Block
from tests.recipes.reader import Reader

Follow = Callable[..., None]
pytestmark = pytest.mark.django_db


@pytest.fixture
def follow(tmp_path: Path) -> Follow:
    (tmp_path / "clone").mkdir()
    reader = Reader(tmp_path / "clone", ExitStack(), str.upper)

    def follow_each(*page: tuple[str, str]) -> None:
        for fence, content in page:
            language, _, how = fence.partition(" ")
            reader.follow(Block(language, how, f"{content}\n", "a page:1"))

    return follow_each


def test_a_shell_knows_what_the_last_one_knew(follow: Follow) -> None:
    follow(
        ("sh", "greet() { echo \"Hello, $1\"; }\nWHO='Alice\nLiddell'\nexport SEEN=yes"),
        ("sh", 'greet "$WHO"'),
        ("text", "Hello, Alice\nLiddell"),
        ("python", "import os\nprint(os.environ['SEEN'], 'WHO' in os.environ)"),
        ("text", "yes False"),
    )


def test_a_token_is_another_one_later(follow: Follow) -> None:
    follow(("sh", "TOKEN=abc"), ("sh later", 'echo "$TOKEN"'), ("text", "ABC"))


@pytest.mark.parametrize(
    "page",
    [
        [("sh", "echo yes"), ("text", "no")],
        [("sh", "echo yes"), ("text", "yes\n…and no")],
        [("sh", """echo '{"a": 1}'"""), ("json", '{"a": 2}')],
        [("sh", """echo '{"a": 1, "b": 2}'"""), ("json", '{"a": 1}')],
        [("sh", "false")],
        [("sh", "false | true")],
        [("sh", 'echo "$NEVER_SET"')],
        [("python", "assert False")],
        [("sh sideways", "true")],
        [("yaml", "a: b")],
    ],
)
def test_a_page_that_does_not_say_the_truth_is_found_out(follow: Follow, page: list[tuple[str, str]]) -> None:
    with pytest.raises(AssertionError):
        follow(*page)
