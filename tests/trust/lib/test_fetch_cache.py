"""Fetched answers kept for as long as they say, up to a bound."""

import threading
import time

import pytest

from tests.at_once import at_once
from trust.lib.busy import Busy
from trust.lib.fetch import Fetched, FetchFailed
from trust.lib.fetch_cache import FetchCache

URL = "https://a.example/"


class Source:
    """Answers as told and counts how often it was asked."""

    def __init__(self, cache_control="", status=200):
        headers = {"cache-control": cache_control} if cache_control else {}
        self.answer = Fetched(status, headers, b"{}")
        self.asked = []
        self.seconds = 0.0

    def __call__(self, url):
        self.asked.append(url)
        time.sleep(self.seconds)
        if self.answer is None:
            raise FetchFailed("nobody there")
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


def test_renewing_asks_anew_and_keeps_what_comes():
    source = Source("max-age=60")
    cache = FetchCache(get=source)
    cache.get(URL)
    source.answer = Fetched(200, {"cache-control": "max-age=60"}, b"new")
    assert cache.get(URL).body == b"{}"
    assert cache.renewed(URL).body == cache.get(URL).body == b"new"
    assert cache.renewed(URL).body == b"new"
    assert len(source.asked) == 3


def test_what_was_there_stays_where_nothing_good_comes():
    source = Source("max-age=60")
    cache = FetchCache(get=source)
    cache.get(URL)
    source.answer = Fetched(500, {}, b"broken")
    assert cache.renewed(URL).body == b"{}"
    source.answer = None
    assert cache.renewed(URL).body == b"{}"
    assert len(source.asked) == 3


def test_with_a_pause_what_is_there_is_renewed_at_once_and_then_no_more_for_a_while():
    source = Source("max-age=60")
    cache = FetchCache(get=source, pause=0.2)
    cache.get(URL)
    for _ in range(5):
        cache.renewed(URL)
    assert len(source.asked) == 2
    time.sleep(0.25)
    cache.renewed(URL)
    cache.get(URL)
    assert len(source.asked) == 3


@pytest.mark.parametrize("answer", [None, Fetched(500, {}, b""), Fetched(200, {"cache-control": "no-store"}, b"")])
def test_with_a_pause_nobody_is_asked_often_whatever_they_say(answer):
    source = Source()
    source.answer = answer
    cache = FetchCache(get=source, pause=0.2)
    asked = [outcome(cache.get) for _ in range(3)] + [outcome(cache.renewed) for _ in range(3)]
    assert len(set(asked)) == 1
    assert len(source.asked) == (1 if answer is None or answer.status == 500 else 2)
    time.sleep(0.25)
    outcome(cache.get)
    assert len(source.asked) == (2 if answer is None or answer.status == 500 else 3)


@pytest.mark.parametrize("verb", ["get", "renewed"])
def test_with_a_pause_eight_at_once_ask_once(verb):
    source = Source("max-age=60")
    source.seconds = 0.05
    cache = FetchCache(get=source, pause=10)
    assert at_once(8, lambda: getattr(cache, verb)(URL).body) == [b"{}"] * 8
    assert len(source.asked) == 1


def test_who_waits_for_one_url_does_not_keep_others_waiting():
    slow = threading.Event()

    def get(url):
        if "slow" in url:
            slow.wait(10)
        return Source().answer

    cache = FetchCache(get=get, pause=1)
    waiting = threading.Thread(target=cache.get, args=["https://slow.example/"])
    waiting.start()
    assert cache.get(URL).body == b"{}"
    assert waiting.is_alive()
    slow.set()
    waiting.join(10)


@pytest.mark.parametrize("verb", ["get", "renewed"])
def test_no_more_wait_than_allowed_and_the_rest_are_told_to_come_again(verb):
    asked, go_on = threading.Semaphore(0), threading.Event()

    def get(url):
        asked.release()
        go_on.wait(10)
        return Source("max-age=60").answer

    cache = FetchCache(get=get, at_once=2)
    waiting = [threading.Thread(target=cache.get, args=[f"https://{name}.example/"]) for name in "ab"]
    for thread in waiting:
        thread.start()
        assert asked.acquire(timeout=10)
    with pytest.raises(Busy):
        getattr(cache, verb)("https://c.example/")
    go_on.set()
    for thread in waiting:
        thread.join(10)
    assert [cache.get(f"https://{name}.example/").body for name in "abc"] == [b"{}"] * 3


def outcome(ask):
    try:
        return ask(URL).body
    except FetchFailed as failed:
        return str(failed)


def test_no_more_are_kept_than_allowed_and_the_least_used_goes():
    source = Source("max-age=60")
    cache = FetchCache(get=source, most=2)
    for name in ["a", "b", "a", "c", "a", "b"]:
        cache.get(f"https://{name}.example/")
    assert [url[8] for url in source.asked] == ["a", "b", "c", "b"]
