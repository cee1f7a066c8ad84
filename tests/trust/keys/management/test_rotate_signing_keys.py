"""The command makes one key of each algorithm, and none while they wait."""

from io import StringIO

import pytest
from django.core.management import call_command

from trust.audit.models import AuditEvent
from trust.keys.models import Algorithm, SigningKey
from trust.lib import clock

pytestmark = pytest.mark.django_db


def rotate(*arguments: str) -> list[str]:
    output = StringIO()
    call_command("rotate_signing_keys", *arguments, stdout=output)
    return output.getvalue().splitlines()


def test_names_the_next_key_of_each_algorithm() -> None:
    printed = rotate()
    assert sorted(line.split()[0] for line in printed) == sorted(Algorithm.values)
    assert SigningKey.objects.filter(signs_from__gt=clock.now()).count() == len(Algorithm)


def test_says_so_when_they_wait_already() -> None:
    rotate()
    assert rotate() == ["The next keys wait already: nothing to do."]


def test_after_a_leak_the_new_keys_sign_at_once() -> None:
    before = set(SigningKey.objects.values_list("kid", flat=True))
    printed = rotate("--now")
    signing = SigningKey.objects.filter(signs_from__lte=clock.now(), signs_until__gt=clock.now())
    assert {line.split()[1] for line in printed} == set(signing.values_list("kid", flat=True))
    assert before.isdisjoint(signing.values_list("kid", flat=True))


def test_the_trail_knows_of_it_and_a_leak_says_what_to_do() -> None:
    printed = rotate("--distrust")
    event = AuditEvent.objects.of_action("signing_keys.rotated").get()
    assert (event.actor, event.details) == (None, {"immediately": True, "distrusted": True, "made": len(Algorithm)})
    assert "The old keys are deleted" in printed[-2]
    assert "manage.py audit_head" in printed[-1]
