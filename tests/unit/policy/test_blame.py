"""A mistake that a county's change brings about in a sound parent is the county's line."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from yaml.nodes import MappingNode, Node

from cunjing.policy.blame import at_the_change
from cunjing.policy.decode import compose
from cunjing.policy.errors import Finding, InputError
from cunjing.policy.loader import load_policy, rule_places

from .test_loader_places import CHILD, PAID, PARENT

WITHDRAWN = """\
id: child
inherits: parent
overrides:
  rules:
    rotation: null
"""


def written(folder: Path, **policies: str) -> str:
    """Policies in folders beside each other; the file of the child."""
    for name, text in policies.items():
        (folder / name).mkdir()
        (folder / name / "policy.yaml").write_text(text, encoding="utf-8")
    return str(folder / "child" / "policy.yaml")


def refused(name: str) -> list[tuple[str, int | None, str | None, str]]:
    """Folder, line, key and words of every finding."""
    with pytest.raises(InputError) as caught:
        load_policy(name)
    return [
        (Path(item.file).parent.name, item.row, item.column, item.message)
        for item in caught.value.findings
    ]


def test_a_rule_withdrawn_is_named_for_its_clause_and_its_parameter(tmp_path: Path) -> None:
    found = refused(written(tmp_path, parent=PARENT + PAID, child=WITHDRAWN))
    assert {item[:3] for item in found} == {("child", 5, "rotation")}
    words = " ".join(item[3] for item in found)
    assert "继承来的“2”键：标为 executable，却没有规则引用它" in words
    assert "在 overrides 的 parameters 下写 months: null" in words


def test_what_the_message_says_mends_it(tmp_path: Path) -> None:
    mended = (
        WITHDRAWN
        + "  parameters: {months: null}\n"
        + ('  clauses:\n    "2": {disposition: human, note: 派出所看}\n')
    )
    policy = load_policy(written(tmp_path, parent=PARENT + PAID, child=mended))
    assert [rule.id for rule in policy.rules] == ["visits", "bonus"]
    assert policy.parameters == ()


def test_a_parameter_that_spoils_a_rule_is_named(tmp_path: Path) -> None:
    child = CHILD.replace("default: 12", "default: -1")
    ((folder, line, key, words),) = refused(written(tmp_path, parent=PARENT + PAID, child=child))
    assert (folder, line, key) == ("child", 5, "months")
    assert "继承来的“rotation”规则：门槛 -1 永远达不到" in words


def test_a_table_of_pay_that_is_gone_is_named(tmp_path: Path) -> None:
    child = "id: child\ninherits: parent\npay: {other: {good: 5}}\n"
    found = refused(written(tmp_path, parent=PARENT + PAID, child=child))
    assert {item[:3] for item in found} == {("child", 3, "pay")}


def test_what_the_parent_has_wrong_alone_stays_with_the_parent(tmp_path: Path) -> None:
    spoilt = (PARENT + PAID).replace("threshold: 2", "threshold: 0")
    found = refused(written(tmp_path, parent=spoilt, child=WITHDRAWN))
    assert {(item[0], item[2]) for item in found} == {("parent", "visits"), ("child", "rotation")}


def test_what_no_single_change_brings_about_is_named_where_it_is_inherited(tmp_path: Path) -> None:
    child = WITHDRAWN + '  parameters: {months: {default: -1}}\n  clauses: {"2": null}\n'
    found = refused(written(tmp_path, parent=PARENT + PAID, child=child))
    assert {item[0] for item in found} == {"child"}


def test_a_grandchild_answers_for_its_own_change_only(tmp_path: Path) -> None:
    middle = "id: middle\ninherits: parent\ntitle: 市里的\n"
    child = WITHDRAWN.replace("inherits: parent", "inherits: middle")
    found = refused(written(tmp_path, parent=PARENT + PAID, middle=middle, child=child))
    assert {item[:3] for item in found} == {("child", 5, "rotation")}


def test_a_rule_paid_by_the_files_own_table_stands_there(tmp_path: Path) -> None:
    child = "id: child\ninherits: parent\npay: {bonus: {good: 6}}\n"
    path = written(tmp_path, parent=PARENT + PAID, child=child)
    assert rule_places(Path(path))["bonus"] == (path, 3)


TRIED = """\
id: child
inherits:
  parent
