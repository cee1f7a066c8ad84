"""Every mail is Korean from its subject to its last line where the person reads Korean."""

from pathlib import Path

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
CONTEXT = {**dict.fromkeys(WITH_LINK.values(), LINK), "provider": "구글"}


def test_all_of_them_are_looked_at() -> None:
    assert {*WITH_LINK, *NOTICES} <= set(MAILS)


@pytest.mark.parametrize("prefix", MAILS)
def test_no_english_is_left_in(prefix: str) -> None:
    message, page = render(prefix, "ko", **CONTEXT)
    for part in (message.subject, message.body, strip_tags(page)):
        assert english_in(part, names=NAMES) == []


@pytest.mark.parametrize("prefix", NOTICES)
def test_dates_are_written_as_in_korea(prefix: str) -> None:
    message, page = render(prefix, "ko")
    for form in (message.body, page):
        assert "2026년 1월 2일 오전 3:04 UTC" in form
