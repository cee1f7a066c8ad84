"""The deploy checks of registration: silent by default, a warning where more is open than need be."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from authproject.checks import check_deployment, check_metrics_token

HOUSE = Path(__file__).resolve().parent.parent.parent


def _found() -> set[str | None]:
    return {message.id for message in check_deployment(None)} & {"authproject.W002", "authproject.W003"}


@pytest.mark.parametrize(
    ("dcr", "pkce", "found"),
    [
        ("token", "required", set()),
        ("off", "required", set()),
        ("open", "required", {"authproject.W002"}),
        ("token", "optional", {"authproject.W003"}),
        ("open", "optional", {"authproject.W002", "authproject.W003"}),
    ],
)
def test_warns_where_everybody_may_register_or_go_without_pkce(
    settings: Any, dcr: str, pkce: str, found: set[str]
) -> None:
    settings.DCR, settings.DCR_PKCE = dcr, pkce
    assert _found() == found


@pytest.mark.parametrize("variable", ["DCR", "DCR_PKCE"])
def test_a_value_that_there_is_not_refuses_to_start(variable: str) -> None:
    started = subprocess.run(
        [sys.executable, "-c", "import authproject.settings"],
        cwd=HOUSE,
        env={**os.environ, variable: "sometimes"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert "DCR is off, token or open; DCR_PKCE is required or optional." in started.stderr


@pytest.mark.parametrize(("token", "found"), [("", []), ("a" * 31, ["authproject.W004"]), ("a" * 32, [])])
def test_warns_of_a_metrics_token_that_could_be_guessed(settings: Any, token: str, found: list[str]) -> None:
    settings.METRICS_TOKEN = token
    assert [message.id for message in check_metrics_token(None)] == found
