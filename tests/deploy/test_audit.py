"""An audit that nobody answered is no clean bill, and says so."""

import importlib.util
import json
import sys
from types import ModuleType
from typing import Any

import pytest
from architecture.workspace import ROOT


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / "deploy" / "audit.py")
    assert spec is not None and spec.loader is not None
    module = sys.modules["audit"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GOOD = {"name": "good", "version": "1.0", "vulns": []}
BAD = {
    "name": "bad",
    "version": "2.0",
    "vulns": [{"id": "PYSEC-2099-1", "aliases": ["CVE-2099-1"], "fix_versions": ["2.1"], "description": "x"}],
}
UNKNOWN = {"name": "odd", "skip_reason": "not found there"}


def says(text: str, code: int = 0, error: str = "") -> list[str]:
    """An auditor that says this, whatever it is asked."""
    program = f"import sys; sys.stdout.write({text!r}); sys.stderr.write({error!r}); sys.exit({code})"
    return [sys.executable, "-c", program]


@pytest.mark.parametrize(
    ("dependencies", "code", "words"),
    [
        ([GOOD], 0, "1 pustaka, tidak ada kerentanan"),
        ([GOOD, BAD], 1, "bad 2.0: PYSEC-2099-1 CVE-2099-1 (mended in: 2.1)"),
        ([GOOD, UNKNOWN], 2, "not judged: odd: not found there"),
        ([BAD, UNKNOWN], 1, "1 kerentanan dikenal"),
        ([], 2, "nothing was found clean"),
    ],
)
def test_the_verdict_is_of_all_that_is_pinned(
    audit: ModuleType, dependencies: list[Any], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit.main(auditor=says(json.dumps({"dependencies": dependencies, "fixes": []}))) == code
    assert words in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "no JSON", "[]", '{"other": 1}'])
def test_silence_is_no_clean_bill(audit: ModuleType, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main(auditor=says(text, 1, "ERROR: could not connect\n")) == 2
    shown = capsys.readouterr().out
    assert "could not connect" in shown and "Tidak ada jawaban" in shown
    assert all(f"asking {one}" in shown for one in audit.DATABASES)


def test_the_real_auditor_gets_no_answer_from_a_closed_door(audit: ModuleType) -> None:
    verdict = audit.ask("osv", more=["--osv-url", "http://127.0.0.1:9/"])
    assert (verdict.code, verdict.judged) == (audit.UNKNOWN, 0)
    assert "onnect" in verdict.silent
