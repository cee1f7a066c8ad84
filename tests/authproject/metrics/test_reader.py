"""What a host's processes counted comes into the database, once, by one of them, whatever is killed meanwhile."""

import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from authproject.metrics import count_person, count_sign_in, count_token, observe
from authproject.metrics.conf import MOST_CLIENTS
from authproject.metrics.reader import Reader
from authproject.metrics.recorder import recorder
from authproject.metrics.totals import totals_of
from tests.authproject.metrics.scraped import process
from tests.live_site import live_site
from tests.served import until
from trust.lib import clock
from trust.statistics.models import Count, Key, Meter, Resolution

pytestmark = pytest.mark.django_db
SIGN_IN = "from authproject.metrics import count_sign_in; count_sign_in('password', 'success'); "


@pytest.fixture
def reader() -> Iterator[Reader]:
    reader = Reader()
    yield reader
    reader.let_go()


def _counted(name: str = "sign_ins") -> dict[str, int]:
    rows = Count.objects.since(Resolution.DAY, clock.now() - timedelta(days=2))
    found: Counter[str] = Counter()
    for row in rows:
        found.update({row.label: row.value} if row.name == name else {})
    return dict(found)


def test_brings_what_was_counted_since_the_last_reading(reader: Reader) -> None:
    count_sign_in("password", "success")
    assert reader.read()
    assert _counted() == {"password.success": 1}
    count_sign_in("password", "success")
    count_sign_in("passkey", "failure")
    reader.read()
    reader.read()
    assert _counted() == {"password.success": 2, "passkey.failure": 1}


def test_one_process_of_a_host_reads_and_another_goes_on_where_it_ended(reader: Reader) -> None:
    count_sign_in("password", "success")
    reader.read()
    other = Reader()
    assert not other.read()
    reader.let_go()
    count_sign_in("password", "success")
    assert other.read()
    other.let_go()
    assert _counted() == {"password.success": 2}
    assert Meter.objects.count() == 1


def test_what_a_killed_process_counted_is_neither_lost_nor_counted_twice(reader: Reader, metrics_dir: Path) -> None:
    process(SIGN_IN + "os.kill(os.getpid(), signal.SIGKILL)", metrics_dir).communicate(timeout=30)
    reader.read()
    process(SIGN_IN, metrics_dir).communicate(timeout=30)  # it takes the dead one's file
    reader.read()
    assert _counted() == {"password.success": 2}


def test_a_reader_that_is_killed_lets_the_next_one_read(reader: Reader, metrics_dir: Path) -> None:
    wait = "from authproject.metrics import meter; held = meter.held(); print('held', flush=True); input()"
    holder = process(wait, metrics_dir)
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    assert not reader.read()
    holder.send_signal(signal.SIGKILL)
    holder.communicate(timeout=30)
    assert reader.read()


def test_a_child_of_fork_does_not_hold_what_its_parent_reads(reader: Reader) -> None:
    import authproject.metrics.reader as module

    count_sign_in("password", "success")
    assert module.reader.read()
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(tell, b".")
        signal.pause()
    try:
        assert os.read(told, 1) == b"."
        module.reader.let_go()
        assert reader.read()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert _counted() == {"password.success": 1}


def test_a_host_that_restarted_begins_at_zero_with_another_meter(reader: Reader, metrics_dir: Path) -> None:
    count_sign_in("password", "success")
    reader.read()
    recorder.forget()
    shutil.rmtree(metrics_dir)
    count_sign_in("password", "success")
    reader.read()
    assert _counted() == {"password.success": 2}
    assert Meter.objects.count() == 2


def test_a_database_that_forgot_the_meter_gets_nothing_again(reader: Reader) -> None:
    count_sign_in("password", "success")
    reader.read()
    Meter.objects.all().delete()
    Count.objects.all().delete()
    reader.read()
    count_sign_in("passkey", "success")
    reader.read()
    assert _counted() == {"passkey.success": 1}


def test_a_file_that_is_no_meter_is_written_anew(reader: Reader, metrics_dir: Path) -> None:
    count_sign_in("password", "success")
    reader.read()
    reader.let_go()
    (path,) = metrics_dir.glob("meter-*")
    path.write_text("half")
    assert reader.read()
    assert len(path.read_text()) == len("5f0c4f1e-6a51-4c8e-9d6e-0a0e5a4f7b10known")


def test_without_a_folder_each_process_reads_for_itself(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.METRICS_DIR = str(tmp_path / "file" / "nowhere")
    recorder.forget()
    count_sign_in("password", "success")
    one = Reader()
    one.read()
    one.read()
    assert _counted() == {"password.success": 1}


def test_of_the_answers_refusals_and_failures_are_kept_and_nothing_else() -> None:
    for status in (200, 302, 400, 401, 403, 404, 429, 500, 503):
        observe("token", "POST", status, 0.001)
    observe("token", "GET", 400, 0.001)
    assert totals_of(recorder.places()) == {Key("refused", "token"): 4, Key("failed", "token"): 2}


def test_tokens_are_counted_by_client_as_far_as_there_is_room() -> None:
    for number in range(MOST_CLIENTS + 5):
        count_token("client_credentials", f"client-{number}")
    count_token("refresh_token", "client-0")
    count_token("refresh_token", "tab\tbed")
    totals = totals_of(recorder.places())
    assert totals["clients", "client-0"] == 2
    assert totals["clients", "other"] == 6
    assert len([key for key in totals if key.name == "clients"]) == MOST_CLIENTS + 1
    assert totals["tokens", "client_credentials"] == MOST_CLIENTS + 5


def test_the_next_process_with_the_same_file_knows_its_clients() -> None:
    for number in range(MOST_CLIENTS):
        count_token("client_credentials", f"client-{number}")
    recorder.forget()
    count_token("client_credentials", "client-7")
    count_token("client_credentials", "one-more")
    totals = totals_of(recorder.places())
    assert (totals["clients", "client-7"], totals["clients", "other"]) == (2, 1)


def test_people_are_counted_by_how_they_came() -> None:
    for how in ("signed_up", "created", "created", "made up"):
        count_person(how)
    totals = totals_of(recorder.places())
    assert totals == {Key("people", "signed_up"): 1, Key("people", "created"): 2, Key("people", "other"): 1}


@pytest.mark.django_db(transaction=True)
def test_a_server_reads_by_itself(metrics_dir: Path) -> None:
    with live_site(METRICS_DIR=str(metrics_dir), STATISTICS_SECONDS="1") as site:
        assert site.call("GET", "/api/me/").status == 401
        until(lambda: "api_me" in _counted("refused"), within=20)
        until(lambda: _counted("sessions") == {"": 0}, within=5)
