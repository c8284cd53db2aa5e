"""Are the committed descriptions what the code says, and is a stale one named with what to run?"""

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from contracts.description.release import Release, present

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "contracts" / "generate.py"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = spec_from_file_location("generate", SCRIPT)
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_what_is_committed_is_what_the_contracts_say(hash_seed: str) -> None:
    """With two hash seeds, since sets and dictionaries must not decide about the order of anything."""
    done = subprocess.run(
        [sys.executable, SCRIPT, "--check"],
        capture_output=True,
        text=True,
        env={"PYTHONHASHSEED": hash_seed},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_stale_a_missing_and_a_stray_file_are_named(
    generate: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, place in (("ROOT", tmp_path), ("CONTRACTS", tmp_path / "contracts")):
        monkeypatch.setattr(generate, name, place)
    assert generate.main([]) == 0
    (tmp_path / "docs/messages.md").write_text("old")
    (tmp_path / "contracts/asyncapi.yaml").unlink()
    (tmp_path / "contracts/schemas/intake.forgotten.v1.json").write_text("{}")
    capsys.readouterr()
    assert generate.main(["--check"]) == 1
    said = capsys.readouterr().out
    assert "docs/messages.md differs" in said
    assert "contracts/asyncapi.yaml is missing" in said
    assert "intake.forgotten.v1.json describes no message any more" in said
    assert "python contracts/generate.py" in said
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0


def test_a_release_is_read_back_as_it_was(generate: ModuleType, tmp_path: Path) -> None:
    assert generate.release(present(), tmp_path) == ""
    assert generate.released(tmp_path) == present()


def test_a_release_that_breaks_is_refused_and_keeps_what_was_released(generate: ModuleType, tmp_path: Path) -> None:
    now = present()
    assert generate.release(now, tmp_path) == ""
    without = {key: way for key, way in now.wire["messages"].items() if key != "intake.service-closed.v1"}
    refused = generate.release(Release(now.schemas, now.wire | {"messages": without}), tmp_path)
    assert "intake.service-closed.v1: the message is gone" in refused
    assert generate.released(tmp_path) == now
