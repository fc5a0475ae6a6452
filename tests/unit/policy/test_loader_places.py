"""Where each rule of a policy is written or changed, so that a finding can name the place."""

from pathlib import Path

from cunjing.policy.loader import rule_places

from .wrong_policies import SOUND

PAID = """\
  - id: bonus
    clause: "1"
    title: 绩效
    kind: pay
    subject: staff
    role: village_auxiliary
    period: year
    measure: {kind: money, item: paid, grade_item: grade}
    operator: "="
    threshold: {pay: bonus}
    unit: 分
    message: 差{gap}
"""
PARENT = SOUND.replace("test-county", "parent").replace(
    "rules:\n", "grades: [good]\npay: {bonus: {good: 5}}\nrules:\n"
)
CHILD = """\
id: child
inherits: parent
title: 县里的
overrides:
  parameters: {months: {default: 12}}
  rules:
    visits: {threshold: 3}
"""


def _line(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def _places(folder: Path, child: str) -> dict[str, tuple[str, int]]:
    """Rule -> the policy whose file is named, and the line."""
    for name, text in (("parent", PARENT + PAID), ("child", child)):
        (folder / name).mkdir()
        (folder / name / "policy.yaml").write_text(text, encoding="utf-8")
    found = rule_places(folder / "child" / "policy.yaml")
    return {rule: (Path(file).parent.name, line) for rule, (file, line) in found.items()}


def test_a_rule_stands_where_it_is_changed_or_where_what_it_rests_on_is(tmp_path: Path) -> None:
    assert _places(tmp_path, CHILD) == {
        "visits": ("child", _line(CHILD, "visits:")),
        "rotation": ("child", _line(CHILD, "parameters:")),
        "bonus": ("child", _line(CHILD, "overrides:")),
    }


def test_a_rule_inherited_as_it_stands_is_where_the_parent_has_it(tmp_path: Path) -> None:
    child = "id: child\ninherits: parent\ntitle: 县里的\n"
    whole = PARENT + PAID
    assert _places(tmp_path, child) == {
        name: ("parent", _line(whole, f"- id: {name}")) for name in ("visits", "rotation", "bonus")
    }
