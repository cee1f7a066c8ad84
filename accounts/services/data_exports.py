"""Exports of a person's data: asked for by them, prepared by the worker, sealed, kept for a week.

The job of the next attempt is written before this one begins, so a worker that dies on the way loses nothing. Jobs
hold the export's id and a language alone, and nothing that is logged of a failure says anything of the person.
"""

import json
import logging
import uuid
import zlib
from datetime import datetime
from typing import Final

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django_tasks import task

from accounts.conf import EXPORT_ATTEMPTS, EXPORT_KEPT, EXPORT_PATIENCE, EXPORT_WAIT, MOST_EXPORTS
from accounts.errors import ExportRefused
from accounts.models import DataExport, User
from accounts.services import letters
from accounts.services.person_export import export
from trust.audit.record import record
from trust.lib import clock
from trust.lib.origin import Origin
from trust.lib.sealing import SealBroken, seal, unseal

log = logging.getLogger(__name__)
_PURPOSE: Final = "data-export"


@transaction.atomic
def ask(*, user: User, now: datetime, origin: Origin) -> None:
    """Let an export be prepared. Raises ExportRefused while another is being, and after MOST_EXPORTS in EXPORT_KEPT."""
    User.objects.by_id(user.pk).hold()  # of two at once, the second sees the first
    theirs = DataExport.objects.of_user(user.pk)
    if theirs.waiting().asked_since(now - EXPORT_PATIENCE).exists():
        raise ExportRefused
    if theirs.asked_since(now - EXPORT_KEPT).count() >= MOST_EXPORTS:
        raise ExportRefused
    asked = DataExport.objects.create(user=user)
    record("data_export.asked", subject=user.pk, origin=origin, details={"export": str(asked.pk)})
    prepare.enqueue(str(asked.pk), 1, letters.language_of(user))


@task()
def prepare(export_id: str, attempt: int, language: str) -> None:
    """Make one attempt at preparing one export; nothing happens if it is ready, or gone.

    `language` is that in which it was asked for: the mail goes in it if the person has told none of their own.
    """
    waiting = DataExport.objects.by_id(uuid.UUID(export_id)).waiting().select_related("user").first()
    if waiting is None or not waiting.user.is_active:
        return
    if attempt < EXPORT_ATTEMPTS:
        prepare.using(run_after=clock.now() + EXPORT_WAIT).enqueue(export_id, attempt + 1, language)
    try:
        with translation.override(language):
            _fill(waiting, now=clock.now())
    except Exception as failure:  # noqa: BLE001 - whatever it is, it is tried again, and its text may name the person
        log.error("export %s: attempt %d failed: %s", export_id, attempt, type(failure).__name__)


def downloadable(*, user: User, now: datetime) -> list[DataExport]:
    """Return the exports of a person that are ready and not too old, the newest first."""
    return list(DataExport.objects.of_user(user.pk).ready_since(now - EXPORT_KEPT).defer("sealed"))


def is_waiting(*, user: User, now: datetime) -> bool:
    """Tell whether an export of a person is being prepared."""
    return DataExport.objects.of_user(user.pk).waiting().asked_since(now - EXPORT_PATIENCE).exists()


@transaction.atomic
def take(*, user: User, export_id: uuid.UUID, now: datetime, origin: Origin) -> bytes | None:
    """Return the JSON of a person's export; None if it is not theirs, not ready or too old."""
    row = DataExport.objects.of_user(user.pk).by_id(export_id).ready_since(now - EXPORT_KEPT).first()
    if row is None:
        return None
    try:
        contents = _opened(row)
    except SealBroken:
        log.error("export %s cannot be opened", export_id)
        return None
    record("data_export.taken", subject=user.pk, origin=origin, details={"export": str(export_id)})
    return contents


@transaction.atomic
def _fill(waiting: DataExport, *, now: datetime) -> None:
    contents = json.dumps(export(waiting.user, now=now), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    sealed = seal(waiting.pk.bytes + zlib.compress(contents.encode()), purpose=_PURPOSE)
    if DataExport.objects.by_id(waiting.pk).fill(sealed):
        letters.send(
            user=waiting.user, template="data_export_ready", path=reverse("account_data"), days=EXPORT_KEPT.days
        )


def _opened(row: DataExport) -> bytes:
    """Open an export, which names its row: what was sealed for another is not opened. Raises SealBroken."""
    plain = unseal(row.sealed, purpose=_PURPOSE)
    if plain[:16] != row.pk.bytes:
        raise SealBroken(_PURPOSE)
    return zlib.decompress(plain[16:])
