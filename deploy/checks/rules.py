"""What is wrong with a release: what Kubernetes would refuse, and what it would accept and we do not."""

from checks import operation, security, wiring
from checks.chart import schema_complaints
from checks.manifests import Release

RULES = (*security.RULES, *operation.RULES, *wiring.RULES)


def complaints(release: Release, version: str, documented: set[str]) -> list[str]:
    """All complaints, for a version of Kubernetes; `documented` are the settings of the server.

    Rules read manifests that fit their schemas, so they speak only where the schemas have nothing to say.
    """
    found = [said for manifest in release.manifests for said in schema_complaints(manifest, version)]
    if found:
        return found
    found = [said for rule in RULES for said in rule(release)]
    return found + list(wiring.environment(release, documented))
