"""Mails of ours that no library sends, written where there may be no request: by the worker, or by a service.

They go in the person's own language if it is known, and their links lead to ISSUER.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import User


def send(*, user: User, template: str, path: str, **context: Any) -> None:
    """Write a mail to a person, with one link; it goes with the transaction (trust/mail/backend.py).

    `template` is a name under templates/account/email, `path` is where the link leads to on this site.
    """
    with translation.override(language_of(user)):
        write(
            template=f"account/email/{template}", to=user.email, context=context | {"url": f"{settings.ISSUER}{path}"}
        )


def write(*, template: str, to: str, context: Mapping[str, Any]) -> None:
    """Write a mail in the language that is active: a subject, and the same words as text and as HTML."""
    said = {**context, "brand_name": settings.BRAND_NAME, "site_url": settings.ISSUER}
    parts = ("subject.txt", "message.txt", "message.html")
    subject, text, page = (render_to_string(f"{template}_{part}", said).strip() for part in parts)
    one_line = " ".join(subject.split())
    message = EmailMultiAlternatives(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{one_line}", text, to=[to])
    message.attach_alternative(page, "text/html")
    message.send()


def language_of(user: User | None) -> str:
    """Return the language to write to a person in: theirs, else that of the request."""
    return (user.language if user else "") or translation.get_language() or settings.LANGUAGE_CODE
