"""Would intake accept the complaint of the examples? By its own rules, taxonomy and door key."""

import json
from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from contracts.base import Request
from contracts.channel import Private, Submission
from intake.adapters.seals import DoorKey
from intake.adapters.taxonomy import load_taxonomy
from intake.completeness import problems
from joserfc.jwk import OKPKey

EXAMPLES = Path(__file__).resolve().parents[2] / "contracts" / "examples"


@pytest.fixture(scope="module")
def publisher() -> ModuleType:
    spec = spec_from_file_location("publish_submission", EXAMPLES / "publish_submission.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_opens_at_intakes_door_and_is_complete(publisher: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "door.jwk"
    path.write_text(json.dumps(OKPKey.generate_key("X25519", {"kid": "door"}).as_dict(private=True)))
    door = DoorKey(path)
    sent = Request[Submission].model_validate_json(publisher.envelope("web", "key-1", door.public))
    private = Private.model_validate_json(door.open(sent.data.sealed or ""))
    assert problems(sent.data.model_dump(), private.model_dump(), 1_000, load_taxonomy(), date(2026, 3, 2)) == []
