import os
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from accounts import hashing_pool
from accounts.hashing_pool import LOWER_PRIORITY, HashingBusy, HashingPool
from trust.lib import turns


class Gauge:
    """Counts how many run at once."""

    def __init__(self):
        self.lock = threading.Lock()
        self.running = self.most = 0

    def work(self, seconds):
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
        time.sleep(seconds)
        with self.lock:
            self.running -= 1
        return "hashed"


def run_at_once(count, call):
    results = []

    def collect():
        try:
            results.append(call())
        except HashingBusy as busy:
            results.append(busy)

    threads = [threading.Thread(target=collect) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture(autouse=True)
def _own_places(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def test_runs_no_more_at_once_than_there_are_places():
    gauge, pool = Gauge(), HashingPool(places=2, queue=20, wait=5)
    assert run_at_once(10, lambda: pool.run(gauge.work, 0.02)) == ["hashed"] * 10
    assert gauge.most == 2


def test_hashes_no_more_at_once_than_it_has_threads():
    gauge, pool = Gauge(), HashingPool(places=4, threads=1, queue=20, wait=5)
    assert run_at_once(6, lambda: pool.run(gauge.work, 0.02)) == ["hashed"] * 6
    assert gauge.most == 1


@pytest.mark.parametrize(
    ("places", "workers", "threads"), [(2, 2, 1), (8, 8, 1), (8, 3, 3), (8, 1, 8), (1, 4, 1), (4, 0, 4)]
)
def test_all_workers_together_have_a_thread_for_each_place(places, workers, threads, settings):
    settings.WORKERS = workers
    assert hashing_pool.share(places) == threads


def test_who_waits_for_a_hash_lets_another_thread_compute():
    given_away, taken_back, pool = threading.Event(), threading.Event(), HashingPool(places=1, wait=5)

    class Kept:
        give_away, take_back = given_away.set, taken_back.set

    def work():
        turns.hold(Kept())
        assert pool.run(given_away.wait, 5)
        assert taken_back.is_set()

    with ThreadPoolExecutor(1) as threads:
        threads.submit(work).result()


def test_shares_its_places_with_other_pools_of_the_host():
    gauge, pools = Gauge(), [HashingPool(places=1, wait=5), HashingPool(places=1, wait=5)]
    turn = iter(pools * 3)
    run_at_once(6, lambda: next(turn).run(gauge.work, 0.02))
    assert gauge.most == 1


def test_a_worker_that_never_stops_hashing_leaves_the_next_place_to_another():
    flooding, other = HashingPool(places=1, queue=30, wait=20), HashingPool(places=1, wait=20)
    flooded = []
    flood = threading.Thread(
        target=run_at_once, args=(30, lambda: flooding.run(lambda: flooded.append(time.sleep(0.02))))
    )
    flood.start()
    while not flooded:
        time.sleep(0.001)
    before = len(flooded)
    overtaken = other.run(lambda: len(flooded)) - before
    flood.join()
    assert overtaken <= 3
    assert len(flooded) == 30


def test_refuses_at_once_when_the_queue_is_full():
    pool = HashingPool(places=1, queue=1, wait=5)
    results = run_at_once(6, lambda: pool.run(Gauge().work, 0.2))
    refused = [result for result in results if isinstance(result, HashingBusy)]
    assert len(refused) == 4
    assert all(busy.retry_after >= 1 for busy in refused)


def test_gives_up_on_a_wait_that_is_too_long():
    pool = HashingPool(places=1, queue=5, wait=0.1)
    results = run_at_once(2, lambda: pool.run(Gauge().work, 0.3))
    assert any(isinstance(result, HashingBusy) for result in results)


def test_frees_its_place_after_an_error():
    pool = HashingPool(places=1, wait=1)
    with pytest.raises(ZeroDivisionError):
        pool.run(lambda: 1 / 0)
    assert pool.run(lambda: "again") == "again"


def test_files_that_were_tidied_away_are_made_anew_so_that_all_lock_the_same(tmp_path):
    tidied, other = HashingPool(places=1, wait=5), HashingPool(places=1, wait=0.05)
    tidied.run(lambda: None)
    shutil.rmtree(next(tmp_path.glob("authproject-hashing-*")))
    with pytest.raises(HashingBusy):
        tidied.run(lambda: other.run(lambda: "both at once"))


@pytest.mark.skipif(sys.platform != "linux", reason="priorities of single threads are Linux's")
def test_hashes_at_lower_priority_than_the_rest():
    pool = HashingPool(places=1, wait=1)
    niceness = pool.run(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
    assert niceness == os.getpriority(os.PRIO_PROCESS, 0) + LOWER_PRIORITY


def test_a_killed_process_leaves_no_place_taken(tmp_path):
    holder = (
        "import fcntl,time,pathlib,os\n"
        f"folder=pathlib.Path({str(tmp_path)!r})/f'authproject-hashing-{{os.getuid()}}'\n"
        "folder.mkdir(mode=0o700, exist_ok=True)\n"
        "f=(folder/'0').open('ab'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", holder], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline().strip() == "held"
        with pytest.raises(HashingBusy):
            HashingPool(places=1, wait=0.1).run(lambda: None)
        process.kill()
        process.wait()
    assert HashingPool(places=1, wait=2).run(lambda: "free") == "free"
