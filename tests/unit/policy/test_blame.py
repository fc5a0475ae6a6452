"""A mistake that a county's change brings about in a sound parent is the county's line."""

from pathlib import Path

import pytest

from cunjing.policy.errors import InputError
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
