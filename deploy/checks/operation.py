"""What keeps the service there: when machines fill up, are drained, and pods are replaced."""

from collections.abc import Iterator

from checks.manifests import Release, at, quantity, seconds


def probes(release: Release) -> Iterator[str]:
    paths = {"startupProbe": "/health/live", "livenessProbe": "/health/live", "readinessProbe": "/health/ready"}
    scheme = "HTTPS" if "EPSTATS_TLS_CERTIFICATE" in release.environment else "HTTP"
    for probe, path in paths.items():
        wanted = {"path": path, "port": "http", "scheme": scheme}
        found = at(release.container, f"{probe}.httpGet")
        if found != wanted:
            yield f"{probe} asks {found}, not {wanted}"


def resources(release: Release) -> Iterator[str]:
    found = release.container.get("resources", {})
    for name in ("cpu", "memory", "ephemeral-storage"):
        request = quantity(at(found, ["requests", name]))
        limit = quantity(at(found, ["limits", name]))
        if request is None or limit is None:
            yield f"{name} has no request or no limit, or one that is no quantity"
        elif request > limit:
            yield f"more {name} is requested than the limit allows"


def memory(release: Release) -> Iterator[str]:
    """Each evaluation may take what its source allows, and as many run as the server lets in."""
    limit = quantity(at(release.container, "resources.limits.memory")) or 0
    at_once = int(release.environment.get("EPSTATS_MAX_CONCURRENCY", "1"))
    for name, source in release.sources.items():
        each = quantity(source.get("memory_limit"))
        if each is None:
            yield f"source `{name}` has no memory_limit"
        elif each * at_once > 0.8 * limit:
            yield f"{at_once} evaluations of source `{name}` may take more than 80% of the memory limit"


def spill(release: Release) -> Iterator[str]:
    mounted = {mount["mountPath"]: mount for mount in release.container.get("volumeMounts", [])}
    volumes = {volume["name"]: volume for volume in release.pod.get("volumes", [])}
    lost = [mount["name"] for mount in mounted.values() if mount["name"] not in volumes]
    if lost:
        yield f"mounted but not a volume: {', '.join(lost)}"
    size = quantity(at(volumes.get(mounted.get("/tmp", {}).get("name"), {}), "emptyDir.sizeLimit"))
    limit = quantity(at(release.container, "resources.limits.ephemeral-storage"))
    if size is None:
        yield "/tmp is no emptyDir with a sizeLimit"
    elif limit is not None and size > limit:
        yield "/tmp may grow beyond the limit of ephemeral-storage"


def stopping(release: Release) -> Iterator[str]:
    delay = at(release.container, "lifecycle.preStop.sleep.seconds")
    drain = seconds(release.environment.get("EPSTATS_SHUTDOWN_TIMEOUT"))
    longest = seconds(release.environment.get("EPSTATS_REQUEST_TIMEOUT"))
    grace = release.pod.get("terminationGracePeriodSeconds")
    if delay is None or drain is None or longest is None or grace is None:
        yield "the times of stopping are not all set"
        return
    if drain < longest:
        yield f"the server stops after {drain:g} s, a request may take {longest:g} s"
    if grace <= delay + drain:
        yield f"the pod is ended after {grace} s, waiting and stopping take {delay + drain:g} s"


def availability(release: Release) -> Iterator[str]:
    deployment, scaler, budget = map(release.one, ("Deployment", "HorizontalPodAutoscaler", "PodDisruptionBudget"))
    if at(deployment, "spec.strategy.rollingUpdate.maxUnavailable") != 0:
        yield "an upgrade takes pods away before there are new ones"
    n_pods = at(scaler, "spec.minReplicas") if scaler else at(deployment, "spec.replicas")
    if not n_pods or n_pods < 2:
        yield f"{n_pods} pods are too few"
    if scaler and at(deployment, "spec.replicas") is not None:
        yield "replicas and the autoscaler contradict each other"
    if scaler and at(scaler, "spec.scaleTargetRef.name") != at(deployment, "metadata.name"):
        yield "the autoscaler scales something else"
    if at(budget, "spec.maxUnavailable") != 1:
        yield "the disruption budget lets no pod go, or too many"
    if not release.pod.get("topologySpreadConstraints"):
        yield "all pods may run on one machine"


RULES = (probes, resources, memory, spill, stopping, availability)
