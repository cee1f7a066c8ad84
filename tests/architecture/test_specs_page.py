"""docs/specs.md is what the marks of the tests say."""

from pathlib import Path

from tests.architecture.house import text
from tools.specs_page import page


def test_the_page_of_the_specifications_is_not_stale() -> None:
    assert text(Path("docs/specs.md")) == page(), "run make docs"
