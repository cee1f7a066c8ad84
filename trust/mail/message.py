"""A mail at rest: its fields as sealed JSON, brought back as the message that Django's backends send."""

import json
import uuid
from email.utils import formatdate
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives

from trust.lib.sealing import seal, unseal

_PURPOSE: Final = "mail"


def seal_message(message: EmailMessage, *, mail_id: uuid.UUID) -> str:
    """Return `message` sealed. Raises BadHeaderError where a header holds a line break, ValueError for attachments."""
    if message.attachments:
        raise ValueError("mail with attachments is not supported")
    fields = {
        "subject": str(message.subject),
        "body": str(message.body),
        "subtype": message.content_subtype,
        "from_email": str(message.from_email),
        "to": _texts(message.to),
        "cc": _texts(message.cc),
        "bcc": _texts(message.bcc),
        "reply_to": _texts(message.reply_to),
        "headers": _headers(message, mail_id),
        "alternatives": [_texts(alternative) for alternative in getattr(message, "alternatives", ())],
    }
    sealed = json.dumps(fields)
    _from_fields(json.loads(sealed)).message()  # renders the headers, which refuses those that could carry another
    return seal(sealed.encode(), purpose=_PURPOSE)


def unseal_message(sealed: str) -> EmailMultiAlternatives:
    """Bring a message back. Raises SealBroken."""
    return _from_fields(json.loads(unseal(sealed, purpose=_PURPOSE)))


def _headers(message: EmailMessage, mail_id: uuid.UUID) -> dict[str, str]:
    """Give the mail one identity and date however often it is tried; no automatic answers (RFC 3834 section 5)."""
    given = {name: str(value) for name, value in message.extra_headers.items()}
    ours = {
        "Message-ID": f"<{mail_id}@{urlsplit(settings.ISSUER).hostname}>",
        "Date": formatdate(),
        "Auto-Submitted": "auto-generated",
    }
    names = {name.lower() for name in given}
    return given | {name: value for name, value in ours.items() if name.lower() not in names}


def _from_fields(fields: dict[str, Any]) -> EmailMultiAlternatives:
    subtype = fields.pop("subtype")
    alternatives = [(content, mimetype) for content, mimetype in fields.pop("alternatives")]
    message = EmailMultiAlternatives(**fields, alternatives=alternatives)
    message.content_subtype = subtype
    return message


def _texts(values: Any) -> list[str]:
    return [str(value) for value in values]
