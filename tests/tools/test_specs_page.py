"""The page of the specifications is made from the marks, and names rooms that really speak of them."""

from pathlib import Path

import pytest

from tools.specifications import Module, Requirement, requirements, room_of
from tools.specs_page import DOCUMENTS, HOUSE, NOT_SPOKEN, page

TABLE = Module("oauth/protocol/table.py", '"""The table (RFC 6749 section 4.1.1)."""')
ROOM = Module("oauth/protocol/room.py", '"""RFC 6749 section 4.1.3: codes.\n"""\n# a code is good once (section 4.1.2)')
REFRESH = Module("oauth/protocol/refresh.py", '"""RFC 6749 section 6, RFC 9700 section 4.14.2: refreshes."""')
OTHER = Module("trust/other.py", '"""Fetched answers."""\n# the Fetch standard; RFC 9110 section 11.1')
ROOMS = [TABLE, ROOM, REFRESH, OTHER]


@pytest.mark.parametrize(
    ("document", "section", "room"),
    [
        ("RFC 6749", "4.1.3", ROOM),
        ("RFC 6749", "4.1.2", ROOM),
        ("RFC 6749", "4.1.2.1", ROOM),
        ("RFC 6749", "4.1.1", TABLE),
        ("RFC 6749", "6", REFRESH),
        ("RFC 9700", "4.14.2", REFRESH),
        ("RFC 9700", "4.14", REFRESH),
        ("RFC 9110", "11.1", OTHER),
        ("Fetch", "3.3.2", OTHER),
    ],
)
def test_the_room_is_the_one_that_names_the_section(document: str, section: str, room: Module) -> None:
    assert room_of(document, section, ROOMS) == room.path


def test_a_room_is_not_guessed() -> None:
    assert room_of("RFC 9999", "1", ROOMS) == ""
    assert room_of("RFC 674", "4", ROOMS) == ""
    assert room_of("RFC 6749", "9.9", ROOMS) == ""


def test_marks_are_read_with_the_sentence_of_their_test(tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "test_it.py").write_text(
        '@pytest.mark.spec("OpenID Connect Core 1.0", "2")\n'
        '@pytest.mark.spec("RFC 7636", "B")\n'
        "def test_the_redirect_uri_is_json():\n    pass\n\n"
        "def test_without_a_mark():\n    pass\n"
    )
    sentence, test = "The redirect URI is JSON", "tests/test_it.py"
    assert requirements(tmp_path) == [
        Requirement(document="OpenID Connect Core", section="2", sentence=sentence, test=test, room=""),
        Requirement(document="RFC 7636", section="B", sentence=sentence, test=test, room=""),
    ]


def test_sections_stand_in_the_order_of_a_table_of_contents() -> None:
    def ordered(*sections: str) -> list[str]:
        made = [Requirement(document="", section=each, sentence="", test="", room="") for each in sections]
        return [each.section for each in sorted(made, key=lambda each: each.order)]

    assert ordered("10", "B", "2", "2.10", "2.9", "2.9.1") == ["2", "2.9", "2.9.1", "2.10", "10", "B"]


def test_every_document_with_a_title_is_shown_by_a_test() -> None:
    assert {each.document for each in requirements(HOUSE)} == set(DOCUMENTS)


def test_what_is_named_stands_in_the_tree() -> None:
    for each in requirements(HOUSE):
        assert (HOUSE / each.test).is_file()
        assert not each.room or (HOUSE / each.room).is_file()


def test_what_is_not_supported_is_said() -> None:
    written = page()
    assert all(what in written for _, what, _ in NOT_SPOKEN)
