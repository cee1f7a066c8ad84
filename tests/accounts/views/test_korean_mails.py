"""Every mail is Korean from its subject to its last line where the person reads Korean."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils.html import strip_tags

from tests.accounts.views.test_mails import LINK, NOTICES, WITH_LINK, render
from tests.korean import english_in

TEMPLATES = Path(settings.BASE_DIR) / "templates"
SUBJECTS = [path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.glob("*/email/*_subject.txt")]
MAILS = sorted(subject.removesuffix("_subject.txt") for subject in SUBJECTS)
# The site, the person's browser, and an external provider.
NAMES = ("R&D", "curl", "amp", "lt", "gt")
CODE = "BCDF-GHJK"
CONTEXT = {
    **dict.fromkeys([*WITH_LINK.values(), "url"], LINK),
    "provider": "구글",
    "days": 7,
    "code": CODE,
    "erase_at": datetime(2026, 1, 9, tzinfo=UTC),
}
# Mails that say something else where they know more.
VARIANTS = [
    ("account/email/refresh_token_stolen", {"client_name": "포토 앨범"}, "포토 앨범 앱이"),
    ("account/email/unknown_account", {"signup": "open"}, "새 계정을"),
    ("account/email/account_closed", {}, "2026년 1월 9일에 삭제됩니다"),
    ("account/email/data_export_ready", {"days": 1}, "1일 동안"),
    ("account/email/login_code", {}, CODE),
    ("account/email/recovery_code_used", {"left": 0}, "0개"),
]


def test_all_of_them_are_looked_at() -> None:
    assert {*WITH_LINK, *NOTICES} <= set(MAILS)


@pytest.mark.parametrize("prefix", MAILS)
def test_no_english_is_left_in(prefix: str) -> None:
    message, page = render(prefix, "ko", **CONTEXT)
    for part in (message.subject, message.body, strip_tags(page)):
        assert english_in(part, names=[*NAMES, CODE]) == []


@pytest.mark.parametrize(("prefix", "known", "said"), VARIANTS)
def test_what_a_mail_knows_is_said_in_korean_too(prefix: str, known: dict[str, Any], said: str) -> None:
    message, page = render(prefix, "ko", **CONTEXT | known)
    for form in (message.body, strip_tags(page)):
        assert said in form
        assert english_in(form, names=[*NAMES, CODE]) == []


@pytest.mark.parametrize("prefix", NOTICES)
def test_dates_are_written_as_in_korea(prefix: str) -> None:
    message, page = render(prefix, "ko")
    for form in (message.body, page):
        assert "2026년 1월 2일 오전 3:04 UTC" in form
