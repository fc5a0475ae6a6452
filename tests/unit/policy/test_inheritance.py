"""One policy on another: what is joined, what is changed, and whose line an error names."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from cunjing.policy.decode import BadValueError, Decoder, file_of, line_of
from cunjing.policy.inheritance import compose_whole

PARENT = """\
id: parent
title: 上级
minimum_days: {month: 7, year: 90}
grades: [good, bad]
rules:
  - {id: visits, threshold: 2}
  - {id: talks, threshold: 1}
clauses:
  - {number: "1", paraphrase: 进村}
"""
HEAD = "id: child\ninherits: parent\n"


def _composed(folder: Path, decoder: Decoder, policies: dict[str, str]) -> yaml.MappingNode:
    for name, text in policies.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")

    def find(name: str) -> Path | None:
        path = folder / f"{name}.yaml"
        return path if path.exists() else None

    return compose_whole(folder / "child.yaml", decoder=decoder, find=find)


def _whole(folder: Path, child: str, **more: str) -> dict[str, Any]:
    """What becomes of a child, as plain values, where the named policies stand beside it."""
    node = _composed(folder, Decoder(), {"parent": PARENT, "child": child, **more})
    found: dict[str, Any] = yaml.safe_load(yaml.serialize(node))
    return found


def _refused(
    folder: Path, child: str, **more: str
) -> list[tuple[str, int | None, str | None, str]]:
    """File, line, key and words of every finding."""
    decoder = Decoder()
    with pytest.raises(BadValueError):
        _composed(folder, decoder, {"parent": PARENT, "child": child, **more})
    return [
        (Path(item.file).stem, item.row, item.column, item.message) for item in decoder.findings
    ]


def test_a_policy_without_parent_is_itself(tmp_path: Path) -> None:
    assert _whole(tmp_path, "id: child\ngrades: [a]\n") == {"id": "child", "grades": ["a"]}


def test_lists_are_joined_and_other_keys_replaced(tmp_path: Path) -> None:
    own = "minimum_days: {month: 9}\ngrades: [fair]\nrules: [{id: own}]\ntasks: [{id: new}]\n"
    assert _whole(tmp_path, HEAD + own) == {
        "id": "child",
        "inherits": "parent",
        "title": "上级",
        "minimum_days": {"month": 9},
        "grades": ["fair"],
        "rules": [{"id": "visits", "threshold": 2}, {"id": "talks", "threshold": 1}, {"id": "own"}],
        "clauses": [{"number": "1", "paraphrase": "进村"}],
        "tasks": [{"id": "new"}],
    }


def test_overrides_change_single_keys_and_withdraw_entries(tmp_path: Path) -> None:
    changes = """\
overrides:
  minimum_days: {month: 5}
  rules:
    visits: {threshold: 3, title: 县里的}
    talks: null
  clauses:
    "1": {paraphrase: 走访}
