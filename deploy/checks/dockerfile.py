"""The Dockerfile: a linter's opinion, and ours. No image is built."""

import re
import subprocess
import tomllib

from checks.chart import ROOT

DOCKERFILE = ROOT / "deploy/Dockerfile"


def complaints() -> list[str]:
    text = DOCKERFILE.read_text()
    return [*_lint(), *_rust(text), *_images(text), *_user(text), *_start(text), *_context(text)]


def _lint() -> list[str]:
    found = subprocess.run(("hadolint", "--no-color", str(DOCKERFILE)), capture_output=True, text=True, check=False)
    return [] if found.returncode == 0 else [f"hadolint: {(found.stdout + found.stderr).strip()}"]


def _rust(text: str) -> list[str]:
    """The compiler is the one that the workspace asks for, or newer."""
    wanted = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["rust-version"]
    found = re.search(r"^ARG BUILD_IMAGE=rust:([\d.]+)", text, re.MULTILINE)
    if found and _numbers(found[1]) >= _numbers(wanted):
        return []
    return [f"the image for building has not Rust {wanted} or newer"]


def _images(text: str) -> list[str]:
    named = re.findall(r"^ARG \w+_IMAGE=(\S+)", text, re.MULTILINE)
    return [f"the image `{name}` has no fixed tag" for name in named if ":" not in name or name.endswith(":latest")]


def _user(text: str) -> list[str]:
    last = re.findall(r"^USER (\S+)", _final_stage(text), re.MULTILINE)[-1:]
    if last and re.fullmatch(r"[1-9]\d*:[1-9]\d*", last[0]):
        return []
    return ["the image does not run as a number other than 0"]


def _start(text: str) -> list[str]:
    wanted = ['ENTRYPOINT ["epstats"]', 'CMD ["serve"]', "EXPOSE 8080"]
    lines = _final_stage(text).splitlines()
    found = [f"no `{line}`" for line in wanted if line not in lines]
    return found + [f"there is no shell for `{line}`" for line in lines if line.startswith("RUN ")]


def _context(text: str) -> list[str]:
    """What is copied exists, and gets past the list of what stays out."""
    listed = (DOCKERFILE.parent / "Dockerfile.dockerignore").read_text().splitlines()
    admitted = {line[1:] for line in listed if line.startswith("!")}
    found = [f"`{name}` is admitted and does not exist" for name in sorted(admitted) if not (ROOT / name).exists()]
    for line in re.findall(r"^COPY (?!--from)(.*)", text, re.MULTILINE):
        for name in line.split()[:-1]:
            if name not in admitted:
                found.append(f"`{name}` is copied, but kept out by Dockerfile.dockerignore")
    return found


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _final_stage(text: str) -> str:
    return re.split(r"^FROM ", text, flags=re.MULTILINE)[-1]
