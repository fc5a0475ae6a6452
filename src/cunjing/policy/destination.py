"""Where a result must not go: over what it is made of."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from cunjing.policy.errors import RequestError
from cunjing.policy.facts import Facts
from cunjing.policy.loader import find_parent, find_policy, load_policy
from cunjing.policy.soundness import FILE_NAME
from cunjing.policy.tables import TABLES


def check_out(out: str | None, *, policies: Sequence[str], facts: Facts | None = None) -> None:
    """RequestError where a result would replace a file of the facts or of the policies, as named on
    the command line, or become a table of the facts."""
    if out is None:
        return
    target = Path(os.path.realpath(out))
    if facts is not None and (
        _is_for_facts(target, facts.folder) or _is_one(target, facts.files())
    ):
        raise RequestError(f"“{out}”是事实文件夹里要读的文件，请给 --out 换个地方")
    for name in policies:
        if _is_one(target, _policy_files(name)):
            raise RequestError(f"“{out}”是这次用的政策，写上去它就没有了，请给 --out 换个地方")


def _is_one(target: Path, files: Iterator[Path]) -> bool:
    return target.exists() and any(os.path.realpath(file) == str(target) for file in files)


def _is_for_facts(target: Path, folder: Path) -> bool:
    """Whether the next to read the folder would read the target, or refuse it as misnamed."""
    place = Path(os.path.realpath(folder))
    parts = (os.path.realpath(folder / name) for name in TABLES)
    if place not in target.parents:
        return any(str(target.parent) == part for part in parts)
    first = target.relative_to(place).parts[0]
    return first == FILE_NAME or first.lower().partition(".")[0] in TABLES


def _policy_files(name: str) -> Iterator[Path]:
    """A policy's file, those it inherits, and their cases."""
    path = find_policy(name)
    while path is not None:
        yield path
        yield from path.parent.glob("cases/*.yaml")
        inherits = load_policy(str(path), kept=True).inherits
        path = find_parent(path, inherits) if inherits else None