rules: [{id: own}]
"""
    found = _whole(tmp_path, HEAD + changes)
    assert found["minimum_days"] == {"month": 5, "year": 90}
    assert found["rules"] == [{"id": "visits", "threshold": 3, "title": "县里的"}, {"id": "own"}]
    assert found["clauses"] == [{"number": "1", "paraphrase": "走访"}]
    assert "overrides" not in found


def test_a_grandchild_changes_what_the_child_left(tmp_path: Path) -> None:
    middle = "id: middle\ninherits: parent\noverrides: {rules: {visits: {threshold: 3}}}\n"
    child = "id: child\ninherits: middle\noverrides: {rules: {talks: {threshold: 9}}}\n"
    found = _whole(tmp_path, child, middle=middle)
    assert [rule["threshold"] for rule in found["rules"]] == [3, 9]
    assert (found["id"], found["inherits"]) == ("child", "middle")


def test_what_is_joined_stands_where_it_was_written(tmp_path: Path) -> None:
    decoder = Decoder()
    child = HEAD + "overrides:\n  rules:\n    visits: {threshold: 3}\nrules:\n  - {id: own}\n"
    node = _composed(tmp_path, decoder, {"parent": PARENT, "child": child})
    assert (Path(file_of(node)).stem, line_of(node)) == ("child", 1)
    rules = decoder.pairs(node, None)["rules"][1].value
    assert [(Path(file_of(rule)).stem, line_of(rule)) for rule in rules] == [
        ("child", 5),
        ("parent", 7),
        ("child", 7),
    ]


OTHER = "id: other\ninherits: child\n"


@pytest.mark.parametrize(
    ("child", "line", "key", "words"),
    [
        ("id: child\noverrides: {}\n", 2, "overrides", "没有 inherits 就没有可改写的"),
        ("id: child\noverrides:\n  rules: {}\n", 2, "overrides", "没有 inherits 就没有可改写的"),
        ("id: child\ninherits: nobody\n", 2, "inherits", "找不到政策“nobody”"),
        ("id: child\ninherits: child\n", 2, "inherits", "政策之间互相继承，绕了回来"),
        ("id: child\ninherits: other\n", 2, "inherits", "政策之间互相继承，绕了回来"),
        ("id: child\ninherits: [parent]\n", 2, "inherits", "应是不空的文字"),
        (HEAD + "overrides: [rules]\n", 3, "overrides", "应是“键: 值”"),
        (
            HEAD + "overrides:\n  title: 县里的\n",
            4,
            "title",
            "不能在这里改写，可改写的有：clauses、rules、parameters、role_sets、",
        ),
        (HEAD + "overrides:\n  tasks: {six: null}\n", 4, "tasks", "不能在这里改写，可改写的有："),
        (HEAD + "overrides:\n  rules: [visits]\n", 4, None, "应是“键: 值”"),
        (HEAD + "overrides:\n  rules:\n    visits: 3\n", 5, None, "应是“键: 值”"),
    ],
)
def test_what_cannot_be_joined_is_refused_at_its_line(
    tmp_path: Path, child: str, line: int, key: str | None, words: str
) -> None:
    ((file, row, column, message),) = _refused(tmp_path, child, other=OTHER)
    circle = "other" if "绕了" in words and "other" in child else "child"
    assert (file, row, column) == (circle, line, key)
    assert message.startswith(words)


def test_every_entry_the_parent_lacks_is_named(tmp_path: Path) -> None:
    child = HEAD + "overrides:\n  rules:\n    visit: {threshold: 3}\n    drums: null\n"
    words = "被继承的政策里没有这一条"
    assert _refused(tmp_path, child) == [
        ("child", 5, "visit", f"{words}，是不是“visits”"),
        ("child", 6, "drums", words),
    ]


@pytest.mark.parametrize(
    ("rules", "line", "key", "words"),
    [
        ("rules: {visits: 1}\n", 2, None, "应是一个列表"),
        ("rules:\n  - {threshold: 1}\n", 3, "id", "缺少这个键，请补上"),
        ("rules:\n  - {id: [visits]}\n", 3, "id", "应是不空的文字"),
    ],
)
def test_a_parent_that_is_no_list_of_entries_is_refused_at_its_line(
    tmp_path: Path, rules: str, line: int, key: str | None, words: str
) -> None:
    child = HEAD + "overrides: {rules: {visits: null}}\n"
    found = _refused(tmp_path, child, parent="id: parent\n" + rules)
    assert found == [("parent", line, key, words)]


def test_a_list_of_the_child_that_is_none_is_told_where_changes_go(tmp_path: Path) -> None:
    child = HEAD + "rules:\n  visits: {threshold: 3}\nclauses: ~\ntitle: 县里的\n"
    words = "应是一个列表，写要添的条目；要改继承来的，写在 overrides 的 {} 下；都没有就删去这个键"
    assert _refused(tmp_path, child) == [
        ("child", 4, "rules", words.format("rules")),
        ("child", 5, "clauses", words.format("clauses")),
    ]


@pytest.mark.parametrize("said", ["", "null", '""', "待补", "{visits: {threshold: 3}}", "{}"])
def test_whatever_is_no_list_of_the_child_is_refused(tmp_path: Path, said: str) -> None:
    ((file, row, key, words),) = _refused(tmp_path, f"{HEAD}rules: {said}\n")
    assert (file, row, key) == ("child", 3, "rules")
    assert "写在 overrides 的 rules 下" in words


def test_an_empty_list_of_the_child_adds_nothing(tmp_path: Path) -> None:
    assert len(_whole(tmp_path, HEAD + "rules: []\n")["rules"]) == 2


def test_a_list_of_the_parent_that_is_none_is_refused_where_it_is_added_to(tmp_path: Path) -> None:
    parent = "id: parent\nrules: {visits: 1}\n"
    found = _refused(tmp_path, HEAD + "rules: [{id: own}]\n", parent=parent)
    assert found == [("parent", 2, "rules", "应是一个列表")]
