"""What is in deploy/ agrees with the code: names of variables, ports, packages, how long a stop may take."""

import re
from pathlib import Path
from typing import Any

import yaml
from django.urls import resolve

from authproject import supervisor
from tests.architecture.house import PACKAGES, text
from tests.architecture.test_environment import READ

DOCKERFILE, COMPOSE = text(Path("deploy/Dockerfile")), text(Path("deploy/compose.yaml"))
SERVICES: dict[str, Any] = yaml.safe_load(COMPOSE)["services"]
FORWARD = text(Path("deploy/nginx/forward.inc"))
PROXIES = {name: text(Path(f"deploy/nginx/{name}.conf")) for name in ("site", "compose")}
OPERATIONS = text(Path("docs/operations.md"))
# Read by the command that makes the first administrator, and not by the settings.
BY_PREPARE = {"ADMIN_EMAIL", "ADMIN_PASSWORD"}


def test_the_site_is_given_variables_that_there_are_and_all_that_production_needs() -> None:
    given = set(SERVICES["site"]["environment"])
    assert given - READ - BY_PREPARE == set()
    named = OPERATIONS.split("The least that the environment", 1)[1].split("```")[1]
    assert set(re.findall(r"^([A-Z_]+)=", named, re.MULTILINE)) - given == set()


def test_the_file_of_secrets_has_all_that_compose_asks_for() -> None:
    made = set(re.findall(r"^(?:.*f\"\"\")?([A-Z_]+)=", OPERATIONS.split("(umask 077", 1)[1], re.MULTILINE))
    assert set(re.findall(r"\$\{([A-Z_]+):\?\}", COMPOSE)) - made == set()


def test_the_image_has_each_package_and_nothing_goes_in_by_itself() -> None:
    ignored = text(Path(".dockerignore")).splitlines()
    assert next(line for line in ignored if line and not line.startswith("#")) == "*"
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE))
    assert copied >= {*PACKAGES, "templates", "static", "locale"}
    assert {f"!{folder}" for folder in copied} - set(ignored) == set()


def test_all_speak_of_one_port() -> None:
    [port] = re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)
    assert f"PORT={port}" in DOCKERFILE
    assert f'env.int("PORT", default={port})' in text(Path("authproject/settings.py"))
    assert f"server 127.0.0.1:{port} " in PROXIES["site"]
    assert f"set $site site:{port};" in PROXIES["compose"]


def test_the_health_check_asks_what_answers_it() -> None:
    [path] = re.findall(r"site\.request\('GET', '([^']+)'\)", DOCKERFILE)
    assert resolve(path).url_name == "health_ready"


def test_a_stop_may_take_as_long_as_the_supervisor_takes() -> None:
    assert int(SERVICES["site"]["stop_grace_period"].removesuffix("s")) > supervisor.PATIENCE_SECONDS
    [unit] = re.findall(r"^TimeoutStopSec=(\d+)$", OPERATIONS, re.MULTILINE)
    assert int(unit) > supervisor.PATIENCE_SECONDS


def test_the_proxy_sets_what_the_site_believes() -> None:
    sets = dict(re.findall(r"^proxy_set_header (\S+) (\S+);$", FORWARD, re.MULTILINE))
    assert sets["X-Forwarded-Proto"] == "$scheme"
    assert sets["X-Forwarded-For"] == "$proxy_add_x_forwarded_for"
    assert sets["Host"] == "$http_host"
    assert SERVICES["site"]["environment"]["TRUSTED_PROXY_COUNT"] == 1
    assert all("include /etc/nginx/forward.inc;" in proxy for proxy in PROXIES.values())
