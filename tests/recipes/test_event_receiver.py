"""The sample receiver of security events, as a program: it takes what the site sends, once, and refuses all else."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from accounts.models import User
from tests.live_site import free_port, live_site
from tests.trust.events.receiving import happen, run_events, states
from tests.trust.events.sample import SAMPLE
from trust.events import receivers
from trust.events.models import Receiver
from trust.events.receivers import By, Settings
from trust.lib import clock

pytestmark = pytest.mark.django_db(transaction=True)
CREDENTIALS = "Bearer of-the-sample"


class Sample:
    """The running program, registered as a receiver of each format."""

    def __init__(self, url: str, printed: Path, receivers_of_it: dict[str, Receiver]) -> None:
        self.url, self._printed, self.receivers = url, printed, receivers_of_it

    def taken(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._printed.read_text().splitlines()]

    def post(self, body: bytes, **headers: str) -> requests.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.post(self.url, data=body, headers={"Authorization": CREDENTIALS} | named, timeout=30)


@pytest.fixture
def sample(settings: Any, tmp_path: Path) -> Iterator[Sample]:
    settings.OUTBOUND_ALLOW_PRIVATE = True
    with live_site(own_issuer=True) as site, (tmp_path / "printed").open("w") as printed:
        settings.ISSUER = site.url
        port = free_port()
        url = f"http://127.0.0.1:{port}/"
        made = {
            kind: receivers.create(
                format=kind,
                settings=Settings(
                    name=kind, url=url, events=["account.disabled"], audience="shop", authorization=CREDENTIALS
                ),
                now=clock.now(),
                by=By(),
            )
            for kind in ("set", "json")
        }
        environment = {
            "PATH": "/usr/bin:/bin",
            "ISSUER": site.url,
            "AUDIENCE": "shop",
            "PORT": str(port),
            "WEBHOOK_SECRETS": made["json"][1],
            "AUTHORIZATION": CREDENTIALS,
        }
        with subprocess.Popen([sys.executable, str(SAMPLE)], env=environment, stdout=printed) as program:
            try:
                _wait_until_it_listens(url, program)
                yield Sample(url, tmp_path / "printed", {name: receiver for name, (receiver, _) in made.items()})
            finally:
                program.terminate()


def _wait_until_it_listens(url: str, program: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and program.poll() is None:
        try:
            requests.post(url, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the sample does not listen")


def test_it_takes_both_formats_once_and_refuses_what_we_did_not_send(sample: Sample, person: User) -> None:
    happen(person)
    run_events()
    assert states() == [("delivered", 1, "202")] * 2
    token, webhook = sorted(sample.taken(), key=lambda event: "type" in event)
    assert token["sub_id"]["sub"] == webhook["data"]["sub"] == str(person.pk)
    receivers.change(
        sample.receivers["set"],
        settings=Settings(name="set", url=sample.url, events=["account.disabled"], audience="another"),
        by=By(),
    )
    happen(person)
    run_events()
    outcomes = sorted((state, outcome) for state, _, outcome in states()[2:])
    assert outcomes[0] == ("delivered", "202")
    assert outcomes[1][0] == "waiting"
    assert outcomes[1][1].startswith("400 invalid_audience")
    assert len(sample.taken()) == 3
    _refuses(sample)


def _refuses(sample: Sample) -> None:
    now = str(int(time.time()))
    refused = {
        "invalid_request": sample.post(b"not.a.token", content_type="application/secevent+jwt"),
        "authentication_failed": sample.post(
            b"{}", webhook_id="a", webhook_timestamp=now, webhook_signature="v1,AAAA v1a,AAAA nothing"
        ),
    }
    for error, answer in refused.items():
        assert (answer.status_code, answer.json()["err"]) == (400, error)
        assert answer.headers["Content-Language"]
    assert sample.post(b"", Authorization="Bearer another").json()["err"] == "authentication_failed"
    assert sample.post(b"{}").json()["err"] == "invalid_request"
    assert len(sample.taken()) == 3
