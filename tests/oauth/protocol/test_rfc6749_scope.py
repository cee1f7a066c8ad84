"""Scopes: never wider than registered, never other than granted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oauth.errors import InvalidScope
from oauth.protocol.rfc6749_scope import granted, narrowed

ALLOWED = ("openid", "profile", "read:all")


def test_what_is_asked_for_is_granted_once_each_in_the_order_asked():
    assert granted("profile openid profile", allowed=ALLOWED) == ("profile", "openid")
    assert granted("", allowed=ALLOWED, default=("openid",)) == ("openid",)
    assert granted("", allowed=ALLOWED) == ()


@pytest.mark.parametrize(
    "asked",
    [
        "admin",
        "openid admin",
        "OPENID",
        "openid  profile",
        " openid",
        "openid ",
        "openid,profile",
        "*",
        "read",
        "read:*",
    ],
)
def test_nothing_else_is(asked):
    with pytest.raises(InvalidScope):
        granted(asked, allowed=ALLOWED)


def test_a_default_that_is_not_allowed_any_more_is_not_granted():
    with pytest.raises(InvalidScope):
        granted("", allowed=("openid",), default=("profile",))


def test_a_refresh_narrows_and_never_widens():
    assert narrowed("openid", granted_before=("openid", "profile")) == ("openid",)
    assert narrowed("", granted_before=("openid", "profile")) == ("openid", "profile")
    with pytest.raises(InvalidScope):
        narrowed("openid read:all", granted_before=("openid", "profile"))


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(st.text(max_size=60) | st.lists(st.sampled_from([*ALLOWED, "admin", ""])).map(" ".join))
def test_whatever_is_asked_for_is_granted_from_what_is_allowed_or_refused(asked):
    try:
        assert set(granted(asked, allowed=ALLOWED)) <= set(ALLOWED)
    except InvalidScope:
        assert asked
