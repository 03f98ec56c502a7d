"""Manifests as the rules read them."""

import re
from typing import Any

import yaml


class Release:
    """What one rendering of the chart would put into a cluster."""

    def __init__(self, manifests: list[dict]) -> None:
        self.manifests = manifests

    def all(self, kind: str) -> list[dict]:
        return [manifest for manifest in self.manifests if manifest.get("kind") == kind]

    def one(self, kind: str) -> dict:
        """The only manifest of a kind, or an empty one: its fields are then missing, and rules say so."""
        found = self.all(kind)
        return found[0] if len(found) == 1 else {}

    @property
    def pod(self) -> dict:
        return at(self.one("Deployment"), "spec.template.spec") or {}

    @property
    def container(self) -> dict:
        return at(self.pod, "containers.0") or {}

    @property
    def pod_labels(self) -> dict:
        return at(self.one("Deployment"), "spec.template.metadata.labels") or {}

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the manifest itself sets."""
        return {entry["name"]: entry.get("value", "") for entry in self.container.get("env", [])}

    @property
    def configuration(self) -> str:
        return at(self.one("ConfigMap"), ["data", "epstats.yaml"]) or ""

    @property
    def sources(self) -> dict[str, dict]:
        """The sources that the configuration defines, by name."""
        return at(load(self.configuration), "0.sources") or {}


def at(tree: Any, path: str | list[str]) -> Any:
    """The value at a path such as `spec.ports.0.name`; None where there is none."""
    for part in path.split(".") if isinstance(path, str) else path:
        if isinstance(tree, list) and part.isdigit() and int(part) < len(tree):
            tree = tree[int(part)]
        elif isinstance(tree, dict) and part in tree:
            tree = tree[part]
        else:
            return None
    return tree


def load(text: str) -> list[dict]:
    """All documents of a YAML text. A key that is there twice is an error, not a choice of the parser."""
    return [document for document in yaml.load_all(text, Loader=_Strict) if document is not None]


class _Strict(yaml.SafeLoader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"repeated key `{key}`", node.start_mark)
        return super().construct_mapping(node, deep)


_UNITS = {"": 1, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_UNITS |= {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
# The engine writes sizes with a B behind.
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)\s*(m|k|M|G|T|Ki|Mi|Gi|Ti|)B?")


def quantity(text: object) -> float | None:
    """`500m`, `2Gi` or `512MiB` as a number; None where it is none."""
    match = _QUANTITY.fullmatch(str(text))
    return float(match[1]) * _UNITS[match[2]] if match else None


def seconds(text: object) -> float | None:
    """`60s` or `2m` as a number of seconds; None where it is none."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(s|m|h)", str(text))
    return float(match[1]) * {"s": 1, "m": 60, "h": 3600}[match[2]] if match else None
