"""The policy of each answer is django-csp's, whether it was made once or for this answer."""

import pytest
from csp.decorators import csp_exempt, csp_replace, csp_update
from csp.middleware import CSPMiddleware as EachTime
from django.http import HttpResponse
from django.test import RequestFactory

from authproject.middleware.csp import CSPMiddleware

NAME = "Content-Security-Policy"


def plain(request):
    return HttpResponse()


def with_header(request):
    return HttpResponse(headers={NAME: "sandbox"})


VIEWS = [
    plain,
    with_header,
    csp_update({"form-action": ["https://app.example"]})(plain),
    csp_replace({"default-src": ["'self'"]})(plain),
    csp_exempt()(plain),
    lambda request: HttpResponse(status=404),
]


def policy_of(middleware, view):
    header = middleware(view)(RequestFactory().get("/")).headers.get(NAME)
    return None if header is None else {part.strip() for part in header.split(";")}


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("view", VIEWS)
def test_says_what_django_csp_says(view, debug, settings):
    settings.DEBUG = debug
    assert policy_of(CSPMiddleware, view) == policy_of(EachTime, view)


def test_what_one_answer_needs_no_other_gets():
    views = iter([plain, csp_update({"form-action": ["https://app.example"]})(plain), plain])

    def view(request):
        return next(views)(request)

    site = CSPMiddleware(view)
    first, second, third = (site(RequestFactory().get("/")).headers[NAME] for _ in range(3))
    assert first == third
    assert "https://app.example" not in first
    assert "form-action 'self' https://app.example" in second
