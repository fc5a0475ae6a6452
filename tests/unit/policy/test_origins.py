"""An inherited clause is told as whose it is, and with what the heir made of its rule."""

from pathlib import Path

import pytest

from cunjing.policy.canonical import NEVER_SAID, plain
from cunjing.policy.loader import load_policy
from cunjing.policy.model import Policy
from cunjing.policy.wording import clause_note

from .test_blame import written
from .test_loader_places import CHILD, PAID, PARENT

OWN = """\
clauses:
  - {number: "补", paraphrase: 演练, disposition: human, note: 派出所看}
"""


def child_of(folder: Path, child: str, **more: str) -> Policy:
    """The child beside its parent."""
    return load_policy(written(folder, parent=PARENT + PAID, child=child, **more))


def note(policy: Policy, rule: str) -> str:
    """What is said of the clause a rule rests on."""
    found = policy.rule(rule)
    return clause_note(policy.clause(found.clause), found)


def test_a_policy_that_inherits_nothing_has_its_own_clauses(tmp_path: Path) -> None:
    child = (PARENT + PAID).replace("id: parent", "id: child")
    policy = load_policy(written(tmp_path, child=child))
    assert {clause.origin for clause in policy.clauses} == {""}
    assert {rule.changed for rule in policy.rules} == {()}
    assert note(policy, "visits") == "进村"


def test_a_changed_threshold_is_told_beside_whose_clause_it_is(tmp_path: Path) -> None:
    policy = child_of(tmp_path, CHILD)
    assert note(policy, "visits") == "沿用《试点》第 1 条：进村。本方案改为：不少于3天"
    assert "第 2 条：轮换。本方案改为：不超过12个月。门槛由县里定" in note(policy, "rotation")
    assert note(policy, "bonus") == "沿用《试点》第 1 条：进村"


def test_a_changed_table_of_pay_is_told(tmp_path: Path) -> None:
    child = "id: child\ninherits: parent\npay: {bonus: {good: 6}}\n"
    assert "本方案改为：" in note(child_of(tmp_path, child), "bonus")


def test_another_change_is_told_as_one_and_other_words_are_none(tmp_path: Path) -> None:
    child = """\
id: child
inherits: parent
overrides:
  rules:
    visits: {grace_days: 3}
    rotation: {title: 交流}
"""
    policy = child_of(tmp_path, child)
    assert note(policy, "visits") == "沿用《试点》第 1 条：进村。本方案改过这条规则"
    assert "改" not in note(policy, "rotation")


def test_a_clause_of_the_heirs_own_is_its_own(tmp_path: Path) -> None:
    assert child_of(tmp_path, CHILD + OWN).clause("补").origin == ""


def test_a_grandchild_follows_the_document_and_knows_what_was_changed_above(
    tmp_path: Path,
) -> None:
    middle = CHILD.replace("id: child", "id: middle")
    policy = child_of(tmp_path, "id: child\ninherits: middle\n", middle=middle)
    assert note(policy, "visits") == "沿用《试点》第 1 条：进村。本方案改为：不少于3天"


def test_what_the_heir_mends_is_not_asked_of_its_parent(tmp_path: Path) -> None:
    spoilt = (PARENT + PAID).replace("threshold: 2\n", "threshold: two\n")
    policy = load_policy(written(tmp_path, parent=spoilt, child=CHILD))
    assert policy.clause("1").origin == ""


@pytest.mark.parametrize("name", sorted(NEVER_SAID))
def test_the_digest_does_not_hang_on_where_parts_come_from(tmp_path: Path, name: str) -> None:
    said = str(plain(child_of(tmp_path, CHILD)))
    assert f"'{name.partition('.')[2]}'" not in said


def test_words_of_the_heirs_own_are_not_told_as_anothers(tmp_path: Path) -> None:
    child = """\
id: child
inherits: parent
overrides:
  clauses:
    "1": {paraphrase: 每月进村三天}
  rules:
    visits: {threshold: 3}
"""
    assert note(child_of(tmp_path, child), "visits") == "每月进村三天"
