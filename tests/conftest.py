"""Which fixtures does every test find?"""

import gc
from collections.abc import Generator

import pytest

pytest_plugins = ("kit.servers", "kit.running", "kit.ground", "kit.people", "kit.browser", "kit.shares")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of tests stay to the end: nobody looks for what is freed among them, now or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
