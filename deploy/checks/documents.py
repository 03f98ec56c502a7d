"""What the documents say is checked as what the files say."""

import re

import yaml

from checks.chart import ROOT, VERSIONS, schema_complaints
from checks.manifests import load

DOCUMENTS = ("deploy/README.md", "docs/deployment.md")


def documented_settings() -> set[str]:
    """The names in the first column of the table of settings in deploy/README.md."""
    section = (ROOT / "deploy/README.md").read_text().partition("\n## Settings\n")[2].partition("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    return {name for cell in cells for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", cell)}


def documented_values() -> list[str]:
    """Examples of values, told by the first line `# values.yaml`."""
    return [text for _, text in _examples() if text.startswith("# values.yaml")]


def complaints() -> list[str]:
    """Manifests in the documents are valid, and hold no secrets but placeholders."""
    found = []
    for document, text in _examples():
        try:
            manifests = [entry for entry in load(text) if isinstance(entry, dict) and "apiVersion" in entry]
        except yaml.YAMLError as error:
            found.append(f"{document}: {error}")
            continue
        for manifest in manifests:
            found += [f"{document}: {said}" for version in VERSIONS for said in schema_complaints(manifest, version)]
            for name, value in {**manifest.get("stringData", {}), **manifest.get("data", {})}.items():
                if manifest["kind"] == "Secret" and not re.fullmatch(r"\s*<[^<>]+>\s*", value):
                    found.append(f"{document}: the value of `{name}` is no placeholder in angle brackets")
    return found


def _examples() -> list[tuple[str, str]]:
    pattern = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    return [(name, text) for name in DOCUMENTS for text in pattern.findall((ROOT / name).read_text())]
