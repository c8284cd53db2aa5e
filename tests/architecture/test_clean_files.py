"""Does any file that is shared hold what belongs to one machine: an address to download from, a path, a secret?"""

import re
import subprocess
from pathlib import Path

import pytest
from architecture.workspace import ROOT, shared_files

#: Hosts that packages are downloaded from, in parts: this file is judged too.
_HOSTS = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("deb", "debian", "org"),
    ("archive", "ubuntu", "com"),
    ("proxy", "golang", "org"),
)
FORBIDDEN = {
    "an address to download from": re.compile("|".join(re.escape(".".join(host)) for host in _HOSTS)),
    "a path of one machine": re.compile(r"(?<![\w.{}$-])/(?:work|root|Users|home/\w+)/|\b[A-Z]:\\\\?Users\b"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|\"d\": *\"[\w-]{40,}\""),
    "a key of 32 bytes": re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])"),
    "a password in an address": re.compile(r"://[^\s/:@]+:[^\s/@{}<>$]{12,}@"),
    "a token of a provider": re.compile(r"\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{30,}|\bxox[bp]-\w{10,}"),
}
LOCKS = ("requirements.lock", "package-lock.json")


def findings(root: Path) -> list[str]:
    found = []
    for file in shared_files(root):
        try:
            text = file.read_text()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            found += [
                f"{file.relative_to(root)}:{number} holds {what}"
                for what, pattern in FORBIDDEN.items()
                if pattern.search(line)
            ]
        if file.name in LOCKS and "://" in text:
            found.append(f"{file.relative_to(root)} holds an address")
    return found


def test_no_shared_file_belongs_to_one_machine() -> None:
    assert findings(ROOT) == []


def test_there_is_something_to_judge() -> None:
    names = {str(file.relative_to(ROOT)) for file in shared_files(ROOT)}
    assert {"requirements.lock", "Makefile", "contracts/src/contracts/base.py"} <= names
    assert not any(name.startswith((".venv/", ".local/")) for name in names)


@pytest.mark.parametrize("in_git", [True, False])
@pytest.mark.parametrize(
    ("line", "what"),
    [
        (f"https://files.{'.'.join(_HOSTS[1])}/packages/a.whl", "an address to download from"),
        (f"--extra-index-url https://{'.'.join(_HOSTS[0])}/simple", "an address to download from"),
        (f"cd /{'work'}/main", "a path of one machine"),
        (f"see /{'home'}/budi/notes", "a path of one machine"),
        (f"-----BEGIN {'PRIVATE'} KEY-----", "a private key"),
        (f'{{"kty": "OKP", "d"{":"} "{"k" * 43}"}}', "a private key"),
        (f"MASTER_KEY={'A' * 43}=", "a key of 32 bytes"),
        (f"amqp://intake:{'s3cret' * 3}@mq/slkt", "a password in an address"),
        (f"AKIA{'A' * 16}", "a token of a provider"),
    ],
)
def test_what_belongs_to_one_machine_is_seen(line: str, what: str, in_git: bool, tmp_path: Path) -> None:
    if in_git:
        subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "some.md").write_text(f"# Some\n{line}\n")
    assert findings(tmp_path) == [f"notes/some.md:2 holds {what}"]


def test_what_is_made_is_not_judged_where_there_is_no_git(tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "pyvenv.cfg").write_text(f"home = /{'root'}/python\n")
    (tmp_path / "README.md").write_text("# Some\n")
    assert shared_files(tmp_path) == [tmp_path / "README.md"]


def test_a_lock_with_an_address_is_seen(tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").write_text("one @ https://example.org/one.whl\n")
    assert findings(tmp_path) == ["requirements.lock holds an address"]
