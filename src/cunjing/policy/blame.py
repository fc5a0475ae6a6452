"""Whose line a mistake is that shows in what a policy inherits.

A county that withdraws a rule leaves its clause and its parameter without one: they stand in the
parent's file, which is sound. The line to mend is the county's.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from yaml.nodes import MappingNode, Node

from cunjing.policy.decode import compose, line_of
from cunjing.policy.errors import Finding


@dataclass(frozen=True, slots=True)
class _Change:
    """One thing a policy says otherwise than its parent, and its file's mapping without it."""

    key: str
    line: int
    without: MappingNode


def at_the_change(
    path: Path,
    findings: Sequence[Finding],
    *,
    parent: Callable[[str], Sequence[Finding]],
    changed: Callable[[MappingNode], Sequence[Finding]],
) -> list[Finding]:
    """The findings, those that the file at `path` causes in what it inherits at its own line.

    `parent` tells what is wrong with the policy of a name alone: that stays where it is. `changed`
    tells what would be wrong with another mapping in the file's place: what is gone without a
    change is caused by it.
    """
    top = compose(path)
    inherits = next((node for node in top.value if node[0].value == "inherits"), None)
    if inherits is None:
        return list(findings)
    own = {_told(item) for item in parent(str(inherits[1].value))}
    foreign = [item for item in findings if item.file != str(path) and _told(item) not in own]
    causes: dict[Finding, _Change] = {}
    for change in _changes(top) if foreign else ():
        left = set(changed(change.without))
        causes |= {item: change for item in foreign if item not in left and item not in causes}
    line = line_of(inherits[0])
    return [
        _placed(item, path, causes.get(item), line) if item in foreign else item
        for item in findings
    ]


def _told(item: Finding) -> tuple[Path, int | None, str | None, str]:
    """A finding by what it says; a grandparent's file goes by other names from elsewhere."""
    return Path(item.file).resolve(), item.row, item.column, item.message


def _placed(item: Finding, path: Path, cause: _Change | None, line: int) -> Finding:
    key = cause.key if cause else "inherits"
    what = f"“{item.column}”{item.noun}" if item.column else "内容"
    message = f"这样一改，继承来的{what}：{item.message}"
    return Finding(str(path), cause.line if cause else line, key, message, noun="键")


def _changes(top: MappingNode) -> Iterator[_Change]:
    """The single changes under `overrides`, then the file's own keys."""
    for pair in top.value:
        if pair[0].value == "overrides" and isinstance(pair[1], MappingNode):
            yield from _overrides(top, pair)
    for pair in top.value:
        if pair[0].value not in {"id", "inherits", "overrides"}:
            yield _Change(pair[0].value, line_of(pair[0]), _without(top, pair))


def _overrides(top: MappingNode, overrides: tuple[Node, MappingNode]) -> Iterator[_Change]:
    for section in overrides[1].value:
        if not isinstance(section[1], MappingNode):
            continue
        for entry in section[1].value:
            less = (section[0], _without(section[1], entry))
            others = (overrides[0], _with(overrides[1], section, less))
            whole = _with(top, overrides, others)
            yield _Change(str(entry[0].value), line_of(entry[0]), whole)


def _without(node: MappingNode, pair: tuple[Node, Node]) -> MappingNode:
    return _mapping(node, [one for one in node.value if one is not pair])


def _with(node: MappingNode, pair: tuple[Node, Node], other: tuple[Node, Node]) -> MappingNode:
    return _mapping(node, [other if one is pair else one for one in node.value])


def _mapping(node: MappingNode, pairs: list[tuple[Node, Node]]) -> MappingNode:
    return MappingNode(node.tag, pairs, node.start_mark, node.end_mark)