title:
  县里的
overrides:
  rules:
    visits:
      null
    bonus: null
  parameters: 3
  clauses:
    "2": null
pay: {other: {good: 5}}
"""


def plain(node: Node) -> Any:
    """A mapping as a dict."""
    if isinstance(node, MappingNode):
        return {key.value: plain(value) for key, value in node.value}
    return node.value


def placed(
    path: Path, *findings: Finding, caused_by: Callable[[Any], bool]
) -> tuple[list[Finding], list[MappingNode]]:
    """Where the findings are put when they are gone from a mapping that `caused_by` says so of, and
    the mappings that were tried."""
    tried: list[MappingNode] = []

    def changed(mapping: MappingNode) -> list[Finding]:
        tried.append(mapping)
        return [] if caused_by(plain(mapping)) else list(findings)

    named: list[str] = []

    def parent(name: str) -> list[Finding]:
        named.append(name)
        return [OWN]

    found = at_the_change(path, findings, parent=parent, changed=changed)
    assert named in ([], ["parent"])
    return found, tried


OWN = Finding("parent.yaml", 9, "2", "本来就不对", noun="条")
FOREIGN = Finding("parent.yaml", 7, "2", "没有规则引用它", noun="条")
NAMELESS = Finding("parent.yaml", None, None, "读不出来")


def file_of(folder: Path, text: str = TRIED) -> Path:
    """The file of the child."""
    path = folder / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_changes_are_tried_one_by_one_each_by_itself(tmp_path: Path) -> None:
    path = file_of(tmp_path)
    whole = plain(compose(path))
    found, tried = placed(path, FOREIGN, caused_by=lambda _: False)
    without: list[Any] = [deepcopy(whole) for _ in range(5)]
    del without[0]["overrides"]["rules"]["visits"]
    del without[1]["overrides"]["rules"]["bonus"]
    del without[2]["overrides"]["clauses"]["2"]
    del without[3]["title"]
    del without[4]["pay"]
    assert [plain(mapping) for mapping in tried] == without
    top = compose(path)
    for mapping in tried:
        assert mapping.tag == top.tag
        assert mapping.start_mark.line == top.start_mark.line
        assert mapping.end_mark.line == top.end_mark.line
    assert found == [
        Finding(str(path), 2, "inherits", "这样一改，继承来的“2”条：没有规则引用它", noun="键")
    ]


@pytest.mark.parametrize(
    ("gone", "row", "key"),
    [
        (lambda left: "visits" not in left["overrides"]["rules"], 8, "visits"),
        (lambda left: "bonus" not in left["overrides"]["rules"], 10, "bonus"),
        (lambda left: "title" not in left, 4, "title"),
        # The first of two changes that would each do.
        (lambda left: "title" not in left or "pay" not in left, 4, "title"),
    ],
)
def test_a_finding_stands_at_the_change_without_which_it_is_gone(
    tmp_path: Path, gone: Callable[[Any], bool], row: int, key: str
) -> None:
    path = file_of(tmp_path)
    (found, nameless), _ = placed(path, FOREIGN, NAMELESS, caused_by=gone)
    assert (found.file, found.row, found.column, found.noun) == (str(path), row, key, "键")
    assert nameless.message == "这样一改，继承来的内容：读不出来"


def test_what_is_the_files_own_or_the_parents_alone_stays(tmp_path: Path) -> None:
    path = file_of(tmp_path)
    here = Finding(str(path), 4, "title", "太长", noun="键")
    found, tried = placed(path, OWN, here, caused_by=lambda _: True)
    assert (found, tried) == ([OWN, here], [])


def test_a_policy_that_inherits_nothing_answers_for_itself(tmp_path: Path) -> None:
    path = file_of(tmp_path, "id: alone\n")
    assert placed(path, FOREIGN, caused_by=lambda _: True) == ([FOREIGN], [])


def test_overrides_that_are_no_mapping_are_no_change(tmp_path: Path) -> None:
    path = file_of(tmp_path, "id: child\ninherits: parent\noverrides: 3\n")
    (found,), tried = placed(path, FOREIGN, caused_by=lambda _: True)
    assert (found.column, tried) == ("inherits", [])
