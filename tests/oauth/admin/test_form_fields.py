"""Fields of lists: what is typed, what is shown, and whether it changed."""

import pytest

from oauth.admin.form_fields import LinesField, WordsField


@pytest.mark.parametrize("typed", ["openid read", " openid,read ", "openid\r\nread", "openid , read, openid"])
def test_words_are_separated_by_whatever_one_types(typed: str) -> None:
    assert WordsField().clean(typed) == ["openid", "read"]


@pytest.mark.parametrize("field", [WordsField, LinesField])
@pytest.mark.parametrize("typed", ["", " ", "\r\n", None])
def test_nothing_typed_is_an_empty_list(field: type[WordsField], typed: str | None) -> None:
    assert field(required=False).clean(typed) == []


def test_a_uri_may_contain_a_comma() -> None:
    assert LinesField().clean("https://a.example/?x=1,2\r\nhttps://b.example/") == [
        "https://a.example/?x=1,2",
        "https://b.example/",
    ]


def test_shows_what_it_takes_and_knows_whether_it_changed() -> None:
    field = LinesField()
    assert field.prepare_value(["https://a.example/", "https://b.example/"]) == "https://a.example/\nhttps://b.example/"
    assert field.prepare_value("as typed") == "as typed"
    assert not field.has_changed(["https://a.example/"], " https://a.example/ ")
    assert field.has_changed(["https://a.example/"], "")
