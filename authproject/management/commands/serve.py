"""`manage.py serve`: the server and the job queue's worker, on HOST and PORT, until Ctrl-C."""

import sys
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand

from authproject.supervisor import Supervisor

# Requests that may wait at once. More than may wait for the password hasher, so that a flood of sign-ins leaves the
# rest its threads: accounts/hashing_pool.py, docs/measurements.md.
_BLOCKING_THREADS: Final = 64
_JOB_INTERVAL_SECONDS: Final = 0.5  # how long a mail may wait for its worker


class Command(BaseCommand):
    """Serve with one worker process, and send the mail of the job queue."""

    help = "Serve on HOST:PORT and run the job queue's worker, until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run both until one ends or a signal comes."""
        self.stdout.write(f"Serving on {settings.ISSUER} (Ctrl-C stops).")
        self.stdout.flush()
        commands = {"server": server_command(), "job worker": job_worker_command()}
        sys.exit(Supervisor(commands, restarted={"job worker"}).run())


def server_command() -> list[str]:
    """Return the command line of the server."""
    return [
        *(sys.executable, "-m", "granian", "authproject.wsgi:application"),
        *("--interface", "wsgi", "--workers", "1", "--blocking-threads", str(_BLOCKING_THREADS)),
        *("--host", settings.HOST, "--port", str(settings.PORT)),
        # Not its warnings: it takes threads that wait for the database for threads that compute.
        *("--working-dir", str(settings.BASE_DIR), "--no-ws", "--log-level", "error"),
    ]


def job_worker_command() -> list[str]:
    """Return the command line of the worker of all queues. Each job is one transaction of its own."""
    return [
        *(sys.executable, str(settings.BASE_DIR / "manage.py"), "db_worker", "--queue-name", "*"),
        *("--interval", str(_JOB_INTERVAL_SECONDS), "--no-startup-delay", "--no-reload"),
    ]
