"""Fields of lists: what is typed, what is shown, and whether it changed."""

import pytest
from django.core.exceptions import ValidationError

from oauth.admin.form_fields import ClaimsField, LinesField, WordsField


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


@pytest.mark.parametrize("typed", ["a = groups\nb=attributes.x", "\r\n  a=groups  \r\n\r\nb = attributes.x\r\n"])
def test_claims_stand_one_a_line(typed: str) -> None:
    assert ClaimsField().clean(typed) == {"a": "groups", "b": "attributes.x"}


def test_the_name_of_a_claim_may_be_a_uri_with_a_query() -> None:
    assert ClaimsField().clean("https://a.example/?c=1 = groups") == {"https://a.example/?c=1": "groups"}


def test_every_line_that_is_none_is_told() -> None:
    with pytest.raises(ValidationError) as refused:
        ClaimsField().clean("a\n= groups\nb =\na = groups\na = name")
    told = ["1: write", "2: write", "3: write", "5: a stands"]
    assert [message.partition("Line ")[2][:8].strip() for message in refused.value.messages] == [
        line[:8].strip() for line in told
    ]


def test_claims_are_shown_as_they_are_typed_and_known_to_be_changed() -> None:
    field = ClaimsField(required=False)
    assert field.prepare_value({"a": "groups", "b": "name"}) == "a = groups\nb = name"
    assert field.prepare_value("as typed") == "as typed"
    assert field.clean("") == {}
    assert not field.has_changed({"a": "groups"}, "a=groups")
    assert not field.has_changed(None, "")
    assert field.has_changed({"a": "groups"}, "")
    assert field.has_changed({}, "a")
