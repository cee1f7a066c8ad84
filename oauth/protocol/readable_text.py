"""Text of strangers that people decide by: all of it can be seen, and what may look like something else is told."""

import unicodedata
from typing import Final

# Controls, what turns the direction, halves of characters, private ones, those that there are not, and line breaks.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS: Final = frozenset("\u200c\u200d")  # scripts need them
_BLANK: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")  # letters and signs that show nothing
_VARIANTS: Final = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))  # selectors: emoji have them, people see none
_LOOK_ALIKE: Final = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})


def is_readable(text: str) -> bool:
    """Tell whether all of a text of one line can be seen, and it neither begins nor ends in what cannot."""
    return text == text.strip() and all(_is_seen(character) for character in text)


def mixes_alphabets(text: str) -> bool:
    """Tell whether a word has letters of several alphabets that look alike: it may pass for another word."""
    return any(len(_alphabets(word)) > 1 for word in text.split())


def _is_seen(character: str) -> bool:
    if character in _JOINERS:
        return True
    hidden = character in _BLANK or any(ord(character) in variants for variants in _VARIANTS)
    return not hidden and unicodedata.category(character) not in _UNSEEN


def _alphabets(word: str) -> set[str]:
    names = (unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter.isalpha())
    return set(_LOOK_ALIKE.intersection(names))
