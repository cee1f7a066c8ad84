"""What is kept of a value from the wire: cut, one line, and with nothing in it that could be a secret.

Every secret, code and token of ours is a word of more than LONGEST_PLAIN_WORD characters. A word as long, and a part as
long of an address, is kept only where it is what was expected, which is registered and no secret. Of an address
neither user information nor the values of its query are kept.
"""

import re
from collections.abc import Iterable
from typing import Final

from trust.explain.conf import LONGEST_PLAIN_WORD, LONGEST_VALUE
from trust.explain.finding import Finding

MASK: Final = "…"
_LOOKED_AT: Final = 4 * LONGEST_VALUE  # characters; what is beyond is cut off
_RUN: Final = re.compile(r"[^/.:,;?&#]{%d,}" % (LONGEST_PLAIN_WORD + 1))  # noqa: UP031 - of an address
_ADDRESS: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*:|//)[^?#]*")
_USER: Final = re.compile(r"(?<=//)[^/]*@")
_VALUE: Final = re.compile(r"=[^&#]*")  # of a query, or of a fragment that is made like one


def kept(value: str, *, known: Iterable[str] = ()) -> str:
    """Return what is kept of a value from the wire; `known` are registered values, of which nothing is masked."""
    registered = "\n".join(known)
    words = [_kept_word(word, registered) for word in value[:_LOOKED_AT].split(" ")]
    return _one_line(" ".join(words))[:LONGEST_VALUE]


def kept_of(finding: Finding) -> tuple[str, str]:
    """Return what is kept of what came, and of what was expected: of several, the one that is nearest."""
    expected = nearest(finding.came, finding.one_of) if finding.one_of else finding.expected
    return kept(finding.came, known=[expected]), _one_line(_address(expected[:_LOOKED_AT]))[:LONGEST_VALUE]


def nearest(came: str, registered: Iterable[str]) -> str:
    """Return the registered value that has most in common with what came, at its beginning and its end."""
    folded = came[:_LOOKED_AT].casefold()
    return max(registered, key=lambda one: _in_common(folded, one.casefold()), default="")


def _in_common(one: str, other: str) -> int:
    return _beginning(one, other) + _beginning(one[::-1], other[::-1])


def _beginning(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _kept_word(word: str, registered: str) -> str:
    """Return a word of a value, or an address in it without its long parts."""
    if not _ADDRESS.match(word):
        return word if len(word) <= LONGEST_PLAIN_WORD or word in registered else MASK
    return _RUN.sub(lambda run: run[0] if run[0] in registered else MASK, _address(word))


def _address(text: str) -> str:
    """Return an address without user information and without the values of its query; other text as it is."""
    address = _ADDRESS.match(text)
    if address is None:
        return text
    return _USER.sub(f"{MASK}@", address[0]) + _VALUE.sub(f"={MASK}", text[address.end() :])


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
