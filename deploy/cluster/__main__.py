"""`make two-nodes`: starts the cluster, says where it is, and breaks what one asks it to break, until Ctrl-C."""

import contextlib
import shlex
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from deploy.cluster.cluster import Cluster
from deploy.cluster.machine import Failed

_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_ABOUT: Final = """
Open    {url}/   (the certificate is this cluster's own: the browser will ask)
{prepared}
Mail    lands in {folder}/mail, logs in {folder}
Shell   . {folder}/environment && {python} manage.py ...   as a node would
"""
_HELP: Final = """
  kill 1, kill 2    kill a node at once, with all its processes
  stop 1, stop 2    stop a node as an upgrade does
  start 1, start 2  start it again
  redis stop        take Redis away
  redis start       let it come back
  failover          kill the primary at once, promote the standby
  follow            let the dead one follow as the standby, from a fresh copy
  status            what runs
  Ctrl-C            stop everything
"""


class Shell:
    """What one may ask of a running cluster, by a line each."""

    def __init__(self, cluster: Cluster) -> None:
        """Take the words in."""
        nodes = {str(number): node for number, node in enumerate(cluster.nodes, 1)}
        self._cluster = cluster
        self._words: dict[str, Callable[[], None]] = {
            **{f"kill {number}": node.kill for number, node in nodes.items()},
            **{f"stop {number}": node.stop for number, node in nodes.items()},
            **{f"start {number}": node.start for number, node in nodes.items()},
            "redis stop": cluster.redis.stop,
            "redis start": cluster.redis.start,
            "failover": cluster.fail_over,
            "follow": cluster.follow_again,
            "status": self._tell,
        }

    def listen(self) -> None:
        """Do what each line asks for, until Ctrl-C or another signal that ends it."""
        self._tell()
        print(_HELP)
        for line in sys.stdin:
            words = " ".join(line.split())
            act = self._words.get(words)
            if words and act is None:
                print(f"“{words}” is none of these:\n{_HELP}")
            if act is None:
                continue
            self._do(words, act)
        signal.pause()  # whoever started this without a terminal ends it by a signal

    def _do(self, words: str, act: Callable[[], None]) -> None:
        begun = time.monotonic()
        try:
            act()
        except Failed as failed:
            print(failed)
        else:
            print(f"{words}: {time.monotonic() - begun:.1f} s")

    def _tell(self) -> None:
        cluster = self._cluster
        parts = {
            **{f"{node.name}, {node.url}": node.pid for node in cluster.nodes},
            f"PostgreSQL primary, port {cluster.primary.port}": cluster.primary.pid,
            f"PostgreSQL standby, port {cluster.standby.port}": cluster.standby.pid,
            f"Redis, port {cluster.redis.port}": cluster.redis.pid,
        }
        for part, pid in parts.items():
            print(f"  {part:40} {f'process {pid}' if pid else 'down'}")


def main() -> int:
    """Run until Ctrl-C; nothing is left then."""
    for number in _ENDING:
        signal.signal(number, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="authproject-two-nodes-", dir="/var/tmp"))
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    print("Starting PostgreSQL, its standby, Redis, two nodes and nginx ...")
    try:
        with Cluster(folder) as cluster:
            _write_environment(cluster)
            about = {
                "url": cluster.url,
                "folder": folder,
                "prepared": cluster.prepared.strip(),
                "python": sys.executable,
            }
            print(_ABOUT.format(**about))
            with contextlib.suppress(KeyboardInterrupt):
                Shell(cluster).listen()
            print("\nStopping ...")
            for number in _ENDING:  # nothing is left running by who is impatient
                signal.signal(number, signal.SIG_IGN)
    except Failed as failed:
        print(failed, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _write_environment(cluster: Cluster) -> None:
    """Write what a shell reads to be a node, for nobody else's eyes."""
    file = cluster.folder / "environment"
    file.touch(mode=0o600)
    file.write_text("".join(f"export {name}={shlex.quote(value)}\n" for name, value in cluster.environment.items()))


if __name__ == "__main__":
    sys.exit(main())
