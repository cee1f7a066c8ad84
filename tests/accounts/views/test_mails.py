"""Each mail of the account pages says the same as text and as HTML."""

import re
from datetime import UTC, datetime

import pytest
from allauth.account.adapter import get_adapter
from django.core.mail import EmailMultiAlternatives
from django.template.loader import get_template
from django.utils import translation

LINK = "https://id.example.com/accounts/x/?a=1&b=2"
WITH_LINK = {
    "account/email/email_confirmation": "activate_url",
    "account/email/email_confirmation_signup": "activate_url",
    "account/email/password_reset_key": "password_reset_url",
    "account/email/unknown_account": "signup_url",
    "account/email/account_already_exists": "password_reset_url",
    "account/email/invitation": "invitation_url",
}
NOTICES = [
    *(f"account/email/password_{what}" for what in ("changed", "reset", "set")),
    *(f"account/email/{what}" for what in ("new_device", "recovery_code_used", "refresh_token_stolen")),
    *(f"account/email/email_{what}" for what in ("changed", "confirm", "deleted")),
    *(f"mfa/email/{what}" for what in ("totp_activated", "totp_deactivated", "recovery_codes_generated")),
    *(f"mfa/email/webauthn_{what}" for what in ("added", "removed")),
]
CONTEXT = {
    "not_me_url": "https://id.example.com/accounts/not-me/a:b:c/",
    "brand_name": "R&D",
    "site_url": "https://id.example.com",
    "email": "a&b@example.com",
    "from_email": "a&b@example.com",
    "to_email": "new@example.com",
    "deleted_email": "a&b@example.com",
    "ip": "203.0.113.7",
    "user_agent": "<b>curl</b>",
    "left": 9,
    "timestamp": datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
}


def render(prefix: str, language: str, **context: str) -> tuple[EmailMultiAlternatives, str]:
    with translation.override(language):
        message = get_adapter().render_mail(prefix, "a&b@example.com", CONTEXT | context)
    assert isinstance(message, EmailMultiAlternatives)
    return message, str(message.alternatives[0][0])


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(("prefix", "variable"), WITH_LINK.items())
def test_a_mail_with_a_link_has_it_in_both_forms(prefix: str, variable: str, language: str) -> None:
    message, page = render(prefix, language, **{variable: LINK})
    assert message.body.count(LINK) == 1
    assert f'href="{LINK.replace("&", "&amp;")}"' in page
    assert f'<html lang="{language}">' in page


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("prefix", NOTICES)
def test_a_notice_says_from_where_and_leads_to_the_devices(prefix: str, language: str) -> None:
    message, page = render(prefix, language)
    for form in (message.body, page):
        assert "203.0.113.7" in form
        assert "https://id.example.com/accounts/sessions/" in form
        assert form.count("https://id.example.com/accounts/not-me/a:b:c/") == (1 if form is message.body else 2)
    assert "<b>curl</b>" in message.body
    assert "<b>curl</b>" not in page


@pytest.mark.parametrize("prefix", [*WITH_LINK, *NOTICES])
def test_a_mail_fetches_nothing_and_is_as_dark_as_its_reader(prefix: str) -> None:
    _message, page = render(prefix, "en", **dict.fromkeys(WITH_LINK.values(), LINK))
    assert not re.search(r"<(?:img|link|script|iframe)\b|\b(?:src|background)=|url\(|@import", page)
    assert '<meta name="color-scheme" content="light dark">' in page
    assert re.findall(r"(?<!-)\bcolor: (?!inherit)[^;\"]+", page) in (
        [],
        ["color: #ffffff"],
    )  # the button's, on its own


@pytest.mark.parametrize("prefix", [*WITH_LINK, *NOTICES])
def test_text_is_not_escaped_and_subjects_are_one_line(prefix: str) -> None:
    message, page = render(prefix, "en", **dict.fromkeys(WITH_LINK.values(), LINK))
    assert "&amp;" not in message.body + message.subject
    assert "R&amp;D" in page
    assert message.subject.startswith("[authproject] ")
    assert "\n" not in message.subject


@pytest.mark.parametrize("prefix", [*WITH_LINK, *NOTICES])
def test_the_words_are_ours(prefix: str) -> None:
    for part in ("subject.txt", "message.txt", "message.html"):
        assert "site-packages" not in get_template(f"{prefix}_{part}").origin.name
