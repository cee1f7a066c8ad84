"""What a client's JWT says of itself."""

from datetime import timedelta

import pytest

from oauth.protocol.rfc7519_claims import is_for, wrong_time
from trust.explain.finding import Finding
from trust.explain.vocabulary import Found
from trust.lib import clock

NOW = clock.now()
US = {"https://issuer.example", "https://issuer.example/oauth/token"}


@pytest.mark.spec("RFC 7519", "4.1.3")
@pytest.mark.parametrize(
    ("audience", "is_us"),
    [("https://issuer.example", True), (["https://other.example", "https://issuer.example/oauth/token"], True),
     ("https://other.example", False), ("https://issuer.example/", False), ([], False), (None, False), (7, False),
     (["https://issuer.example", None], False), ([["https://issuer.example"]], False), ({"https://issuer.example": 1}, False)],
)  # fmt: skip
def test_an_audience_is_a_text_or_a_list_of_texts(audience, is_us):
    assert is_for({"aud": audience}, US) == is_us
    assert not is_for({}, US)


@pytest.mark.spec("RFC 7519", "4.1.4")
@pytest.mark.parametrize(
    ("name", "seconds", "is_good"),
    [("exp", -59, True), ("exp", -60, False), ("exp", 10**6, True), ("nbf", 60, True), ("nbf", 61, False),
     ("nbf", -(10**6), True), ("iat", 60, True), ("iat", 61, False), ("iat", -(10**6), True)],
)  # fmt: skip
def test_a_time_is_honoured_within_a_minute(name, seconds, is_good):
    wrong = wrong_time({name: (NOW + timedelta(seconds=seconds)).timestamp()}, NOW)
    assert (wrong is None) == is_good
    assert is_good or (wrong.about, wrong.number) == (name, abs(seconds))


@pytest.mark.spec("RFC 7519", "2")
@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", ["1", None, True, False, [], {}])
def test_a_time_that_is_no_number_is_never_right(name, value):
    assert wrong_time({name: value}, NOW) == Finding(found=Found.TIME_MISSING, about=name)


def test_no_time_at_all_is_right_and_the_beginning_of_time_is_over():
    assert wrong_time({}, NOW) is None
    assert wrong_time({"exp": 0}, NOW).found is Found.CLOCK_BEHIND
    assert wrong_time({"exp": 10**400, "nbf": 10**400}, NOW).found is Found.CLOCK_AHEAD


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan"), 10**400, -(10**400)])
@pytest.mark.parametrize("name", ["exp", "nbf"])
def test_what_no_clock_can_say_is_off_by_a_number_that_can_be_kept(name, value):
    wrong = wrong_time({name: value}, NOW)
    assert wrong is None or abs(wrong.number) < 1 << 62
