"""A scrape as Prometheus reads it, and processes that count."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.test import Client
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

HOUSE = Path(__file__).resolve().parents[3]
PYTHON = "import os, signal; from authproject.metrics import observe; "


class Scrape:
    """What a scrape said, by the sample's name and labels."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self.families = {family.name: family for family in families}
        samples = [sample for family in self.families.values() for sample in family.samples]
        self.values = {(sample.name, frozenset(sample.labels.items())): sample.value for sample in samples}
        assert len(self.values) == len(samples), "a series was told twice"

    def value(self, name: str, **labels: str) -> float:
        return self.values.get((name, frozenset(labels.items())), 0.0)

    def series(self, name: str) -> list[dict[str, str]]:
        return [dict(labels) for known, labels in self.values if known == name]

    def answers(self, route: str, method: str = "GET", status: str = "200") -> float:
        return self.value("authproject_requests_total", route=route, method=method, status=status)


def read(content: bytes) -> Scrape:
    return Scrape(text_string_to_metric_families(content.decode()))


def scrape(**extra: Any) -> Scrape:
    answer = Client(headers={"Host": "127.0.0.1"}).get("/metrics", **extra)
    assert answer.status_code == 200
    return read(answer.content)


def process(script: str, metrics_dir: Path) -> "subprocess.Popen[str]":
    """Start a process that counts, in the same folder."""
    environment = os.environ | {"METRICS_DIR": str(metrics_dir), "DJANGO_SETTINGS_MODULE": "authproject.settings"}
    command = [sys.executable, "-c", PYTHON + script]
    return subprocess.Popen(
        command, env=environment, cwd=HOUSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
