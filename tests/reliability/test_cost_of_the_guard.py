"""What the guard of the input costs: little where the request is honest, bounded where it is not."""

import json
import statistics
import time
from collections.abc import Callable
from typing import Any, Final

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import RequestFactory

from authproject.middleware.input_guard import refusal_of_body, refusal_of_head

pytestmark = pytest.mark.slow

LARGEST: Final = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
FORM: Final = "application/x-www-form-urlencoded"
MOST_ORDINARY, MOST_HOSTILE = 100e-6, 20e-3  # seconds


def page():
    return RequestFactory().get(
        "/accounts/login/?next=/accounts/profile/", HTTP_USER_AGENT="Mozilla/5.0 " * 8, HTTP_COOKIE="s=" + "a" * 64
    )


def sign_in():
    body = json.dumps({"username": "alice", "password": "correct horse battery staple"})
    return RequestFactory().post("/api/token/", body, content_type="application/json", HTTP_ACCEPT="application/json")


def brackets():
    return RequestFactory().post("/api/token/", b"[" * LARGEST, content_type="application/json")


def escapes():
    return RequestFactory().post(
        "/api/token/", b'"' + rb"\\u0041" * (LARGEST // 8) + b'"', content_type="application/json"
    )


def quotes():
    return RequestFactory().post("/api/token/", b'[["\\"' * (LARGEST // 6), content_type="application/json")


def encoded():
    return RequestFactory().post("/oauth/token", b"a=" + b"%C3%A9" * (LARGEST // 6 - 1), content_type=FORM)


def seconds(make: Callable[[], HttpRequest], times: int) -> float:
    """Return the median of what the guard takes for requests whose body is read already, as it is from the wire."""
    taken = []
    for _ in range(times):
        request: Any = make()
        assert isinstance(request.body, bytes)
        started = time.perf_counter()
        refusal_of_head(request) or refusal_of_body(request)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


@pytest.mark.parametrize("make", [page, sign_in])
def test_an_honest_request_passes_in_microseconds(make, note_figure):
    assert refusal_of_head(make()) is refusal_of_body(make()) is None
    taken = seconds(make, 2000)
    note_figure(f"guard of the input: {make.__name__.replace('_', ' ')}", f"{taken * 1e6:.0f} µs")
    assert taken < MOST_ORDINARY


@pytest.mark.parametrize("make", [brackets, escapes, quotes, encoded])
def test_the_largest_body_is_judged_in_milliseconds_whatever_is_in_it(make, note_figure):
    taken = seconds(make, 50)
    note_figure(f"guard of the input: {LARGEST // 1024} KiB of {make.__name__}", f"{taken * 1e3:.2f} ms")
    assert taken < MOST_HOSTILE
