"""What mutmut has found, module by module, and what is kept of it beside the page.

`mutants/` stays on one machine. What was measured is committed (`RECORD`) with the state of the
module it was measured on, so that a run of a few modules, or one in a fresh checkout, leaves the
others their rows, and a module changed since is known to be.
"""

import ast
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code

ROOT = Path(__file__).resolve().parents[2]
POLICY = Path("src/cunjing/policy")
RECORD = ROOT / "docs/reference/policy-mutants.json"
DIGITS = 12


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one function: `old` and `new` are the lines that differ, in one line each."""

    function: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A module whose mutants have all run: how many were killed, and which were not.

    `code` is the state of the module's file then, `endless` what was stopped after its time.
    `alone`: only the module's own tests have run, in forks of one pytest session.
    """

    module: str
    code: str
    killed: int
    endless: tuple[Mutant, ...]
    survived: tuple[Mutant, ...]
    alone: bool = False


def found(names: Sequence[str], root: Path = ROOT) -> Iterator[Measured]:
    """What the last run has found of the modules named as for mutmut, or of all.

    Without those not run whole, or written since their mutants were made. Where there is nothing
    to change, nothing need be named.
    """
    for path in sorted((root / "mutants" / POLICY).rglob("*.meta")):
        source = path.relative_to(root / "mutants").with_suffix("")
        codes = json.loads(path.read_text("utf-8"))["exit_code_by_key"]
        run = not (names and codes) or any(fnmatch(key, name) for key in codes for name in names)
        if run and None not in codes.values() and _is_older(root / source, path.with_suffix("")):
            yield _measured(source, codes, root)


def _is_older(source: Path, mutated: Path) -> bool:
    return source.exists() and source.stat().st_mtime < mutated.stat().st_mtime


def _measured(source: Path, codes: dict[str, int], root: Path) -> Measured:
    by_status: dict[str, list[str]] = {}
    for name, code in codes.items():
        by_status.setdefault(status_by_exit_code[code], []).append(name)
    killed = len(by_status.pop("killed", []))
    endless = by_status.pop("timeout", [])
    survived = [name for names in by_status.values() for name in names]
    return Measured(
        module=".".join(source.relative_to(POLICY).with_suffix("").parts),
        code=code_of(root / source),
        killed=killed,
        endless=tuple(_mutant(name, source) for name in endless),
        survived=tuple(_mutant(name, source) for name in survived),
    )


def _mutant(name: str, source: Path) -> Mutant:
    lines = get_diff_for_mutant(name, path=source).splitlines()[2:]
    old, new = (
        " ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"
    )
    return Mutant(_function(name), old, new)


def _function(name: str) -> str:
    """`Class.method` or `function` from mutmut's name of the mutant."""
    own = name.rpartition(".")[2].rpartition("__mutmut_")[0]
    return own[1:].strip("ǁ").replace("ǁ", ".") if "ǁ" in own else own[2:]


def read_record(record: Path = RECORD) -> dict[str, Measured]:
    """What is kept, by module."""
    kept = json.loads(record.read_text("utf-8")) if record.exists() else {}
    return {module: _read(module, said) for module, said in kept.items()}


def _read(module: str, said: dict[str, Any]) -> Measured:
    endless, survived = (
        tuple(Mutant(**one) for one in said[name]) for name in ("endless", "survived")
    )
    alone = said.get("alone", False)
    return Measured(module, said["code"], said["killed"], endless, survived, alone=alone)


def write_record(measured: dict[str, Measured], record: Path = RECORD) -> None:
    """Keep it: a line for each thing, so that it merges."""
    said = {module: asdict(one) for module, one in sorted(measured.items())}
    for one in said.values():
        del one["module"]
    record.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")


def modules(root: Path = ROOT) -> dict[str, str]:
    """The modules with functions there are now, and the state of each."""
    paths = sorted((root / POLICY).rglob("*.py"))
    return {
        ".".join(path.relative_to(root / POLICY).with_suffix("").parts): code_of(path)
        for path in paths
        if _has_functions(path)
    }


def _has_functions(path: Path) -> bool:
    return any(
        isinstance(node, ast.FunctionDef) for node in ast.walk(ast.parse(path.read_text("utf-8")))
    )


def code_of(path: Path) -> str:
    """The state of a file in a few digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:DIGITS]
