"""Which imports may a package have? Allow-lists: what is not named is forbidden, whatever it is called.

import-linter forbids what its contracts name; these rules say what is left over for everything else.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from architecture.workspace import OWN, SERVICES, Import, Package, distributions, imports, of_standard_library
from contracts.topology import FACTS

#: Modules that are as pure as ``domain``: rules of one service, the standard library and each other.
PURE = (
    "domain",
    "attachments",
    "marks",
    "likeness",
    "pairs",
    "completeness",
    "seeing",
    "directory",
    "service_levels",
    "working_days",
    "phones",
)
#: How working days are counted and numbers of phones read: as pure as a domain, and needed by more than one service.
SHARED = ("chassis.working_days", "chassis.phones")
Allowed = Callable[[Import], bool]


def _broken(package: Package, files: list[Path], allowed: Allowed, rule: str) -> Iterator[str]:
    for file in files:
        for one in imports(file):
            if not allowed(one):
                yield f"{package.module(file)}, line {one.line}: {one.module} ({rule})"


def contracts_stay_plain(package: Package) -> list[str]:
    """Contracts import pydantic, the standard library and contracts."""

    def allowed(one: Import) -> bool:
        return one.top in ("contracts", "pydantic") or of_standard_library(one.top)

    return list(_broken(package, package.files(), allowed, "contracts import pydantic and the standard library only"))


def domain_stays_pure(package: Package) -> list[str]:
    """A service's rules import the standard library and the same service's rules."""

    def pure(file: Path) -> bool:
        return file.relative_to(package.source).with_suffix("").parts[0] in PURE

    def allowed(one: Import) -> bool:
        own = one.module.split(".")
        shared = one.module.startswith(SHARED)
        return shared or of_standard_library(one.top) or (own[0] == package.name and len(own) > 1 and own[1] in PURE)

    files = [file for file in package.files() if pure(file)]
    return list(_broken(package, files, allowed, "rules import the standard library and rules only"))


def service_stays_alone(package: Package) -> list[str]:
    """A service imports itself, the chassis, contracts, and what its own pyproject.toml names."""

    def allowed(one: Import) -> bool:
        return one.top not in OWN or one.top in (package.name, "chassis", "contracts")

    return list(_broken(package, package.files(), allowed, "a service imports chassis and contracts only"))


def chassis_knows_no_message(package: Package) -> list[str]:
    """The chassis imports of contracts the envelope, the description of a broker, what all issuers say alike, what a
    page asks intake for, how numbers are written, and where pages lie."""

    def allowed(one: Import) -> bool:
        known = tuple(f"contracts.{name}" for name in ("base", "broker", "accounts", "dossier", "numbers", "pages"))
        return one.top not in OWN or one.top == "chassis" or one.module.startswith(known)

    return list(
        _broken(package, package.files(), allowed, "the chassis knows of contracts what is no service's message")
    )


def named_messages(package: Package) -> list[str]:
    """The keys and class names of facts that stand in a package as text or as a name."""
    facts = [fact for known in FACTS.values() for fact in known]
    words = {word for fact in facts for word in (fact.__name__, fact.key, fact.type())}
    found = []
    for file in package.files():
        for node in ast.walk(ast.parse(file.read_text())):
            word = node.value if isinstance(node, ast.Constant) else node.id if isinstance(node, ast.Name) else None
            if isinstance(word, str) and word in words and isinstance(node, ast.expr):
                found.append(f"{package.module(file)}, line {node.lineno}: {word} (the chassis names no message)")
    return found


def knows_no_service(package: Package) -> list[str]:
    """The command and the local stack meet services at their doors and in their documents, never in their code."""

    def allowed(one: Import) -> bool:
        return one.top not in SERVICES

    return list(_broken(package, package.files(), allowed, "services are known by their doors only"))


def everything_is_declared(package: Package, others: Mapping[str, Package]) -> list[str]:
    """An install of the package alone brings whatever it imports: named in its own pyproject.toml, or in that of the
    workspace packages named there (the web framework and pydantic are what the chassis and contracts bring)."""
    brought = package.brings(others)

    def allowed(one: Import) -> bool:
        if one.top == package.name or of_standard_library(one.top):
            return True
        if one.top in others:
            return others[one.top].distribution in package.declares
        return bool(distributions(one.top) & brought)

    return list(_broken(package, package.files(), allowed, f"not declared in {package.folder.name}/pyproject.toml"))


def nothing_is_declared_in_vain(package: Package) -> list[str]:
    """What a service asks for beside chassis and contracts, it imports: its image holds nothing for nobody."""
    used = {name for file in package.files() for one in imports(file) for name in distributions(one.top)}
    return [
        f"{package.name} declares {name} and imports nothing of it"
        for name in sorted(package.declares - used)
        if not name.startswith("slkt-")
    ]
