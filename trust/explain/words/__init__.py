"""What is said of each finding, in the language of who reads: one table, in a file for each kind of check.

`found` is for staff, and may name what came (%(came)s), what was expected (%(expected)s) and by how many seconds
(%(number)s); `mend` says what to do in general words, in which nothing registered is named. Where `is_for_all`, whoever
has the reference may read `mend`: it tells no more than the answer did. Otherwise the error's own words are all
that they are told (errors.py): which of several reasons it was would help whoever guesses.
"""

from collections.abc import Mapping
from typing import Final

from trust.explain.words import clients, dpop, exchanges, grants, people, registrations, requests, signed
from trust.explain.words.words import Words

WORDS: Final[Mapping[str, Words]] = {
    **requests.WORDS,
    **clients.WORDS,
    **signed.WORDS,
    **grants.WORDS,
    **exchanges.WORDS,
    **dpop.WORDS,
    **registrations.WORDS,
    **people.WORDS,
}

__all__ = ["WORDS", "Words"]
