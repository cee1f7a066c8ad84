"""What a personal access token looks like."""

import re
import zlib

import pytest

from oauth.services.personal_access_token_value import is_like_one, is_whole, new_value


def test_begins_as_scanners_know_it_and_has_256_bits() -> None:
    values = {new_value() for _ in range(100)}
    assert len(values) == 100
    assert all(re.fullmatch(r"apat_[0-9A-Za-z]{49}", value) for value in values)


def test_ends_in_its_checksum() -> None:
    value = new_value()
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    number = 0
    for digit in value[-6:]:
        number = number * 62 + digits.index(digit)
    assert number == zlib.crc32(value[:-6].encode())


@pytest.mark.parametrize("place", [5, 20, 47, 48, 53])
def test_is_whole_only_with_every_character_in_its_place(place: int) -> None:
    value = new_value()
    other = "a" if value[place] != "a" else "b"
    assert is_whole(value)
    assert not is_whole(value[:place] + other + value[place + 1 :])


@pytest.mark.parametrize("change", [str.upper, str.lower, lambda v: v[:-1], lambda v: v + "a", lambda v: f"{v}\n"])
def test_is_not_whole_in_another_form(change) -> None:
    assert not is_whole(change(new_value()))


def test_other_tokens_are_not_like_it() -> None:
    assert is_like_one(new_value())
    assert not any(is_like_one(other) for other in ("", "eyJ0.a.b", "APAT_abc", "apat-abc"))
