"""Answers name their language as Django's own middleware has them do it."""

import pytest
from django.http import HttpResponse
from django.middleware import locale
from django.test import RequestFactory
from django.utils import translation

from authproject.middleware.errors import RefusalMiddleware
from authproject.middleware.language import LocaleMiddleware

COOKIE = {"HTTP_COOKIE": "language=ko"}
ASKED = [
    {},
    {"HTTP_ACCEPT_LANGUAGE": "ko"},
    {"HTTP_ACCEPT_LANGUAGE": "fr, ko;q=0.3"},
    {"HTTP_ACCEPT_LANGUAGE": "fr"},
    COOKIE,
    COOKIE | {"HTTP_ACCEPT_LANGUAGE": "en"},
]


@pytest.fixture(autouse=True)
def as_it_was():
    with translation.override("en"):
        yield


def answer(middleware, meta, headers):
    seen = []

    def view(request):
        seen.append((request.LANGUAGE_CODE, translation.get_language()))
        return HttpResponse(headers=headers)

    response = RefusalMiddleware(middleware(view))(RequestFactory().get("/ko/", **meta))
    return seen, response.headers["Content-Language"], response.headers["Vary"]


@pytest.mark.parametrize("headers", [{}, {"Vary": "Cookie"}, {"Content-Language": "de"}, {"Vary": "accept-language"}])
@pytest.mark.parametrize("meta", ASKED)
def test_says_what_djangos_says(meta, headers, settings):
    settings.LANGUAGE_COOKIE_NAME = "language"
    assert answer(LocaleMiddleware, meta, headers) == answer(locale.LocaleMiddleware, meta, headers)


def test_names_the_language_that_was_spoken_last():
    def view(request):
        translation.activate("ko")
        return HttpResponse()

    response = RefusalMiddleware(LocaleMiddleware(view))(RequestFactory().get("/"))
    assert response.headers["Content-Language"] == "ko"
