"""Does ruff see what a review would have to remember? A snippet for each ban, judged as if it stood in a file."""

import json
import subprocess
import sys

import pytest
from architecture.workspace import ROOT

BANNED, RELATIVE, NAIVE, LATE, PASSWORD = "TID251", "TID252", "DTZ005", "PLC0415", "S105"

ENVIRONMENT = "import os\n\nURL = os.environ['MONGO_URL']\n"
GETENV = "import os\n\nURL = os.getenv('MONGO_URL')\n"
FROM_OS = "from os import environ\n\nURL = environ['MONGO_URL']\n"
NOW = "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n"
NAIVE_NOW = "from datetime import datetime\n\nNOW = datetime.now()\n"
SECONDS = "import time\n\nNOW = time.time()\n"
SLEEP = "import time\n\ntime.sleep(1)\n"
ASLEEP = "import asyncio\n\n\nasync def wait() -> None:\n    await asyncio.sleep(1)\n"

SEEN = [
    ("services/intake/src/intake/app.py", ENVIRONMENT, BANNED),
    ("services/intake/src/intake/usecases/services.py", GETENV, BANNED),
    ("chassis/src/chassis/service.py", FROM_OS, BANNED),
    ("cli/src/slkt/main.py", ENVIRONMENT, BANNED),
    ("deploy/local/src/slkt_local/stack.py", ENVIRONMENT, BANNED),
    ("services/routing/src/routing/usecases/tickets.py", NOW, BANNED),
    ("services/routing/src/routing/settings.py", NAIVE_NOW, NAIVE),
    ("chassis/src/chassis/relay.py", NOW, BANNED),
    ("chassis/src/chassis/relay.py", SECONDS, BANNED),
    ("chassis/src/chassis/relay.py", "from . import clock\n", RELATIVE),
    ("services/intake/src/intake/http.py", "from .domain import Service\n", RELATIVE),
    ("services/intake/src/intake/http.py", "def late() -> None:\n    import json\n\n    json.dumps({})\n", LATE),
    ("services/intake/src/intake/settings.py", "password = 'hush-hush'\n", PASSWORD),
    ("tests/unit/test_some.py", SLEEP, BANNED),
    ("tests/faults/test_some.py", ASLEEP, BANNED),
    ("tests/e2e/test_some.py", "from .stack import up\n", RELATIVE),
]

ALLOWED = [
    ("services/intake/src/intake/settings.py", ENVIRONMENT),
    ("chassis/src/chassis/clock.py", NOW),
    ("chassis/src/chassis/relay.py", ASLEEP),
    ("tests/integration/test_some.py", ENVIRONMENT),
    ("tests/kit/waiting.py", ASLEEP),
]


def findings(path: str, source: str) -> set[str]:
    """The codes that ruff finds in ``source`` as if it stood at ``path``, but for those about order and use."""
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "json", "--stdin-filename", path, "-"],
        cwd=ROOT,
        input=source,
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stderr
    return {one["code"] for one in json.loads(done.stdout)} - {"F401", "I001"}


@pytest.mark.parametrize(("path", "source", "code"), SEEN)
def test_what_is_banned_is_seen(path: str, source: str, code: str) -> None:
    assert code in findings(path, source)


@pytest.mark.parametrize(("path", "source"), ALLOWED)
def test_it_may_stand_where_it_belongs(path: str, source: str) -> None:
    assert findings(path, source) == set()
