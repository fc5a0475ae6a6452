"""Strict YAML into frozen dataclasses: a class is its own schema, every error has file and line.

A dataclass decoded here names its keys as fields; a field without default is required; a field
called `line` receives the 1-based line the mapping starts on, one called `file` the file it stands
in; a field typed `Node` is handed over undecoded.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from cunjing.policy import yaml_words
from cunjing.policy.errors import Finding, InputError

_T = TypeVar("_T")
_TAG = "tag:yaml.org,2002:"
_LONGEST_FILE = 4 * 1024 * 1024
"""Bytes of a file: 200 times the longest that is shipped. Whatever they are, to read so many takes
seconds and half a gigabyte; what is longer is a file given by mistake."""
_TOO_LONG = "太长了，最多 4 MB，请检查是不是给错了文件"
_DEEPEST = 50
"""Levels of a file; a policy has seven. Each takes room on the stack, which ends at some depth."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONGEST = 12
"""Digits of a number: ten billion yuan. The engines calculate with 64 bits, so there is an end."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The loader of safe YAML, which goes only so deep. It tells of every node it goes down to
    and comes up from, which is there for tags that depend on the place; these files have none."""

    _depth = 0

    def descend_resolver(self, current_node: Node | None, _: object) -> None:
        self._depth += 1
        if current_node is not None and self._depth > _DEEPEST:
            problem = f"一层套一层太深，最多 {_DEEPEST} 层"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=current_node.start_mark)

    def ascend_resolver(self) -> None:
        self._depth -= 1


class BadValueError(Exception):
    """Already reported to the decoder; unwinds to the nearest place that can go on."""


def compose(path: Path) -> MappingNode:
    """The file's top mapping, undecoded. Raises InputError when it is no YAML mapping."""
    try:
        if path.stat().st_size > _LONGEST_FILE:
            raise InputError([Finding(str(path), None, None, _TOO_LONG)])
        with path.open(encoding="utf-8-sig") as file:
            node = yaml.compose(file, Loader=_Loader)
    except OSError as error:
        raise InputError([Finding(str(path), None, None, "文件打不开，请检查路径")]) from error
    except UnicodeDecodeError as error:
        raise InputError([Finding(str(path), None, None, "不是 UTF-8 编码，请另存")]) from error
    except yaml.MarkedYAMLError as error:
        line, message = yaml_words.told(error)
        raise InputError([Finding(str(path), line, None, message)]) from error
    except yaml.YAMLError as error:
        raise InputError([Finding(str(path), None, None, "含有不允许的字符")]) from error
    if not isinstance(node, MappingNode):
        raise InputError([Finding(str(path), 1, None, "应是“键: 值”组成的文件")])
    return node


def line_of(node: Node) -> int:
    """The 1-based line a node starts on."""
    return int(node.start_mark.line) + 1


def file_of(node: Node) -> str:
    """The path, as given, of the file a node comes from."""
    return str(node.start_mark.name)


