"""Renders the chart with Helm, and holds what comes out to the schemas of Kubernetes."""

import functools
import subprocess
import tomllib
from pathlib import Path

import yaml
from kubernetes_validate import utils as schemas

from checks.manifests import Release, load

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "deploy/helm/epstats"
# The oldest that the chart admits, and the newest whose schema the validator has.
VERSIONS = ("1.30", "1.37")
# Their schemas come with the operator that brings them, not with Kubernetes.
FOREIGN_KINDS = {"monitoring.coreos.com/v1": ("ServiceMonitor", "PrometheusRule")}

# Otherwise every call would read the definitions of all kinds anew.
schemas.schema_contents = functools.cache(schemas.schema_contents)


def lint(values: str) -> list[str]:
    """What Helm says about the chart with these values."""
    found = _helm("lint", "--strict", "--quiet", str(CHART), "--values", "-", values=values)
    return [] if found.returncode == 0 else [f"helm lint: {(found.stdout + found.stderr).strip()}"]


def render(values: str, version: str) -> tuple[Release | None, list[str]]:
    """The manifests for a version of Kubernetes, or why there are none."""
    flags = ("--namespace", "experiments", "--kube-version", version, "--values", "-")
    made = _helm("template", "epstats", str(CHART), *flags, values=values)
    if made.returncode != 0:
        return None, [f"helm template: {made.stderr.strip()}"]
    try:
        return Release(load(made.stdout)), []
    except yaml.YAMLError as error:
        return None, [f"not YAML: {error}"]


def schema_complaints(manifest: dict, version: str) -> list[str]:
    """Fields that Kubernetes does not know, lacks or wants otherwise."""
    name = f"{manifest.get('kind')} for Kubernetes {version}"
    if manifest.get("kind") in FOREIGN_KINDS.get(manifest.get("apiVersion", ""), ()):
        return []
    try:
        used = schemas.validate(manifest, version, strict=True)
    except schemas.ValidationError as error:
        return [f"{name}: {'.'.join(map(str, error.path))}: {error.message}"]
    except (schemas.SchemaNotFoundError, schemas.VersionNotSupportedError) as error:
        return [f"{name}: {error.message}"]
    # Asked for a version that it lacks, the validator takes an older one.
    return [] if used == version else [f"{name}: the validator only has {used}"]


def version_complaints() -> list[str]:
    """The chart deploys the version that this repository builds."""
    package = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    if str(chart["appVersion"]) == package["version"]:
        return []
    return [f"appVersion of Chart.yaml is {chart['appVersion']}, the version of Cargo.toml is {package['version']}"]


def _helm(*arguments: str, values: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(("helm", *arguments), input=values, capture_output=True, text=True, check=False)
