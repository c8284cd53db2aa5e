"""Which fixtures does every test find?"""

pytest_plugins = ("kit.servers", "kit.running", "kit.ground", "kit.people", "kit.browser", "kit.shares")
