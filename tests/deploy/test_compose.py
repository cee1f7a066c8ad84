"""deploy/compose.yaml: the proxy, two nodes, a worker, PostgreSQL and Redis, and each no more than it need be."""

import re
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from tests.architecture.house import HOUSE
from tests.deploy.test_kubernetes import COMMANDS

SERVICES: dict[str, Any] = yaml.safe_load((HOUSE / "deploy" / "compose.yaml").read_text())["services"]
OURS = ["prepare", "site", "worker"]


def test_there_are_two_nodes_behind_a_proxy_and_all_that_they_need() -> None:
    assert set(SERVICES) == {"prepare", "site", "worker", "proxy", "database", "redis"}
    assert SERVICES["site"]["deploy"]["replicas"] == 2
    for name in ("site", "worker"):
        assert SERVICES[name]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", OURS)
def test_a_container_of_ours_may_do_nothing_that_it_need_not(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"] == ["/tmp"]
    assert "ports" not in service
    assert not {"privileged", "network_mode", "pid", "volumes"} & service.keys()


@pytest.mark.parametrize("name", OURS)
def test_a_container_of_ours_runs_a_command_that_there_is(name: str) -> None:
    given = SERVICES[name]["command"]
    command, *options = [given] if isinstance(given, str) else given
    assert command in get_commands()
    if command in COMMANDS:
        COMMANDS[command]().create_parser("manage.py", command).parse_args(options)


def test_images_are_of_a_named_version() -> None:
    images = {service["image"] for service in SERVICES.values()} - {"authproject"}
    assert images
    assert [image for image in images if not re.fullmatch(r"[a-z]+:\d+(\.\d+)*(-[a-z]+)?", image)] == []


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert SERVICES["database"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]


def test_no_secret_stands_in_it() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("SECRET|SEALING|PASSWORD|TOKEN", name):
                assert re.fullmatch(r"\$\{[A-Z_]+:?[?-]\}", str(value)), name
