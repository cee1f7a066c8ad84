"""Documents of clients that are odd: refused or harmless, and never a 500 (the rules are those of registration)."""

import pytest

from oauth.models import Client
from tests.explained import last_explained

pytestmark = pytest.mark.django_db

ODD = [
    True, 10**300, "", "\x00", "\ud800", "x" * 4000, [], [None], [[]], {}, {"a": "\x00"}, ["\x00"],
    {"keys": [{"kty": "EC", "kid": "\x00"}]},
]  # fmt: skip


@pytest.mark.parametrize("member", ["jwks", "client_name", "redirect_uris", "scope", "grant_types", "contacts"])
def test_odd_values_are_refused_or_harmless(agent, settings, member):
    settings.RATE_LIMITS = False
    for value in ODD:
        Client.objects.all().delete()
        agent.publish(**{member: value})
        assert agent.authorize().status_code in {303, 400}, value
        for client in Client.objects.all():
            assert (client.reviewed, client.skip_authorization, client.introspects) == (False, False, "none")


@pytest.mark.parametrize(
    "document",
    [
        b"", b"null", b"[" * 5000, b'{"client_id": "a", "client_id": "b"}', b"\xff\xfe", b'{"a": 1e999}', b"NaN",
        b'"\\ud800"',
    ],
)  # fmt: skip
def test_what_is_no_json_object_is_refused(agent, document):
    agent.site.publish(agent.path, document)
    assert agent.authorize().status_code == 400
    assert last_explained().finding == "client_document_unreachable"
