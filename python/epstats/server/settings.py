"""Settings of the service."""

from __future__ import annotations

import os
from typing import Any, ClassVar


class ApiSettings:
    """What the service is called, where it listens, how much it does at a time.

    Each field is taken from the arguments, else from the environment (``EPSTATS_PORT`` or ``PORT``), else it has its default.
    The environment has more settings, such as keys and TLS; the page on the server lists them.
    """

    _DEFAULTS: ClassVar[dict[str, str | int]] = {
        "app_name": "ep-stats",
        "app_env": "dev",
        "app_title": "Experimentation Platform Statistics",
        "app_description": "API for statistical evaluation in Experimentation Platform.",
        "host": "localhost",
        "port": 8080,
        "log_level": "info",
        "evaluation_pool_size": 5,
        "web_workers": 1,
    }

    app_name: str
    app_env: str
    app_title: str
    app_description: str
    host: str
    port: int
    log_level: str
    evaluation_pool_size: int
    web_workers: int

    def __init__(self, **settings: Any) -> None:
        unknown = settings.keys() - self._DEFAULTS.keys()
        if unknown:
            raise TypeError(f"unknown settings: {', '.join(sorted(unknown))}")
        for name, default in self._DEFAULTS.items():
            value = settings.get(name, _of_environment(name))
            setattr(self, name, default if value is None else type(default)(value))

    def _texts(self) -> list[tuple[str, str]]:
        return [(name, str(getattr(self, name))) for name in self._DEFAULTS]

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._DEFAULTS)
        return f"ApiSettings({fields})"


def _of_environment(name: str) -> str | None:
    return next((os.environ[key] for key in (f"EPSTATS_{name.upper()}", name.upper(), name) if key in os.environ), None)
