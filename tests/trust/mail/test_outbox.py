"""What waits for an address that is nobody's any more is not sent."""

import pytest
from django.core.mail import EmailMessage, send_mail

from trust.mail import outbox
from trust.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db


def test_forgets_the_mail_for_an_address_whatever_its_case() -> None:
    for address in ("Alice@example.com", "bob@example.com"):
        send_mail("Hello", "A link", None, [address])
    assert outbox.forget({"alice@EXAMPLE.com"}) == 1
    assert OutgoingMail.objects.count() == 1


def test_a_mail_that_is_for_others_too_is_sent() -> None:
    EmailMessage("Hello", "All", None, ["alice@example.com"], bcc=["bob@example.com"]).send()
    assert outbox.forget({"alice@example.com"}) == 0
    assert outbox.forget({"alice@example.com", "bob@example.com"}) == 1


def test_a_mail_that_cannot_be_opened_is_left_alone() -> None:
    OutgoingMail.objects.create(sealed="broken")
    assert outbox.forget({"alice@example.com"}) == 0
    assert OutgoingMail.objects.count() == 1
