"""Every finding has words, in which nothing is left open, and what is for all names nothing registered."""

import re

import pytest

from trust.explain.models import Explanation
from trust.explain.reading import found, mend, mend_for_all
from trust.explain.vocabulary import Found
from trust.explain.words import WORDS

GENERAL = {"about"}


def test_every_finding_has_words_and_every_word_a_finding():
    assert set(WORDS) == set(Found)


@pytest.mark.parametrize("code", Found)
def test_the_words_are_whole(code):
    told = Explanation(finding=code, about="ABOUT", came="CAME", expected="EXPECTED", number=7, error="invalid_grant")
    for sentence in (found(told), mend(told), mend_for_all(told)):
        assert len(sentence) > 10
        assert "%" not in sentence
    assert "CAME" not in mend_for_all(told)
    assert "EXPECTED" not in mend_for_all(told)


@pytest.mark.parametrize("code", Found)
def test_how_to_mend_it_says_nothing_of_what_came_or_was_expected(code):
    assert set(re.findall(r"%\((\w+)\)", str(WORDS[code].mend))) <= GENERAL


@pytest.mark.parametrize("error", ["invalid_client", "invalid_grant", "invalid_token", "never_heard_of"])
def test_a_secret_reason_is_told_as_any_other_of_its_error(error):
    secret = [code for code in Found if not WORDS[code].is_for_all]
    assert len({mend_for_all(Explanation(finding=code, error=error)) for code in [*secret, ""]}) == 1


def test_a_finding_of_a_later_release_is_no_error():
    later = Explanation(finding="never_heard_of", error="invalid_client")
    assert (found(later), mend(later)) == ("", mend_for_all(later))
