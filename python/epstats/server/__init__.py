"""The REST service in this process, in front of a Dao of your own.

>>> from epstats.server import start
>>> from epstats.toolkit.testing import TestDaoFactory, TestData
>>> with start(dao_factory=TestDaoFactory(TestData()), port=0) as server:
...     server.url.startswith("http://")
True
"""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Any

from .. import _epstats
from .settings import ApiSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..toolkit import Dao, DaoFactory

__all__ = ["Api", "ApiSettings", "RunningServer", "get_api", "serve", "start"]


class Api:
    """A service that is not started yet: its settings, and where its Daos come from."""

    def __init__(self, settings: ApiSettings, dao_factory: DaoFactory | Callable[[], Dao] | None) -> None:
        self.settings = settings
        self.dao_factory = dao_factory


class RunningServer:
    """A service that takes requests until it is stopped, or its ``with`` block ends."""

    def __init__(self, server: _epstats.Server) -> None:
        self._server = server

    @property
    def url(self) -> str:
        """Where clients connect to."""
        return self._server.url

    def wait(self) -> None:
        """Waits until the service ends; Ctrl-C gets through."""
        self._server.wait()

    def stop(self) -> None:
        """Stops once requests in flight are answered."""
        self._server.stop()

    def __enter__(self) -> RunningServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def get_api(settings: ApiSettings, get_dao: Callable[[], Any], get_executor_pool: Any = None) -> Api:
    """A service of a Dao, to be given to :func:`serve`.

    :param settings: its settings
    :param get_dao: makes a :class:`epstats.toolkit.Dao`, or a generator that yields one, for each request
    :param get_executor_pool: not needed; the service has threads of its own, ``settings.evaluation_pool_size`` of which evaluate
    """
    return Api(settings, _closing(get_dao))


def start(
    api: Api | None = None,
    settings: ApiSettings | None = None,
    *,
    dao_factory: DaoFactory | Callable[[], Dao] | None = None,
    data: str | None = None,
    **changes: Any,
) -> RunningServer:
    """Starts the service and returns; it runs on threads of its own.

    :param api: what :func:`get_api` made
    :param settings: settings; from the environment if not given
    :param dao_factory: makes a Dao for each request: a :class:`epstats.toolkit.DaoFactory`, or a function
    :param data: without a Dao: a folder with ``goals_agg.csv``; without both the test data are served
    :param changes: settings by name, such as ``port=0`` for a free port
    :raises OSError: if the socket cannot be opened
    """
    if api is not None:
        settings, dao_factory = settings or api.settings, dao_factory or api.dao_factory
    settings = settings or ApiSettings(**changes)
    for name, value in changes.items():
        if name not in ApiSettings._DEFAULTS:
            raise TypeError(f"unknown setting: {name}")
        setattr(settings, name, value)
    return RunningServer(_epstats.Server(settings._texts(), dao_factory, data))


def serve(
    api: Api | str | None = None,
    settings: ApiSettings | None = None,
    log_config: Any = None,
    *,
    dao_factory: DaoFactory | Callable[[], Dao] | None = None,
    data: str | None = None,
    **changes: Any,
) -> None:
    """Serves until Ctrl-C or SIGTERM.

    :param api: what :func:`get_api` made, or where it is, as ``package.module:name``
    :param settings: settings; from the environment if not given
    :param log_config: not needed; ``settings.log_level`` says what is logged
    :param dao_factory: makes a Dao for each request
    :param data: without a Dao: a folder with ``goals_agg.csv``; without both the test data are served
    :param changes: settings by name
    """
    # Before the service is told of, so that nothing that ends it comes too early.
    is_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, _interrupt) if is_main else None
    server = None
    try:
        server = start(_find(api) if isinstance(api, str) else api, settings, dao_factory=dao_factory, data=data, **changes)
        server.wait()
    except KeyboardInterrupt:
        pass
    finally:
        if server is not None:
            server.stop()
        if before is not None:
            signal.signal(signal.SIGTERM, before)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _find(place: str) -> Api:
    import importlib

    module, _, name = place.partition(":")
    api = getattr(importlib.import_module(module), name)
    if not isinstance(api, Api):
        raise TypeError(f"`{place}` is no service of get_api, but {type(api).__name__}")
    return api


def _closing(get_dao: Callable[[], Any]) -> Callable[[], Any]:
    """The Dao of a function, or of a generator that yields one and closes it."""

    def make() -> Any:
        made = get_dao()
        return _Yielded(made) if hasattr(made, "__next__") else made

    return make


class _Yielded:
    """The Dao that a generator yields; closing it lets the generator go on to its end."""

    def __init__(self, generator: Any) -> None:
        self._generator = generator
        self._dao = next(generator)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dao, name)

    def close(self) -> None:
        next(self._generator, None)