class Decoder:
    """Decodes nodes and collects what is wrong with them in `findings`."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def bad(self, node: Node, key: str | None, message: str) -> BadValueError:
        """Record a finding at a node; raise what this returns."""
        self.findings.append(Finding(file_of(node), line_of(node), key, message, noun="键"))
        return BadValueError()

    def raise_findings(self) -> None:
        """InputError if anything is wrong so far."""
        if self.findings:
            raise InputError(self.findings)

    def record(self, node: Node, shape: type[_T], key: str | None = None) -> _T:
        """Decode a mapping into the dataclass `shape`; reports every bad key before raising."""
        pairs = self.pairs(node, key)
        hints = get_type_hints(shape)
        place = {"line": line_of(node), "file": file_of(node)}
        values: dict[str, Any] = {name: place[name] for name in place if name in hints}
        known = {field.name: field for field in fields(cast("Any", shape))}
        known = {name: field for name, field in known.items() if name not in place}
        sound = True
        keys = f"可用的键：{'、'.join(known)}" if known else "请删去"
        for name, (key_node, child) in pairs.items():
            if name not in known:
                self.bad(key_node, name, f"没有这个键，{keys}")
                sound = False
                continue
            try:
                values[name] = self.value(child, hints[name], name)
            except BadValueError:
                sound = False
        for name, field in known.items():
            absent = field.default is MISSING and field.default_factory is MISSING
            if absent and name not in pairs:
                self.bad(node, name, "缺少这个键，请补上")
                sound = False
        if not sound:
            raise BadValueError
        return shape(**values)

    def pairs(self, node: Node, key: str | None) -> dict[str, tuple[Node, Node]]:
        """A mapping's keys with their nodes; a key may occur once."""
        if not isinstance(node, MappingNode):
            raise self.bad(node, key, "应是“键: 值”")
        pairs: dict[str, tuple[Node, Node]] = {}
        for key_node, child in node.value:
            name = key_node.value if isinstance(key_node, ScalarNode) else "?"
            if name in pairs:
                raise self.bad(key_node, name, "同一个键写了两次，请删去一处")
            pairs[name] = (key_node, child)
        return pairs

    def value(self, node: Node, hint: Any, key: str) -> Any:
        """Decode a node as a field's type."""
        if hint is Node:
            return node
        generic = {UnionType: self._optional, tuple: self._sequence, Mapping: self._mapping}
        origin = get_origin(hint)
        if origin in generic:
            return generic[origin](node, hint, key)
        if is_dataclass(hint):
            return self.record(node, cast("type[Any]", hint), key)
        if issubclass(hint, StrEnum):
            return self._member(node, hint, key)
        return self._scalar(node, hint, key)

    def _optional(self, node: Node, hint: Any, key: str) -> Any:
        if isinstance(node, ScalarNode) and node.tag == _TAG + "null":
            return None
        (inner,) = (arg for arg in get_args(hint) if arg is not NoneType)
        return self.value(node, inner, key)

    def _sequence(self, node: Node, hint: Any, key: str) -> tuple[Any, ...]:
        if not isinstance(node, SequenceNode):
            raise self.bad(node, key, "应是一个列表")
        items, sound = [], True
        for child in node.value:
            try:
                items.append(self.value(child, get_args(hint)[0], key))
            except BadValueError:
                sound = False
        if not sound:
            raise BadValueError
        return tuple(items)

    def _mapping(self, node: Node, hint: Any, key: str) -> dict[Any, Any]:
        key_hint, value_hint = get_args(hint)
        return {
            self.value(key_node, key_hint, name): self.value(child, value_hint, name)
            for name, (key_node, child) in self.pairs(node, key).items()
        }

    def _member(self, node: Node, hint: type[StrEnum], key: str) -> StrEnum:
        text = self._scalar(node, str, key)
        try:
            return hint(text)
        except ValueError:
            allowed = "、".join(member.value for member in hint)
            raise self.bad(node, key, f"“{text}”不认识，应为以下之一：{allowed}") from None

    def _scalar(self, node: Node, hint: type[Any], key: str) -> Any:
        if not isinstance(node, ScalarNode):
            raise self.bad(node, key, f"应是{_NAMES[hint]}")
        tag = node.tag.removeprefix(_TAG)
        try:
            value = _SCALARS[hint](tag, node.value)
        except ValueError:
            wide = "，要用半角数字" if _is_wide(node.value) else ""
            raise self.bad(node, key, f"“{node.value}”不对，应是{_NAMES[hint]}{wide}") from None
        if hint is int and len(node.value.removeprefix("-").lstrip("0")) > _LONGEST:
            raise self.bad(node, key, f"“{node.value}”太大，最多 {_LONGEST} 位数字")
        return value


def _is_wide(value: str) -> bool:
    """Whether it has digits as a Chinese keyboard writes them."""
    return any(char.isdecimal() and not char.isascii() for char in value)


def _text(tag: str, value: str) -> str:
    if tag == "null" or not value.strip():
        raise ValueError(value)
    return value.strip()


def _integer(tag: str, value: str) -> int:
    if tag != "int" or re.fullmatch(r"-?\d+", value) is None:
        raise ValueError(value)
    return int(value)


def _boolean(tag: str, value: str) -> bool:
    if tag != "bool" or value not in {"true", "false"}:
        raise ValueError(value)
    return value == "true"


def _date(tag: str, value: str) -> date:
    if tag != "timestamp" or _DATE.fullmatch(value) is None:
        raise ValueError(value)
    return date.fromisoformat(value)


_SCALARS: dict[type[Any], Callable[[str, str], Any]] = {
    str: _text,
    int: _integer,
    bool: _boolean,
    date: _date,
}
_NAMES: dict[type[Any], str] = {
    str: "不空的文字",
    int: "整数",
    bool: "true 或 false",
    date: "真实存在的日期，写作 2026-09-01",
}
