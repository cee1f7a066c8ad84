"""clear_expired, and the toolkit's name for it."""

import io
import json

import pytest
from django.core.management import call_command

from oauth.models import AccessToken
from tests.clients import Application
from tests.clients import app as app
from trust.lib import clock

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("command", ["clear_expired", "cleartokens"])
def test_clears_and_prints_the_counts(command, app, person):
    type(app).objects.update(access_token_format="opaque")
    application = Application(app)
    application.sign_in()
    application.tokens()
    AccessToken.objects.update(expires=clock.now())
    output = io.StringIO()
    call_command(command, stdout=output)
    assert json.loads(output.getvalue())["access_tokens"] == 1
    assert not AccessToken.objects.exists()
