"""Keys of a local stack: private files, made once, and tokens that a service can check with what it is given."""

import base64
import json
from pathlib import Path

import jwt
from contracts.topology import OWNERS
from kit.tokens import staff_token
from slkt_local.secrets import make_secrets


def test_what_intake_signs_is_checked_with_what_is_published(tmp_path: Path) -> None:
    secrets = make_secrets(tmp_path / "secrets")
    token = staff_token(secrets, "cso")
    keys = jwt.PyJWKSet.from_json(secrets.staff_keys.read_text())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    for service in OWNERS:
        assert jwt.decode(token, key, algorithms=["EdDSA"], audience=service, issuer="slkt-staff")["roles"] == ["cso"]


def test_no_token_is_made_at_the_start(tmp_path: Path) -> None:
    """Who asks logs in: nothing in the folder is a token, and nothing there makes one."""
    secrets = make_secrets(tmp_path / "secrets")
    assert not [name for name in dir(secrets) if "token" in name]
    assert not [file for file in secrets.folder.iterdir() if "eyJ" in file.read_text()]


def test_only_the_owner_reads_the_keys(tmp_path: Path) -> None:
    folder = make_secrets(tmp_path / "secrets").folder
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


def test_published_keys_hold_nothing_private(tmp_path: Path) -> None:
    secrets = make_secrets(tmp_path / "secrets")
    published = [json.loads(secrets.door_public_key.read_text())]
    for file in (secrets.staff_keys, secrets.service_keys, secrets.audit_keys):
        published += json.loads(file.read_text())["keys"]
    assert all("d" not in key for key in published)
    assert {key["kid"] for key in published} == {
        *("door-1", "staff-1", "intake", "pujk_gateway", "notifier", "tracking"),
        *("intake:1", "routing:1", "pujk_gateway:1", "notifier:1", "tracking:1"),
    }


def test_a_deployment_of_before_gets_keys_for_its_audits(tmp_path: Path) -> None:
    secrets = make_secrets(tmp_path / "secrets")
    before, published = secrets.audit_key("intake").read_text(), json.loads(secrets.audit_keys.read_text())["keys"]
    secrets.audit_key("routing").unlink()
    make_secrets(tmp_path / "secrets")
    assert secrets.audit_key("intake").read_text() == before
    *kept, added = json.loads(secrets.audit_keys.read_text())["keys"]
    made = json.loads(secrets.audit_key("routing").read_text())
    assert (kept, added["kid"], added["x"]) == (published, "routing:2", made["x"])


def test_made_again_they_are_the_same_and_a_new_channel_is_added(tmp_path: Path) -> None:
    first = make_secrets(tmp_path / "secrets", channels=["web"])
    second = make_secrets(tmp_path / "secrets", channels=["web", "kiosk"])
    assert second.master_key == first.master_key
    assert json.loads(second.channels.read_text()) == [
        {"name": "web", "broker_user": "channel-web"},
        {"name": "kiosk", "broker_user": "channel-kiosk"},
    ]


def test_symmetric_keys_are_32_bytes_and_different(tmp_path: Path) -> None:
    secrets = make_secrets(tmp_path / "secrets")
    keys = [base64.b64decode(key) for key in (secrets.master_key, secrets.number_key, secrets.pin_key)]
    assert [len(key) for key in keys] == [32, 32, 32]
    assert len(set(keys)) == 3
