"""Is the AsyncAPI document valid by the official JSON Schema of AsyncAPI 3.0?"""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from contract.nodes import install
from jsonschema import Draft7Validator

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Draft7Validator:
    place = install(Path(__file__).parent / "asyncapi", tmp_path_factory.mktemp("asyncapi"))
    schema = place / "node_modules" / "@asyncapi" / "specs" / "schemas" / "3.0.0-without-$id.json"
    return Draft7Validator(json.loads(schema.read_text()))


@pytest.fixture
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "contracts" / "asyncapi.yaml").read_text())
    return loaded


def test_the_document_is_valid(official: Draft7Validator, document: dict[str, Any]) -> None:
    assert [f"{error.json_path}: {error.message}" for error in official.iter_errors(document)] == []


def test_the_official_schema_bites(official: Draft7Validator, document: dict[str, Any]) -> None:
    document["operations"]["channel.send.channel.submission.v1"]["action"] = "publish"
    assert not official.is_valid(document)
