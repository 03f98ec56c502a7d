"""What an intruder would like, and does not get."""

import re
from collections.abc import Iterator

from checks.manifests import Release, at

SECRET_NAMES = re.compile(r"KEY|TOKEN|PASSWORD|SECRET|DSN|CREDENTIAL")
SECRET_TEXTS = re.compile(r"://[^/\s:@]+:[^/\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----")


def user(release: Release) -> Iterator[str]:
    security = release.pod.get("securityContext", {})
    if security.get("runAsNonRoot") is not True or security.get("runAsUser") == 0 or security.get("runAsGroup") == 0:
        yield "the pod may run as root"
    if at(security, "seccompProfile.type") != "RuntimeDefault":
        yield "the pod has no seccomp profile"


def container_security(release: Release) -> Iterator[str]:
    wanted = {
        "allowPrivilegeEscalation": False,
        "privileged": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    found = release.container.get("securityContext", {})
    for field, value in wanted.items():
        if found.get(field) != value:
            yield f"securityContext.{field} of the container is {found.get(field)}, not {value}"
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if release.pod.get(field):
            yield f"the pod has {field}"


def token(release: Release) -> Iterator[str]:
    account = release.one("ServiceAccount")
    if any(manifest.get("automountServiceAccountToken") is not False for manifest in (account, release.pod)):
        yield "the pod gets a token for the cluster"
    if release.pod.get("serviceAccountName") != at(account, "metadata.name"):
        yield "the pod has another service account than its own"


def image(release: Release) -> Iterator[str]:
    name = release.container.get("image", "")
    digest = re.search(r"@sha256:[0-9a-f]{64}$", name)
    tag = re.search(r":([\w.-]+)$", name)
    if not digest and (not tag or tag[1] == "latest"):
        yield f"the image `{name}` has neither a fixed tag nor a digest"


def secrets(release: Release) -> Iterator[str]:
    if release.all("Secret"):
        yield "the chart makes a Secret, so its values are kept by Helm and wherever values are"
    for name, value in release.environment.items():
        names_a_file = value.startswith("/")
        if SECRET_NAMES.search(name) and not names_a_file:
            yield f"the value of {name} stands in the manifest"
    for manifest in release.manifests:
        found = SECRET_TEXTS.search(str(manifest))
        if found:
            yield f"{manifest.get('kind')} holds a password or a private key"


RULES = (user, container_security, token, image, secrets)
