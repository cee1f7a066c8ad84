"""Delivery: tried again with growing waits, never lost by a dying worker, given up after about a day."""

import logging
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import send_mail
from django_tasks_db.models import DBTaskResult

from trust.audit.models import AuditEvent
from trust.lib import clock
from trust.mail.conf import ATTEMPTS, wait_after
from trust.mail.models import OutgoingMail
from trust.mail.tasks import deliver

pytestmark = pytest.mark.django_db

BROKEN = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": 9}


def send():
    send_mail("Reset", "https://id.example.com/reset/secret/", None, ["alice@x.org"])


def test_waits_double_from_a_minute_to_an_hour_and_last_about_a_day():
    minutes = [wait_after(attempt).total_seconds() / 60 for attempt in range(1, ATTEMPTS + 1)]
    assert minutes[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert 23 * 60 < sum(minutes) < 26 * 60


def test_a_failed_attempt_is_followed_by_one_a_minute_later(settings, deliver_mail):
    working, settings.MAIL_TRANSPORT = settings.MAIL_TRANSPORT, BROKEN
    send()
    before = clock.now()
    deliver_mail()
    [waiting] = DBTaskResult.objects.filter(status="READY")
    assert timedelta(seconds=59) < waiting.run_after - before < timedelta(seconds=70)
    settings.MAIL_TRANSPORT = working
    assert deliver_mail() == []
    assert len(deliver_mail(later=timedelta(minutes=1))) == 1
    assert not OutgoingMail.objects.exists()


def test_a_failure_is_logged_without_address_or_text(settings, deliver_mail, caplog):
    settings.MAIL_TRANSPORT = BROKEN
    send()
    with caplog.at_level(logging.DEBUG):
        deliver_mail()
    assert "ConnectionRefusedError" in caplog.text
    assert "alice" not in caplog.text
    assert "secret" not in caplog.text


def test_a_mail_that_never_goes_is_given_up_and_audited(settings, deliver_mail, caplog):
    settings.MAIL_TRANSPORT = BROKEN
    send()
    for _ in range(ATTEMPTS):
        deliver_mail(later=timedelta(hours=1))
    assert OutgoingMail.objects.get().attempts == ATTEMPTS
    deliver_mail(later=timedelta(hours=1))
    assert not OutgoingMail.objects.exists()
    assert not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists()
    event = AuditEvent.objects.of_action("mail.given_up").get()
    assert event.details["attempts"] == ATTEMPTS
    assert [entry.levelname for entry in caplog.records if "given up" in entry.message] == ["ERROR"]
    assert "alice" not in caplog.text


def test_a_worker_that_dies_while_sending_loses_nothing(monkeypatch, deliver_mail):
    class Killed(BaseException):
        pass

    def die(*args):
        raise Killed

    send()
    job = DBTaskResult.objects.get()
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", die)
        with pytest.raises(Killed):
            deliver.call(*job.args_kwargs["args"])
    DBTaskResult.objects.filter(pk=job.pk).update(status="RUNNING")  # as a killed worker leaves it
    assert len(deliver_mail(later=timedelta(minutes=1))) == 1


def test_an_attempt_is_made_once_however_often_its_job_runs(deliver_mail):
    send()
    arguments = DBTaskResult.objects.get().args_kwargs["args"]
    deliver_mail()
    deliver.call(*arguments)
    assert len(mail.outbox) == 1


def test_a_second_worker_leaves_an_attempt_alone_that_the_first_has_begun():
    send()
    [mail_id, attempt] = DBTaskResult.objects.get().args_kwargs["args"]
    assert OutgoingMail.objects.claim(mail_id, attempt=attempt)
    deliver.call(mail_id, attempt)
    assert mail.outbox == []


def test_mail_whose_seal_cannot_be_opened_waits_for_its_key(settings, deliver_mail):
    send()
    keys = settings.SEALING_KEYS
    settings.SEALING_KEYS = ["quite another sealing key, also long enough"]
    assert deliver_mail() == []
    settings.SEALING_KEYS = keys
    assert len(deliver_mail(later=timedelta(minutes=1))) == 1
