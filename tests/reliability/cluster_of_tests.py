"""The cluster of deploy/cluster, begun from the test's migrated database instead of an empty one, which takes seconds."""

import json
import os
import signal
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Final, LiteralString

import psycopg
from django.db import connection

from deploy.cluster.cluster import Cluster
from deploy.cluster.machine import found
from deploy.cluster.site import HOUSE

# Nothing is lost by it when processes die; the standby's word is waited for all the same.
_QUICK: Final = {"fsync": "off", "full_page_writes": "off"}
PEOPLE: Final = [*(f"person{number}" for number in range(6)), "victor"]


class ClusterOfTests(Cluster):
    """Two nodes with the tests' quick hasher and people."""

    def __init__(self, folder: Path) -> None:
        quick = {"DJANGO_SETTINGS_MODULE": "tests.settings", "STATIC_COLLECTED": "0", "EMAIL_URL": "memorymail://"}
        secrets = {name: os.environ[name] for name in ("SECRET_KEY", "SEALING_KEYS")}
        super().__init__(folder, variables=quick | secrets, database=_QUICK)

    def hold_the_log_back(self) -> None:
        """Send the standby nothing any more, as a network does that is about to fail."""
        os.kill(self._ask("SELECT pid FROM pg_stat_replication"), signal.SIGSTOP)

    def delivered_mails(self) -> int:
        """Count the jobs that delivered one."""
        return self._ask(
            "SELECT count(*) FROM django_tasks_database_dbtaskresult"
            " WHERE task_path = 'trust.mail.tasks.deliver' AND status = 'SUCCESSFUL'"
        )

    def _ask(self, question: LiteralString) -> int:
        with psycopg.connect(self.database_url) as asking:
            [(answer,)] = asking.execute(question).fetchall()
        return int(answer)

    def stop(self) -> None:
        """Let nobody come to an end: nothing is kept."""
        for part in (self.nginx, *self.nodes, self.redis, self.standby, self.primary):
            part.kill()

    @property
    def trusted(self) -> ssl.SSLContext:
        """What trusts its certificate."""
        return ssl.create_default_context(cafile=str(self.nginx.certificate))

    def prepare(self) -> None:
        """Copy the test's database, and make people and a client."""
        named = connection.settings_dict
        of_test = ["-h", named["HOST"], "-p", str(named["PORT"]), "-U", named["USER"], named["NAME"]]
        environment = os.environ | {"PGPASSWORD": named["PASSWORD"]}
        command = [found("pg_dump"), "--no-owner", "--no-privileges", *of_test]
        dump = subprocess.run(command, env=environment, check=True, capture_output=True).stdout
        first = self.database_url.replace(f",127.0.0.1:{self.standby.port}", "")
        subprocess.run(
            [found("psql"), "-q", "-v", "ON_ERROR_STOP=1", first], input=dump, check=True, stdout=subprocess.DEVNULL
        )
        subprocess.run(
            [sys.executable, "-m", "tests.reliability.people_of_cluster", json.dumps(PEOPLE)],
            env=self.environment,
            cwd=HOUSE,
            check=True,
        )
