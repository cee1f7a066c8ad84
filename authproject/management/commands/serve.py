"""`manage.py serve`: the server and the job queue's worker, as many processes as the machine wants, until stopped."""

import json
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from authproject import server, supervisor

_HEALTHY_AFTER_SECONDS = 10.0  # a server that ended sooner could not start, and would not the next time


class Command(BaseCommand):
    """Serve, and run the worker of the job queue, until a signal comes."""

    help = "Serve on HOST:PORT and run the job queue's worker, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Each counts before the variable of its name."""
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--uds", metavar="PATH", help="A socket of the file system to listen on, and no port.")
        parser.add_argument("--workers", type=_positive, default=server.workers_here(), help="Processes.")
        parser.add_argument("--threads", type=_positive, default=settings.THREADS, help="Threads of each of them.")
        parser.add_argument("--no-jobs", action="store_true", help="Leave the jobs to a worker elsewhere.")

    def handle(self, *args: Any, host: str, port: int, uds: str | None, **options: Any) -> None:
        """Become the supervisor of both, which runs until a signal comes or the server cannot start."""
        workers, threads = options["workers"], options["threads"]
        os.environ |= {"HOST": host, "PORT": str(port), "WORKERS": str(workers), "THREADS": str(threads)}
        listening = server.listening_on_socket(uds) if uds else server.listening_on(host=host, port=port)
        self.stdout.write(f"Serving on {uds or f'http://{host}:{port}'} (Ctrl-C stops).")
        self.stdout.flush()
        commands = {
            "server": server.server_command(listening=listening, workers=workers, threads=threads),
        }
        if not options["no_jobs"]:
            commands["job worker"] = server.job_worker_command()
        restarted = {"server": _HEALTHY_AFTER_SECONDS, "job worker": 0.0}
        supervise = json.dumps({"commands": commands, "restarted": restarted})
        os.execv(sys.executable, [sys.executable, "-P", supervisor.__file__, supervise])  # noqa: S606


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ArgumentTypeError("must be at least 1")
    return number
