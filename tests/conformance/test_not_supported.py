"""What docs/specs.md says is not supported: neither announced nor half there."""

import pytest
from django.test import Client as Browser

pytestmark = pytest.mark.django_db


def test_the_metadata_announces_nothing_that_is_not_there():
    said = Browser().get("/.well-known/openid-configuration").json()
    assert not [name for name in said if name.startswith(("frontchannel_", "check_session", "tls_", "mtls_"))]
    assert not [name for name in said if "encryption" in name]
