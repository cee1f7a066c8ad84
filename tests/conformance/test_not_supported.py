"""What docs/specs.md says is not supported: neither announced nor half there."""

import pytest
from django.test import Client as Browser

from tests.clients import answer_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/oauth/par", "/oauth/device-authorization", "/.well-known/oauth-protected-resource"])
def test_an_endpoint_that_is_not_built_is_not_found(path):
    assert [Browser().get(path).status_code, Browser().post(path).status_code] == [404, 404]


def test_the_metadata_announces_nothing_that_is_not_there():
    said = Browser().get("/.well-known/openid-configuration").json()
    assert not [name for name in said if name.startswith(("frontchannel_", "check_session", "dpop_", "tls_", "mtls_"))]
    absent = {"pushed_authorization_request_endpoint", "device_authorization_endpoint"}
    assert not absent & set(said)
    assert not [name for name in said if "encryption" in name]


def test_resources_are_ignored_and_cause_no_error(application):
    answer = application.authorize(resource="https://api.example")
    assert answer.status_code == 200
    assert "code" in answer_of(application.decide(resource="https://api.example"))
