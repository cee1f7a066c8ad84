"""Fetched answers kept for as long as they say, up to a bound."""

import time

import pytest

from trust.lib.fetch import Fetched, FetchFailed
from trust.lib.fetch_cache import FetchCache


class Source:
    """Answers as told and counts how often it was asked."""

    def __init__(self, cache_control="", status=200):
        headers = {"cache-control": cache_control} if cache_control else {}
        self.answer = Fetched(status, headers, b"{}")
        self.asked = []

    def __call__(self, url):
        self.asked.append(url)
        return self.answer


def asked_twice(source, pause=0.0, **named):
    cache = FetchCache(get=source, **named)
    cache.get("https://a.example/")
    time.sleep(pause)
    cache.get("https://a.example/")
    return len(source.asked)


@pytest.mark.parametrize("control", ["", "max-age=60", "public, max-age=60", 'MAX-AGE="60"', "s-maxage=0, max-age=5"])
def test_an_answer_is_asked_for_once_while_it_is_fresh(control):
    assert asked_twice(Source(control)) == 1


@pytest.mark.spec("RFC 9111", "5.2.2")
@pytest.mark.parametrize("control", ["no-store", "no-cache", "max-age=0", "max-age=60, no-store", "private,no-cache"])
def test_an_answer_that_forbids_it_is_not_kept(control):
    assert asked_twice(Source(control)) == 2


def test_an_age_beyond_the_bound_is_cut():
    assert asked_twice(Source("max-age=999999999"), longest=0.05, pause=0.1) == 2


def test_an_answer_without_an_age_is_kept_for_a_while():
    assert asked_twice(Source(), unnamed=0.05, pause=0.1) == 2


@pytest.mark.parametrize("status", [204, 404, 500])
def test_only_success_is_kept(status):
    assert asked_twice(Source("max-age=60", status=status)) == 2


def test_a_failure_is_not_kept():
    def fail(url):
        raise FetchFailed("nobody there")

    cache = FetchCache(get=fail)
    for _ in range(2):
        with pytest.raises(FetchFailed):
            cache.get("https://a.example/")


def test_forgetting_asks_anew():
    source = Source("max-age=60")
    cache = FetchCache(get=source)
    cache.get("https://a.example/")
    cache.forget("https://a.example/")
    cache.forget("https://never.example/")
    cache.get("https://a.example/")
    assert len(source.asked) == 2


def test_no_more_are_kept_than_allowed_and_the_least_used_goes():
    source = Source("max-age=60")
    cache = FetchCache(get=source, most=2)
    for name in ["a", "b", "a", "c", "a", "b"]:
        cache.get(f"https://{name}.example/")
    assert [url[8] for url in source.asked] == ["a", "b", "c", "b"]
