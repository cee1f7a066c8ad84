"""The check of the catalogues names each way in which one can be incomplete."""

from collections.abc import Callable

import pytest
from babel.messages.catalog import Catalog

from tools.translations import faults, update

SOURCE = "Hello %(name)s"


def catalogue(**messages: str) -> Catalog:
    made = Catalog(locale="ko", fuzzy=False)
    for text, translation in messages.items():
        made.add(text, translation)
    return made


def with_source(translation: str) -> Catalog:
    return catalogue(**{SOURCE: translation})


def fuzzy() -> Catalog:
    made = Catalog(locale="ko", fuzzy=False)
    made.add(SOURCE, "안녕, %(name)s", flags=["fuzzy"])
    return made


def test_finds_nothing_in_a_complete_catalogue() -> None:
    assert list(faults(with_source("안녕, %(name)s"), with_source(""))) == []


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (catalogue, "missing"),
        (lambda: with_source(""), "not translated"),
        (fuzzy, "fuzzy"),
        (lambda: with_source("안녕, %(nmae)s"), "placeholder"),
        (lambda: with_source("안녕, %(name)d"), "placeholder"),
        (lambda: catalogue(**{SOURCE: "안녕, %(name)s", "gone": "없음"}), "not in the tree"),
    ],
)
def test_complains_of(make: Callable[[], Catalog], complaint: str) -> None:
    found = list(faults(make(), with_source("")))
    assert len(found) == 1
    assert complaint in found[0]


def test_demands_every_plural_form() -> None:
    source = Catalog()
    source.add(("%(n)s device", "%(n)s devices"))
    own = Catalog(locale="ko", fuzzy=False)
    own.add(("%(n)s device", "%(n)s devices"), ("",))
    assert list(faults(own, source)) == ["not translated: ('%(n)s device', '%(n)s devices')"]


def test_an_update_keeps_translations_adds_what_is_new_and_drops_what_is_gone() -> None:
    own = catalogue(kept="지킨 것", gone="없어진 것")
    update(own, catalogue(kept="", added=""))
    assert {message.id: message.string for message in own if message.id} == {"kept": "지킨 것", "added": ""}
    assert not own.obsolete


def test_an_update_guesses_no_translation() -> None:
    own = catalogue(**{"Sign in now": "지금 로그인"})
    update(own, catalogue(**{"Sign in now!": ""}))
    assert [message.string for message in own if message.id] == [""]
