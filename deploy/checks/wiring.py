"""Names that must mean the same in several places."""

import re
from collections.abc import Iterator

from checks.manifests import Release, at


def selectors(release: Release) -> Iterator[str]:
    places = [
        ("Deployment", "spec.selector.matchLabels"),
        ("Service", "spec.selector"),
        ("PodDisruptionBudget", "spec.selector.matchLabels"),
        ("NetworkPolicy", "spec.podSelector.matchLabels"),
    ]
    found = [(kind, at(manifest, path)) for kind, path in places for manifest in release.all(kind)]
    spread = release.pod.get("topologySpreadConstraints", [])
    found += [("topologySpreadConstraints", at(entry, "labelSelector.matchLabels")) for entry in spread]
    for what, labels in found:
        if not labels or not labels.items() <= release.pod_labels.items():
            yield f"the selector of {what} does not mean our pods"


def ports(release: Release) -> Iterator[str]:
    container = {port["name"]: port["containerPort"] for port in release.container.get("ports", [])}
    if release.environment.get("EPSTATS_PORT") != str(container.get("http")):
        yield "the server listens on another port than the container has"
    service = {port["name"]: port.get("targetPort") for port in at(release.one("Service"), "spec.ports") or []}
    if service.get("http") != "http":
        yield "the Service leads to another port"
    for policy in release.all("NetworkPolicy"):
        if at(policy, "spec.ingress.0.ports.0.port") != "http":
            yield "the network policy opens another port"


def scraping(release: Release) -> Iterator[str]:
    notes = at(release.one("Deployment"), "spec.template.metadata.annotations") or {}
    annotated = {name: value for name, value in notes.items() if name.startswith("prometheus.io/")}
    monitors = release.all("ServiceMonitor")
    if annotated and monitors:
        yield "every pod is scraped twice"
    scheme = "https" if "EPSTATS_TLS_CERTIFICATE" in release.environment else "http"
    wanted = {"scrape": "true", "scheme": scheme, "port": release.environment.get("EPSTATS_PORT"), "path": "/metrics"}
    if annotated and annotated != {f"prometheus.io/{name}": value for name, value in wanted.items()}:
        yield f"the annotations for Prometheus are {annotated}"
    for monitor in monitors:
        endpoint = at(monitor, "spec.endpoints.0") or {}
        if (endpoint.get("port"), endpoint.get("path"), endpoint.get("scheme")) != ("http", "/metrics", scheme):
            yield "the ServiceMonitor asks somewhere else"
        labels = at(release.one("Service"), "metadata.labels") or {}
        if not (at(monitor, "spec.selector.matchLabels") or {"": ""}).items() <= labels.items():
            yield "the ServiceMonitor does not mean our Service"


def configuration(release: Release) -> Iterator[str]:
    mounts = {mount["mountPath"]: mount["name"] for mount in release.container.get("volumeMounts", [])}
    volumes = {volume["name"]: volume for volume in release.pod.get("volumes", [])}
    for name in ("EPSTATS_CONFIG", "EPSTATS_API_KEYS_FILE", "EPSTATS_TLS_CERTIFICATE", "EPSTATS_TLS_KEY"):
        path = release.environment.get(name)
        if path and path.rpartition("/")[0] not in mounts:
            yield f"nothing is mounted where {name} leads"
    mounted = at(volumes.get(mounts.get("/etc/epstats"), {}), "configMap.name")
    if mounted is None or mounted != at(release.one("ConfigMap"), "metadata.name"):
        yield "the pod does not see the ConfigMap"
    if ("EPSTATS_NO_AUTH" in release.environment) == ("EPSTATS_API_KEYS_FILE" in release.environment):
        yield "either there are keys, or it is said that there are none"
    lacking = variables_of(release.configuration) - release.environment.keys()
    if lacking and not release.container.get("envFrom"):
        yield f"epstats.yaml asks for variables that nobody sets: {', '.join(sorted(lacking))}"


def environment(release: Release, documented: set[str]) -> Iterator[str]:
    names = [entry["name"] for entry in release.container.get("env", [])]
    repeated = {name for name in names if names.count(name) > 1}
    if repeated:
        yield f"set twice: {', '.join(sorted(repeated))}"
    unknown = set(names) - documented - variables_of(release.configuration)
    if unknown:
        yield f"neither in deploy/README.md nor in epstats.yaml: {', '.join(sorted(unknown))}"
    if release.pod.get("enableServiceLinks") is not False:
        yield "links to Services may set EPSTATS_PORT"


def variables_of(text: str) -> set[str]:
    """The names of `${NAME}` in a configuration."""
    return set(re.findall(r"\$\{(\w+)\}", text))


RULES = (selectors, ports, scraping, configuration)
