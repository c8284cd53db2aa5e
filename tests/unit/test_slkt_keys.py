"""A new key comes beside those that may still be needed; what was followed long ago goes."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from chassis.ids import new_id
from chassis.signing import signing_keys
from kit.issuing import pairs, private_set
from slkt.main import app_of
from typer.testing import CliRunner

DAY_MS = 86_400_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "staff.jwk"
    made.write_text(json.dumps(pairs("staff-1")[0][0]))
    return made


def said(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app_of(["keys"]), ["keys", *map(str, words)])
    return done.exit_code, done.output


def names(file: Path) -> list[str]:
    return [one.id for one in signing_keys(file)]


def test_a_new_key_stands_behind_the_one_before(file: Path) -> None:
    code, out = said("rotate", file)
    old, new = names(file)
    assert (code, old) == (0, "staff-1") and new.startswith("staff-") and new in out
    assert file.stat().st_mode & 0o777 == 0o600


def test_keys_made_one_after_another_all_stay_as_long_as_their_tokens_may_be_out(file: Path) -> None:
    for _ in range(3):
        assert said("rotate", file)[0] == 0
    assert len(names(file)) == 4 and names(file)[0] == "staff-1"


def test_what_was_followed_long_ago_goes_at_the_next_rotation(file: Path) -> None:
    yesterday = str(UUID(int=(UUID(new_id()).int - (DAY_MS << 80))))
    private_set(file, *pairs("staff-1", f"staff-{yesterday}")[0])
    code, out = said("rotate", file)
    assert code == 0 and "gone: staff-1" in out
    assert names(file)[0] == f"staff-{yesterday}" and len(names(file)) == 2


def test_a_key_that_is_known_to_others_is_dropped_at_once(file: Path) -> None:
    assert said("rotate", "--at-once", file)[0] == 0
    assert len(names(file)) == 1 and names(file) != ["staff-1"]


def test_no_file_of_public_keys_brings_a_dropped_key_back(file: Path, tmp_path: Path) -> None:
    beside, elsewhere = file.with_suffix(".jwks"), tmp_path / "elsewhere.jwks"
    for place in (beside, elsewhere):
        place.write_text(said("public", file)[1])
    assert said("rotate", "--at-once", "--published", elsewhere, file)[0] == 0
    for place in (beside, elsewhere):
        assert [one["kid"] for one in json.loads(place.read_text())["keys"]] == names(file)
        assert '"d"' not in place.read_text()


def test_what_is_printed_for_others_has_no_secret_in_it(file: Path) -> None:
    code, out = said("public", file)
    assert code == 0
    assert [set(one) & {"d"} for one in json.loads(out)["keys"]] == [set()]


def test_what_is_no_key_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "door.jwk"
    file.write_text('{"kty": "OKP", "crv": "X25519", "kid": "door-1", "d": "AAAA"}')
    before = file.read_text()
    assert said("rotate", file)[0] == 2
    assert file.read_text() == before
    assert said("rotate", tmp_path / "nowhere.jwk")[0] == 2
