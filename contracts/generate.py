"""Are the committed descriptions of the contracts what the code says? Writes them, checks them, releases them.

python contracts/generate.py             write schemas, AsyncAPI document and catalogue
python contracts/generate.py --check     write nothing; fail where a file differs
python contracts/generate.py --release   keep what is described now as released; refused where it breaks something
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import yaml
from contracts.description.asyncapi import document
from contracts.description.page import page
from contracts.description.release import Release, advice, changes, present

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = ROOT / "contracts"
RELEASED = CONTRACTS / "released"
WRITE = "python contracts/generate.py"
HEAD = f"# How a tool reads the contracts. Made by `{WRITE}`: do not edit.\n"


def described(now: Release) -> dict[Path, str]:
    """Every generated file and its text."""
    files = {CONTRACTS / "schemas" / f"{key}.json": _json(schema) for key, schema in now.schemas.items()}
    files[CONTRACTS / "asyncapi.yaml"] = HEAD + _yaml(document("./schemas"))
    files[ROOT / "docs" / "messages.md"] = page("../contracts/schemas")
    return files


def released(folder: Path = RELEASED) -> Release:
    """What was released last. Errors: FileNotFoundError where nothing was."""
    schemas = {path.stem: json.loads(path.read_text()) for path in sorted((folder / "schemas").glob("*.json"))}
    return Release(schemas, json.loads((folder / "wire.json").read_text()))


def differing(files: dict[Path, str]) -> list[str]:
    """What stands otherwise than it should, one line each."""
    said = []
    for path, text in files.items():
        if not path.exists():
            said.append(f"{path.relative_to(ROOT)} is missing")
        elif path.read_text() != text:
            said.append(f"{path.relative_to(ROOT)} differs from what the contracts say")
    said += [f"{path.relative_to(ROOT)} describes no message any more" for path in _strays(CONTRACTS, files)]
    return said


def write(files: dict[Path, str], folder: Path) -> None:
    for path in _strays(folder, files):
        path.unlink()
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def release(now: Release, folder: Path = RELEASED) -> str:
    """Keeps what is described now; what to do instead, where that would break something."""
    if (folder / "wire.json").exists():
        found = changes(released(folder), now)
        if any(change.breaks for change in found):
            return advice(found)
    files = {folder / "schemas" / f"{key}.json": _json(schema) for key, schema in now.schemas.items()}
    write(files | {folder / "wire.json": _json(now.wire)}, folder)
    return ""


def _strays(folder: Path, files: dict[Path, str]) -> list[Path]:
    return [path for path in sorted((folder / "schemas").glob("*.json")) if path not in files]


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, _: Any) -> bool:
        return True

    def represent_text(self, text: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _Dumper.represent_text)


def _yaml(value: Any) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, width=120, allow_unicode=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="fail where a committed file differs")
    what.add_argument("--release", action="store_true", help="keep what is described now as released")
    chosen = parser.parse_args(arguments)
    now = present()
    files = described(now)
    if chosen.check:
        said = differing(files)
        print(
            "\n".join([*said, f"Run `{WRITE}` and commit what it writes."] if said else ["generated files: up to date"])
        )
        return 1 if said else 0
    write(files, CONTRACTS)
    if chosen.release and (refused := release(now)):
        print(refused, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
