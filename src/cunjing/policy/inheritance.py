"""One policy built on another: the child's keys over the parent's, before anything is decoded.

Lists (clauses, rules, parameters, listings) are the parent's followed by the child's own.
`overrides` changes single keys of the parent's rules, parameters and clauses by id; a null
withdraws the entry. Nodes keep the file and line they came from, so errors point at the right one.
"""

from collections.abc import Callable
from pathlib import Path

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from cunjing.policy.decode import BadValueError, Decoder, compose
from cunjing.policy.likeness import perhaps

_LISTS = {
    "clauses": "number",
    "rules": "id",
    "parameters": "id",
    "role_sets": "id",
    "duties": "id",
    "tasks": "id",
    "questions": "id",
    "prohibitions": "id",
    "boards": "id",
    "matching": "id",
}
_NO_LIST = "应是一个列表，写要添的条目；要改继承来的，写在 overrides 的 {} 下；都没有就删去这个键"
_PARENTS = "可以写：随产品提供的政策（cunjing policy list 列出），或者旁边文件夹里一份的文件夹名"
_MERGED = ("minimum_days", "matching_weights", "pay")


def compose_whole(
    path: Path,
    *,
    decoder: Decoder,
    find: Callable[[str], Path | None],
    top: MappingNode | None = None,
) -> MappingNode:
    """The file's mapping, or `top` in its place, with everything it inherits. `find` turns a policy
    id into a file."""
    seen: list[Path] = []
    chain: list[MappingNode] = []
    following: Path | None = path
    while following is not None:
        node = top if top is not None and not seen else compose(following)
        seen.append(following.resolve())
        chain.append(node)
        following = _parent(node, decoder=decoder, find=find, seen=seen)
    whole = chain.pop()
    while chain:
        whole = _merge(parent=whole, child=chain.pop(), decoder=decoder)
    return whole


def _parent(
    node: MappingNode, *, decoder: Decoder, find: Callable[[str], Path | None], seen: list[Path]
) -> Path | None:
    pairs = decoder.pairs(node, None)
    if "inherits" not in pairs:
        if "overrides" in pairs:
            raise decoder.bad(pairs["overrides"][0], "overrides", "没有 inherits 就没有可改写的")
        return None
    value = pairs["inherits"][1]
    name = decoder.value(value, str, "inherits")
    path = find(name)
    if path is None:
        raise decoder.bad(value, "inherits", f"找不到政策“{name}”，{_PARENTS}")
    if path.resolve() in seen:
        raise decoder.bad(value, "inherits", "政策之间互相继承，绕了回来")
    return path


def _merge(*, parent: MappingNode, child: MappingNode, decoder: Decoder) -> MappingNode:
    merged = dict(decoder.pairs(parent, None))
    own = decoder.pairs(child, None)
    overrides = own.pop("overrides", None)
    if overrides is not None:
        _override(merged, decoder.pairs(overrides[1], "overrides"), decoder)
    sound = True
    for key, (key_node, value) in own.items():
        inherited = merged.get(key)
        if inherited is None or key not in _LISTS:
            merged[key] = (key_node, value)
        elif (joined := _joined(inherited[1], value, key=key, decoder=decoder)) is not None:
            merged[key] = (key_node, joined)
        else:
            sound = False
    if not sound:
        raise BadValueError
    return _mapping(merged, like=child)


def _override(
    merged: dict[str, tuple[Node, Node]], changes: dict[str, tuple[Node, Node]], decoder: Decoder
) -> None:
    for key, (key_node, value) in changes.items():
        if key not in merged or key not in (*_LISTS, *_MERGED):
            allowed = "、".join((*_LISTS, *_MERGED))
            raise decoder.bad(key_node, key, f"不能在这里改写，可改写的有：{allowed}")
        old_key, old = merged[key]
        if key in _MERGED:
            merged[key] = (old_key, _patched(old, value, decoder))
        else:
            merged[key] = (old_key, _patched_list(old, value, _LISTS[key], decoder))


def _patched(old: Node, new: Node, decoder: Decoder) -> Node:
    pairs = {**decoder.pairs(old, None), **decoder.pairs(new, None)}
    return _mapping(pairs, like=new)


def _patched_list(old: Node, changes: Node, name: str, decoder: Decoder) -> Node:
    wanted = decoder.pairs(changes, None)
    if not isinstance(old, SequenceNode):
        raise decoder.bad(old, None, "应是一个列表")
    entries: list[Node] = []
    for entry in old.value:
        entry_id = _identity(entry, name, decoder)
        change = wanted.pop(entry_id, None)
        if change is None:
            entries.append(entry)
        elif not _is_null(change[1]):
            entries.append(_patched(entry, change[1], decoder))
    known = [_identity(entry, name, decoder) for entry in old.value] if wanted else []
    for entry_id, (key_node, _) in wanted.items():
        told = f"被继承的政策里没有这一条{perhaps(entry_id, known)}"
        decoder.bad(key_node, entry_id, told)
    if wanted:
        raise BadValueError
    return SequenceNode(old.tag, entries, old.start_mark, old.end_mark)


def _identity(entry: Node, name: str, decoder: Decoder) -> str:
    pair = decoder.pairs(entry, None).get(name)
    if pair is None:
        raise decoder.bad(entry, name, "缺少这个键，请补上")
    return str(decoder.value(pair[1], str, name))


def _joined(first: Node, second: Node, *, key: str, decoder: Decoder) -> Node | None:
    """Both lists; None where one is none. Whoever forgets `overrides` writes a mapping, and whoever
    means to leave a list as it is may write nothing after its key."""
    if not isinstance(first, SequenceNode):
        decoder.bad(first, key, "应是一个列表")
        return None
    if not isinstance(second, SequenceNode):
        decoder.bad(second, key, _NO_LIST.format(key))
        return None
    return SequenceNode(
        first.tag, [*first.value, *second.value], second.start_mark, second.end_mark
    )


def _mapping(pairs: dict[str, tuple[Node, Node]], *, like: Node) -> MappingNode:
    tag = "tag:yaml.org,2002:map"
    return MappingNode(tag, list(pairs.values()), like.start_mark, like.end_mark)


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null"
