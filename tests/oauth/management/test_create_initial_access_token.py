"""create_initial_access_token, as administrators and scripts use it."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from oauth.models import InitialAccessToken
from oauth.services import housekeeping
from tests.registration import register
from trust.audit.models import AuditEvent
from trust.lib import clock
from trust.lib.digests import digest_of

pytestmark = pytest.mark.django_db


def create(*arguments: str) -> Any:
    output = io.StringIO()
    call_command("create_initial_access_token", *arguments, stdout=output)
    return json.loads(output.getvalue())


def test_prints_a_token_that_is_good_for_one_client() -> None:
    printed = create()
    assert printed == {
        "initial_access_token": printed["initial_access_token"],
        "uses": 1,
        "expires_at": None,
        "registration_endpoint": "http://testserver/oauth/register",
    }
    assert InitialAccessToken.objects.get().digest == digest_of(printed["initial_access_token"])
    statuses = [register(token=printed["initial_access_token"]).status_code for _ in range(2)]
    assert statuses == [201, 401]
    assert AuditEvent.objects.of_action("initial_access_token.created").get().details["uses"] == 1


def test_a_token_may_be_good_for_several_clients_and_for_a_while() -> None:
    printed = create("--uses", "2", "--expires", "60")
    assert printed["uses"] == 2
    assert 50 < printed["expires_at"] - clock.now().timestamp() <= 60
    token = printed["initial_access_token"]
    assert register(token=token).status_code == 201
    InitialAccessToken.objects.update(expires=clock.now() - timedelta(seconds=1))
    assert register(token=token).status_code == 401


@pytest.mark.parametrize("option", ["--uses", "--expires"])
@pytest.mark.parametrize("value", ["0", "-1", "1.5", "many", "", "٣", "9" * 30, "two\nlines"])
def test_a_bad_value_ends_with_status_2_and_a_line_and_makes_nothing(option: str, value: str) -> None:
    with pytest.raises(CommandError) as refused:
        create(f"{option}={value}")
    assert refused.value.returncode == 2
    assert str(refused.value).startswith(f"{option}: ")
    assert "\n" not in str(refused.value)
    assert not InitialAccessToken.objects.exists()


def test_tokens_that_are_used_up_or_expired_are_cleared() -> None:
    used, expired, good = create(), create("--expires", "60"), create("--expires", "6000")
    register(token=used["initial_access_token"])
    later = clock.now() + timedelta(seconds=120)
    assert expired["uses"] == 1
    assert housekeeping.clear(now=later)["initial_access_tokens"] == 2
    assert InitialAccessToken.objects.get().digest == digest_of(good["initial_access_token"])
