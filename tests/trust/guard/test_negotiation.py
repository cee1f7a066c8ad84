"""What is negotiated is as DRF negotiates it."""

import pytest
from django.http import Http404
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BrowsableAPIRenderer, JSONRenderer, StaticHTMLRenderer
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from trust.guard.negotiation import ContentNegotiation

ACCEPTED = [
    None, "", "*/*", "application/json", "application/*", "text/html", "application/json; indent=4", "image/png, */*",
    "APPLICATION/JSON", "application/json, text/plain", "nonsense", "text/html;q=0.9, application/json",
]  # fmt: skip


def chosen(negotiation, accept, query, renderers, suffix):
    headers = {} if accept is None else {"Accept": accept}
    request = Request(APIRequestFactory().get(f"/{query}", headers=headers))
    try:
        renderer, media_type = negotiation().select_renderer(request, [each() for each in renderers], suffix)
    except (NotAcceptable, Http404) as refused:
        return type(refused)
    return type(renderer), media_type


@pytest.mark.parametrize("suffix", [None, "json", "html"])
@pytest.mark.parametrize("renderers", [[JSONRenderer], [StaticHTMLRenderer], [JSONRenderer, BrowsableAPIRenderer]])
@pytest.mark.parametrize("query", ["", "?format=json", "?format=api", "?other=1"])
@pytest.mark.parametrize("accept", ACCEPTED)
def test_chooses_what_drf_would_choose(accept, query, renderers, suffix):
    asked = (accept, query, renderers, suffix)
    assert chosen(ContentNegotiation, *asked) == chosen(DefaultContentNegotiation, *asked)
