"""Which fixtures does every test find?"""

import gc

pytest_plugins = ("kit.servers", "kit.running", "kit.ground", "kit.people", "kit.browser", "kit.shares")


def pytest_collection_finish() -> None:
    """Thousands of tests stay to the end: whatever is freed later is looked for without going through them."""
    gc.freeze()
