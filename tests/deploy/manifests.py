"""The manifests of deploy/kubernetes as kustomize would read them."""

from pathlib import Path
from typing import Any

import yaml

from tests.architecture.house import HOUSE

FOLDER = HOUSE / "deploy" / "kubernetes"
KUSTOMIZATION: dict[str, Any] = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())


def manifests() -> dict[tuple[str, str], dict[str, Any]]:
    """Return every object by its kind and its name."""
    found = [
        document for name in KUSTOMIZATION["resources"] for document in yaml.safe_load_all((FOLDER / name).read_text())
    ]
    return {(each["kind"], each["metadata"]["name"]): each for each in found}


MANIFESTS = manifests()


def settings_given() -> dict[str, str]:
    """Return what the ConfigMap says."""
    [made] = KUSTOMIZATION["configMapGenerator"]
    return dict(literal.split("=", 1) for literal in made["literals"])


def pods() -> dict[str, dict[str, Any]]:
    """Return the pod's specification of each workload."""
    return {
        name: each["spec"]["template"]["spec"]
        for (kind, name), each in MANIFESTS.items()
        if kind in {"Deployment", "Job"}
    }


def files() -> list[Path]:
    """Return the files of the folder."""
    return sorted(FOLDER.glob("*.yaml"))
