"""deploy/kubernetes: valid by the schemas of Kubernetes, true of the code, and no more allowed than is needed."""

import re
from typing import Any

import kubernetes_validate
import pytest
from django.core.management import get_commands
from django.urls import resolve

from authproject import supervisor
from authproject.management.commands import db_worker, serve
from tests.architecture.house import HOUSE, text
from tests.architecture.test_deploy import BY_PREPARE, OPERATIONS
from tests.architecture.test_environment import READ
from tests.deploy.manifests import FOLDER, KUSTOMIZATION, MANIFESTS, files, pods, settings_given

VERSION = "1.31"  # the oldest that is looked after by its makers as this is written, or older
DOCKERFILE = (HOUSE / "deploy" / "Dockerfile").read_text()
LABELS = "app.kubernetes.io/"
COMMANDS = {"serve": serve.Command, "db_worker": db_worker.Command}


@pytest.mark.parametrize("manifest", MANIFESTS.values(), ids=lambda each: f"{each['kind']}-{each['metadata']['name']}")
def test_a_manifest_is_valid_by_its_schema(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, VERSION, strict=True)


def test_a_wrong_member_would_be_found() -> None:
    wrong = MANIFESTS["Service", "site"] | {"specification": {}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSION, strict=True)


def test_every_file_is_part_of_it() -> None:
    assert {path.name for path in files()} == {*KUSTOMIZATION["resources"], "kustomization.yaml"}


def test_there_is_all_that_a_site_needs() -> None:
    kinds = {kind for kind, _ in MANIFESTS}
    assert kinds >= {"Deployment", "Job", "Service", "Ingress", "NetworkPolicy"}
    assert kinds >= {"HorizontalPodAutoscaler", "PodDisruptionBudget"}
    assert MANIFESTS["HorizontalPodAutoscaler", "site"]["spec"]["minReplicas"] >= 2


@pytest.mark.parametrize("name", pods())
def test_a_pod_may_do_nothing_that_it_need_not(name: str) -> None:
    pod = pods()[name]
    [user] = re.findall(r"^USER (\d+):\d+$", DOCKERFILE, re.MULTILINE)
    assert pod["securityContext"] | {"runAsNonRoot": True, "runAsUser": int(user)} == pod["securityContext"]
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
    [container] = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["volumeMounts"] == [{"name": "tmp", "mountPath": "/tmp"}]
    assert {"requests", "limits"} <= container["resources"].keys()
    assert "memory" in container["resources"]["limits"]


@pytest.mark.parametrize("name", pods())
def test_secrets_come_by_reference_alone(name: str) -> None:
    [container] = pods()[name]["containers"]
    assert container["envFrom"] == [{"configMapRef": {"name": "authproject"}}, {"secretRef": {"name": "authproject"}}]
    assert "env" not in container
    secret = {"SECRET_KEY", "SEALING_KEYS", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "METRICS_TOKEN", "OIDC_PROVIDERS"}
    assert not secret & settings_given().keys()
    assert "Secret" not in {kind for kind, _ in MANIFESTS}


def test_the_site_is_given_variables_that_there_are_and_all_that_production_needs() -> None:
    assert set(settings_given()) - READ - BY_PREPARE == set()
    section = OPERATIONS.split("## On Kubernetes", 1)[1].split("\n## ", 1)[0]
    secret = set(re.findall(r"--from-literal=([A-Z_]+)=", section))
    assert secret - READ == set()
    named = OPERATIONS.split("The least that the environment", 1)[1].split("```")[1]
    assert set(re.findall(r"^([A-Z_]+)=", named, re.MULTILINE)) - settings_given().keys() - secret == set()


def test_probes_ask_what_answers_them() -> None:
    [container] = pods()["site"]["containers"]
    asked = {probe: container[f"{probe}Probe"]["httpGet"] for probe in ("startup", "liveness", "readiness")}
    assert {probe: resolve(get["path"]).url_name for probe, get in asked.items()} == {
        "startup": "health_live",
        "liveness": "health_live",
        "readiness": "health_ready",
    }
    assert {get["port"] for get in asked.values()} == {"http"}
    [port] = re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)
    assert container["ports"] == [{"name": "http", "containerPort": int(port)}]
    assert MANIFESTS["Service", "site"]["spec"]["ports"][0]["targetPort"] == "http"


def test_a_stop_may_take_as_long_as_the_supervisor_takes() -> None:
    pod = pods()["site"]
    before = int(pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod["terminationGracePeriodSeconds"] > before + supervisor.PATIENCE_SECONDS
    assert pods()["worker"]["terminationGracePeriodSeconds"] > supervisor.PATIENCE_SECONDS


@pytest.mark.parametrize("name", pods())
def test_a_pod_runs_a_command_that_there_is(name: str) -> None:
    [container] = pods()[name]["containers"]
    command, *options = container["args"]
    assert command in get_commands()
    assert "command" not in container  # the image's own entry point
    if command in COMMANDS:
        COMMANDS[command]().create_parser("manage.py", command).parse_args(options)


def test_selectors_find_their_pods() -> None:
    of_pods = {
        each["metadata"]["name"]: each["spec"]["template"]["metadata"]["labels"]
        for (kind, _), each in MANIFESTS.items()
        if kind in {"Deployment", "Job"}
    }
    assert MANIFESTS["Service", "site"]["spec"]["selector"] == of_pods["site"]
    for kind, name in (("Deployment", "site"), ("Deployment", "worker"), ("PodDisruptionBudget", "site")):
        assert MANIFESTS[kind, name]["spec"]["selector"]["matchLabels"] == of_pods[name]
    assert MANIFESTS["NetworkPolicy", "site"]["spec"]["podSelector"]["matchLabels"] == of_pods["site"]
    all_of_them = MANIFESTS["NetworkPolicy", "authproject"]["spec"]["podSelector"]["matchLabels"]
    assert all(all_of_them.items() <= labels.items() for labels in of_pods.values())
    assert set(MANIFESTS["NetworkPolicy", "authproject"]["spec"]["policyTypes"]) == {"Ingress", "Egress"}


def test_images_are_named_in_one_place_and_by_a_version() -> None:
    assert {pod["containers"][0]["image"] for pod in pods().values()} == {"authproject"}
    [image] = KUSTOMIZATION["images"]
    assert image["name"] == "authproject"
    assert re.fullmatch(r"\d+\.\d+\.\d+", image["newTag"])


def test_no_path_stands_in_two_files_of_which_one_may_change() -> None:
    hosts = {rule["host"] for rule in MANIFESTS["Ingress", "site"]["spec"]["rules"]}
    assert hosts == {settings_given()["ISSUER"].removeprefix("https://")}
    assert MANIFESTS["Ingress", "site"]["spec"]["tls"][0]["hosts"] == list(hosts)
    assert "deploy/kubernetes" in text(FOLDER.relative_to(HOUSE) / "kustomization.yaml")
