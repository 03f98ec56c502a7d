"""The code of the pages and of docstrings runs."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import warnings
from pathlib import Path

import pytest
from conftest import ROOT

import epstats


@pytest.mark.parametrize("page", ["docs/python.md", "docs/python-migration.md", "README.md"])
def test_the_code_of_a_page_runs_from_top_to_bottom(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("polars")
    monkeypatch.chdir(tmp_path)
    text = (ROOT / page).read_text()
    blocks = list(re.finditer(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))
    assert blocks
    namespace: dict[str, object] = {}
    for block in blocks:
        line = text.count("\n", 0, block.start(1))
        # Lines of a traceback are those of the page.
        code = compile("\n" * line + block.group(1), page, "exec")
        with warnings.catch_warnings():
            # sqlite3 of Python 3.13 tells of connections that a page leaves to the garbage collector.
            warnings.simplefilter("ignore", ResourceWarning)
            exec(code, namespace)  # noqa: S102


MODULES = [module.name for module in pkgutil.walk_packages(epstats.__path__, "epstats.") if not module.name.endswith("__main__")]


@pytest.mark.parametrize("name", ["epstats", *MODULES])
def test_examples_of_docstrings_run(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert found.failed == 0


def test_everything_public_has_a_docstring() -> None:
    missing = []
    for name in ["epstats", *MODULES]:
        module = importlib.import_module(name)
        if name.rsplit(".", 1)[-1].startswith("_"):
            continue
        assert module.__doc__, f"{name} has no docstring"
        for thing in getattr(module, "__all__", ()):
            entry = getattr(module, thing)
            if callable(entry) and not entry.__doc__:
                missing.append(f"{name}.{thing}")
    assert not missing
