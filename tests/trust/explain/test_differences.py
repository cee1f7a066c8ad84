"""Where two addresses differ, in words."""

import pytest

from trust.explain import differences

REGISTERED = "https://app.example:8443/callback"


@pytest.mark.parametrize(
    ("came", "place", "word"),
    [
        ("https://app.example:8443/callback/", 33, "slash"),
        ("http://app.example:8443/callback", 4, "http came"),
        ("https://app.example/callback", 19, "port"),
        ("https://app.example:8443/Callback", 25, "case"),
        ("https://app.example:8443/CALLBACK/", 25, "slash"),
        ("https://www.app.example:8443/callback", 8, "www."),
        ("https://evil.example:8443/callback", 8, "host"),
        ("https://app.example:8443/callback?a=1", 33, "query"),
        ("https://app.example:8443/callback#a", 33, "fragment"),
        ("https://app.example:8443/elsewhere", 25, "path"),
        (REGISTERED, 33, "not shown"),
        ("https://[::1", 8, "no address"),
        ("https://app.example:port/callback", 20, "no address"),
        ("", 0, "scheme"),
    ],
)
def test_says_at_which_character_and_in_which_part(came, place, word):
    assert differences.first(came, REGISTERED) == place
    assert any(word in str(sentence) for sentence in differences.in_words(came, REGISTERED))


def test_the_names_of_loopback_are_not_the_same():
    (sentence,) = differences.in_words("http://localhost/cb", "http://127.0.0.1/cb")
    assert "loopback" in str(sentence)
