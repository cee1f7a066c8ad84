"""Mails of ours: one link in both forms, in the person's language, with words of their own."""

from datetime import UTC, datetime

import pytest
from django.core.mail import EmailMessage

from accounts.models import User
from accounts.services import letters
from tests.mail_queue import deliver_mail

pytestmark = pytest.mark.django_db
CONTEXT = {"erase_at": datetime(2026, 12, 24, tzinfo=UTC), "days": 7}


def sent(person: User, template: str, locale: str = "") -> tuple[EmailMessage, str]:
    person.locale = locale
    letters.send(user=person, template=template, path="/accounts/x/", **CONTEXT)
    message = deliver_mail()[-1]
    return message, str(message.alternatives[0][0])


@pytest.mark.parametrize("template", ["account_closed", "data_export_ready"])
def test_a_mail_has_its_link_once_as_text_and_twice_as_html(person: User, template: str) -> None:
    message, page = sent(person, template)
    assert message.body.count("http://testserver/accounts/x/") == 1
    assert page.count("http://testserver/accounts/x/") == 2
    assert message.subject.startswith("[authproject] ")
    assert "\n" not in message.subject
    assert "&#" not in message.body


@pytest.mark.parametrize(("locale", "language"), [("ko-KR", "ko"), ("en", "en"), ("", "en"), ("xx-nonesuch", "en")])
def test_a_mail_is_in_the_persons_language(person: User, locale: str, language: str) -> None:
    assert f'<html lang="{language}">' in sent(person, "account_closed", locale)[1]


def test_a_mail_says_until_when(person: User) -> None:
    assert "Dec. 24, 2026" in sent(person, "account_closed")[0].body
    assert "7 days" in sent(person, "data_export_ready")[0].body
