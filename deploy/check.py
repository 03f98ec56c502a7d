"""Checks the chart, the Dockerfile, the alerts and the documents about them, without a cluster and without a network.

Started by check.sh, which brings the tools. Prints what is wrong and fails, or prints what was checked.
"""

import sys

from checks import alerts, dockerfile, documents, mutations
from checks.chart import CHART, VERSIONS, lint, render, version_complaints
from checks.rules import complaints

NEEDED = {"Deployment", "Service", "ConfigMap", "ServiceAccount", "PodDisruptionBudget"}
USUAL = NEEDED | {"HorizontalPodAutoscaler", "NetworkPolicy"}
ALL = USUAL | {"Ingress", "ServiceMonitor", "PrometheusRule"}


def main() -> int:
    documented = documents.documented_settings()
    everything = (CHART / "ci/everything-values.yaml").read_text()
    # What the values are called, the values, the kinds that they give.
    cases = [("defaults", "", USUAL), ("everything", everything, ALL)]
    cases += [("least", (CHART / "ci/least-values.yaml").read_text(), NEEDED)]
    cases += [("docs/deployment.md", values, USUAL) for values in documents.documented_values()]

    found = [*dockerfile.complaints(), *alerts.complaints(), *documents.complaints(), *version_complaints()]
    n_manifests = 0
    for name, values, kinds in cases:
        found += [f"{name}: {said}" for said in lint(values)]
        for version in VERSIONS:
            release, said = render(values, version)
            if release:
                n_manifests += len(release.manifests)
                missing = kinds - {manifest.get("kind") for manifest in release.manifests}
                said += [f"no {kind}" for kind in sorted(missing)]
                said += complaints(release, version, documented)
            found += [f"{name}, Kubernetes {version}: {complaint}" for complaint in said]
    # Broken manifests tell something only if the sound ones pass.
    if not found:
        sound, _ = render(everything, VERSIONS[-1])
        assert sound is not None
        found += [f"overlooked: {said}" for said in mutations.overlooked(sound, VERSIONS[-1], documented)]

    if found:
        print("\n".join(found), file=sys.stderr)
        return 1
    versions = " and ".join(VERSIONS)
    print(f"{n_manifests} manifests from {len(cases)} sets of values fit Kubernetes {versions} and our rules")
    print(f"{len(mutations.MUTATIONS)} faults put in on purpose were found; Dockerfile, alerts and documents are sound")
    return 0


if __name__ == "__main__":
    sys.exit(main())
