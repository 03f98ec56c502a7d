"""Is what is wrong also found? Each line breaks sound manifests in one place, and tells the complaint that must follow.

A rule that never complains looks like a chart without faults; this tells them apart.
"""

import copy
from typing import Any

from checks.manifests import Release, at
from checks.rules import complaints

GONE = object()

POD = "spec.template.spec"
BOX = f"{POD}.containers.0"
NOTES = "spec.template.metadata.annotations"

# Kind, path, new value, part of the complaint. The manifests are those of everything-values.yaml.
MUTATIONS: tuple[tuple[str, str | list[str], Any, str], ...] = (
    # -- schemas
    ("Deployment", f"{BOX}.readynessProbe", {}, "'readynessProbe' was unexpected"),
    ("Deployment", f"{POD}.volumes.1.emptyDir.sizeLimits", "1Gi", "'sizeLimits' was unexpected"),
    ("Deployment", "spec.replica", 2, "'replica' was unexpected"),
    ("Deployment", f"{BOX}.name", GONE, "'name' is a required property"),
    ("Deployment", f"{POD}.terminationGracePeriodSeconds", "80s", "is not of type 'integer'"),
    ("Deployment", f"{POD}.automountServiceAccountToken", "no", "is not of type 'boolean'"),
    ("Deployment", "apiVersion", "apps/v1beta1", "Couldn't find schema"),
    ("HorizontalPodAutoscaler", "apiVersion", "autoscaling/v2beta2", "Couldn't find schema"),
    ("HorizontalPodAutoscaler", "spec.targetCPUUtilizationPercentage", 70, "was unexpected"),
    ("Ingress", "spec.rules.0.http.paths.0.backend.serviceName", "epstats", "was unexpected"),
    ("NetworkPolicy", "spec.policyType", [], "'policyType' was unexpected"),
    # -- security
    ("Deployment", f"{POD}.securityContext.runAsNonRoot", GONE, "may run as root"),
    ("Deployment", f"{POD}.securityContext.runAsUser", 0, "may run as root"),
    ("Deployment", f"{POD}.securityContext.seccompProfile", GONE, "no seccomp profile"),
    ("Deployment", f"{BOX}.securityContext.readOnlyRootFilesystem", False, "securityContext.readOnlyRootFilesystem"),
    ("Deployment", f"{BOX}.securityContext.allowPrivilegeEscalation", GONE, "securityContext.allowPrivilegeEscalation"),
    ("Deployment", f"{BOX}.securityContext.capabilities.add", ["NET_ADMIN"], "securityContext.capabilities"),
    ("Deployment", f"{POD}.hostNetwork", True, "hostNetwork"),
    ("Deployment", f"{POD}.automountServiceAccountToken", True, "gets a token"),
    ("ServiceAccount", "automountServiceAccountToken", GONE, "gets a token"),
    ("ServiceAccount", "metadata.name", "other", "another service account"),
    ("Deployment", f"{BOX}.image", "epstats", "neither a fixed tag"),
    ("Deployment", f"{BOX}.image", "registry.example:5000/epstats:latest", "neither a fixed tag"),
    ("Deployment", f"{BOX}.env.0", {"name": "SENTRY_DSN", "value": "x"}, "the value of SENTRY_DSN stands"),
    ("ConfigMap", "data.other", "url: postgresql://user:word@host/db", "a password or a private key"),
    ("ConfigMap", "kind", "Secret", "the chart makes a Secret"),
    # -- operation
    ("Deployment", f"{BOX}.startupProbe", GONE, "startupProbe asks None"),
    ("Deployment", f"{BOX}.livenessProbe.httpGet.path", "/health/ready", "livenessProbe asks"),
    ("Deployment", f"{BOX}.readinessProbe.httpGet.scheme", "HTTP", "readinessProbe asks"),
    ("Deployment", f"{BOX}.resources.limits.memory", GONE, "memory has no request or no limit"),
    ("Deployment", f"{BOX}.resources.limits.memory", "4Gb", "memory has no request or no limit"),
    ("Deployment", f"{BOX}.resources.requests.cpu", "4", "more cpu is requested"),
    ("Deployment", f"{BOX}.resources.limits.memory", "2Gi", "more memory is requested"),
    ("ConfigMap", ["data", "epstats.yaml"], "sources: {shop: {memory_limit: 2GiB}}", "may take more than 80%"),
    ("ConfigMap", ["data", "epstats.yaml"], "sources: {shop: {layout: wide}}", "has no memory_limit"),
    ("Deployment", f"{POD}.volumes.1.emptyDir.sizeLimit", GONE, "no emptyDir with a sizeLimit"),
    ("Deployment", f"{POD}.volumes.1.emptyDir.sizeLimit", "6Gi", "/tmp may grow"),
    ("Deployment", f"{POD}.volumes.4.name", "lost", "mounted but not a volume: data"),
    ("Deployment", f"{POD}.terminationGracePeriodSeconds", 60, "the pod is ended after 60 s"),
    ("Deployment", f"{POD}.terminationGracePeriodSeconds", GONE, "not all set"),
    ("Deployment", f"{BOX}.env.9.value", "30s", "the server stops after 30 s"),
    ("Deployment", "spec.strategy.rollingUpdate.maxUnavailable", 1, "takes pods away"),
    ("Deployment", "spec.replicas", 2, "contradict each other"),
    ("HorizontalPodAutoscaler", "spec.minReplicas", 1, "1 pods are too few"),
    ("HorizontalPodAutoscaler", "spec.scaleTargetRef.name", "other", "scales something else"),
    ("PodDisruptionBudget", "spec.maxUnavailable", 0, "lets no pod go"),
    ("Deployment", f"{POD}.topologySpreadConstraints", GONE, "on one machine"),
    # -- wiring
    ("Service", "spec.selector", {"app": "other"}, "the selector of Service"),
    ("PodDisruptionBudget", "spec.selector.matchLabels", {"app": "other"}, "the selector of PodDisruptionBudget"),
    ("NetworkPolicy", "spec.podSelector", {}, "the selector of NetworkPolicy"),
    ("Deployment", f"{BOX}.ports.0.containerPort", 8081, "listens on another port"),
    ("Service", "spec.ports.0.targetPort", 8081, "leads to another port"),
    ("NetworkPolicy", "spec.ingress.0.ports.0.port", 8081, "opens another port"),
    ("Deployment", f"{NOTES}.prometheus~io/scrape", "true", "scraped twice"),
    ("ServiceMonitor", "spec.endpoints.0.port", "metrics", "asks somewhere else"),
    ("ServiceMonitor", "spec.selector.matchLabels", {"app": "other"}, "does not mean our Service"),
    ("Deployment", f"{BOX}.env.2.value", "/etc/other/epstats.yaml", "nothing is mounted where EPSTATS_CONFIG"),
    ("ConfigMap", "metadata.name", "other", "does not see the ConfigMap"),
    ("Deployment", f"{BOX}.env.3", {"name": "EPSTATS_HOST", "value": "a"}, "either there are keys"),
    ("Deployment", f"{BOX}.envFrom", GONE, "variables that nobody sets: SHOP_EVENTS"),
    ("Deployment", f"{BOX}.env.8.name", "EPSTATS_REQUESTS_TIMEOUT", "neither in deploy/README.md"),
    ("Deployment", f"{BOX}.env.8.name", "LOG_LEVEL", "set twice: LOG_LEVEL"),
    ("Deployment", f"{POD}.enableServiceLinks", GONE, "links to Services"),
)


def overlooked(sound: Release, version: str, documented: set[str]) -> list[str]:
    """Mutations after which nobody complains as told."""
    found = []
    for kind, path, value, expected in MUTATIONS:
        where = f"{kind} {path}"
        broken = copy.deepcopy(sound)
        if not _change(broken.one(kind), path, value):
            found.append(f"{where}: there is nothing to change, so the table in mutations.py is old")
            continue
        said = complaints(broken, version, documented)
        if not any(expected in complaint for complaint in said):
            found.append(f"{where}: expected `{expected}`, heard {said or 'nothing'}")
    return found


def _change(manifest: dict, path: str | list[str], value: Any) -> bool:
    parts = path.split(".") if isinstance(path, str) else path
    parent, last = at(manifest, parts[:-1]), parts[-1].replace("~", ".")
    if isinstance(parent, list) and int(last) < len(parent):
        parent[int(last)] = value
    elif isinstance(parent, dict) and value is GONE:
        return parent.pop(last, GONE) is not GONE
    elif isinstance(parent, dict):
        parent[last] = value
    else:
        return False
    return True
