"""A scrape tells of all processes of the host, whichever it reaches; what a process counted outlives it."""

import os
from pathlib import Path
from typing import Any

import pytest

from authproject.metrics import observe, places
from authproject.metrics.cells import Cells, numbers_of, process_of
from authproject.metrics.recorder import recorder
from tests.authproject.metrics.scraped import process, read, scrape
from tests.live_site import live_site

COUNT = "observe('token', 'POST', 200, 0.001); "
WAIT = "print('counted', flush=True); input()"


def _answers() -> float:
    totals = [place.numbers.get(("requests", "token", "POST", "200"), (0.0,))[0] for place in recorder.places()]
    return sum(totals)


def test_what_processes_count_at_the_same_time_sums_up(metrics_dir: Path) -> None:
    observe("token", "POST", 200, 0.001)
    running = [process(COUNT * count + WAIT, metrics_dir) for count in (2, 3)]
    try:
        for each in running:
            assert each.stdout
            assert each.stdout.readline() == "counted\n"
        assert _answers() == 6
        living = {place.process for place in recorder.places()}
        assert living == {os.getpid(), *(each.pid for each in running)}
    finally:
        for each in running:
            each.communicate("\n", timeout=30)
    assert _answers() == 6
    assert [place.process for place in recorder.places()] == [os.getpid(), None, None]


def test_a_killed_processs_counts_stay_and_the_next_process_goes_on_with_them(metrics_dir: Path) -> None:
    observe("token", "POST", 200, 0.001)
    process(COUNT + "os.kill(os.getpid(), signal.SIGKILL)", metrics_dir).communicate(timeout=30)
    assert _answers() == 2
    process(COUNT, metrics_dir).communicate(timeout=30)
    assert _answers() == 3
    assert [path.name for path in sorted(metrics_dir.iterdir())] == ["0", "1"]


def test_a_child_of_fork_counts_for_itself_and_nothing_is_lost(metrics_dir: Path) -> None:
    script = (
        f"{COUNT}child = os.fork(); [observe('token', 'POST', 200, 0.001) for _ in range(1000)]; child and os.wait()"
    )
    process(script, metrics_dir).communicate(timeout=30)
    assert _answers() == 2001
    assert len([place for place in recorder.places() if place.numbers]) == 2


@pytest.mark.django_db
def test_what_a_killed_process_had_in_progress_is_over(metrics_dir: Path) -> None:
    begin = "from authproject.metrics.recorder import recorder; recorder.add(('in_progress',)); "
    process(begin + "os.kill(os.getpid(), signal.SIGKILL)", metrics_dir).communicate(timeout=30)
    recorder.forget()  # this process takes the dead one's file
    assert scrape().value("authproject_requests_in_progress") == 1


@pytest.mark.django_db(transaction=True)
def test_a_server_tells_what_another_process_counted_too(metrics_dir: Path) -> None:
    with live_site(METRICS_DIR=str(metrics_dir)) as site:
        observe("token", "POST", 200, 0.001)
        assert site.call("GET", "/api/me/").status == 401
        answer = site.call("GET", "/metrics")
        assert answer.status == 200
        found = read(answer.body)
        assert (found.answers("token", "POST"), found.answers("api_me", status="401")) == (1, 1)
        assert len(found.series("process_resident_memory_bytes")) == 2
        assert found.value("process_resident_memory_bytes", worker="0") > 10_000_000
        assert site.call("GET", "/metrics", X_Forwarded_For="127.0.0.1").status == 403
        assert scrape().answers("api_me", status="401") == 1


def test_a_folder_that_cannot_be_is_counted_without(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.METRICS_DIR = str(tmp_path / "file" / "metrics")
    observe("token", "POST", 200, 0.001)
    assert _answers() == 1
    assert [place.process for place in recorder.places()] == [os.getpid()]


def test_a_folder_that_others_may_write_to_is_not_taken(settings: Any, tmp_path: Path, monkeypatch: Any) -> None:
    settings.METRICS_DIR = ""
    monkeypatch.setattr(places, "_SHARED_MEMORY", tmp_path)
    made = places.folder()
    assert made.parent == tmp_path
    assert made.stat().st_mode & 0o777 == 0o700
    made.chmod(0o777)
    with pytest.raises(places.NoPlace):
        places.folder()
    made.rename(tmp_path / "elsewhere")
    made.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(places.NoPlace):
        places.folder()


def test_another_deployment_has_another_folder(settings: Any, tmp_path: Path, monkeypatch: Any) -> None:
    settings.METRICS_DIR = ""
    monkeypatch.setattr(places, "_SHARED_MEMORY", tmp_path)
    first = places.folder()
    settings.ISSUER = "https://other.example.com"
    assert places.folder() != first


def test_a_file_that_was_deleted_is_made_anew(metrics_dir: Path) -> None:
    observe("token", "POST", 200, 0.001)
    (metrics_dir / "0").unlink()
    assert _answers() == 0
    observe("token", "POST", 200, 0.001)
    assert _answers() == 1


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\0" * 100, os.urandom(5000)])
def test_a_file_of_another_layout_says_nothing_and_is_taken_over(metrics_dir: Path, content: bytes) -> None:
    metrics_dir.mkdir()
    (metrics_dir / "0").write_bytes(content)
    assert (numbers_of(content), process_of(content)) == ({}, None)
    observe("token", "POST", 200, 0.001)
    assert _answers() == 1


def test_a_file_that_is_cut_off_says_what_is_left() -> None:
    cells = Cells()
    cells.numbers[cells.place(("a",)) or 0] = 1.0
    cells.numbers[cells.place(("b", "c"), 3) or 0] = 2.0
    whole = cells.content()
    assert numbers_of(whole) == {("a",): (1.0,), ("b", "c"): (2.0, 0.0, 0.0)}
    assert numbers_of(whole[:-1]) == {("a",): (1.0,)}
    cells.close()
