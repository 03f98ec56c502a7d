"""Serves the test data: `python -m epstats`."""

from __future__ import annotations

from .server import Api, ApiSettings, serve
from .toolkit.testing import TestDao, TestDaoFactory, TestData

settings = ApiSettings()


def get_dao() -> TestDao:
    """A Dao over the test data."""
    return TestDaoFactory(TestData()).get_dao()


api = Api(settings, None)
"""The service of the test data."""


def main() -> None:
    """Serves the test data until Ctrl-C; those of the folder that EPSTATS_TEST_DATA names, where it names one."""
    import os

    serve(api, settings, data=os.environ.get("EPSTATS_TEST_DATA"))
