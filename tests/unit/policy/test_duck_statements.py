"""The SQL files: parts, and what their text must never hold."""

import re
from pathlib import Path

import pytest

from cunjing.policy import duck
from cunjing.policy.duck.statements import part, parts
from cunjing.policy.loader import load_policy, shipped_policies

FILES = sorted((Path(duck.__file__).parent / "sql").glob("*.sql"))


def test_a_file_is_cut_at_its_part_lines() -> None:
    assert set(parts("evidence")) == {"", "shape", "make", "digests", "no_digests"}
    assert part("evidence", "make").strip().startswith("INSERT INTO evidence")
    assert "MACRO" not in part("evidence", "make")
    assert parts("answering").keys() == {""}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_rule_role_or_division_stands_in_the_sql(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    quoted = set(re.findall(r"'([^']*)'", text))
    for policy in (load_policy(name) for name in shipped_policies()):
        for rule in policy.rules:
            assert rule.id not in quoted
            assert quoted.isdisjoint(role.value for role in rule.subject.roles)
    assert not re.search(r"[0-9]{6}", text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_floating_point_in_the_sql(path: Path) -> None:
    text = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
    assert not re.search(r"\b(avg|float|double|decimal|real|round|ceil)\b", text, re.IGNORECASE)
    assert not re.search(r"[0-9]\.[0-9]|(?<!/)/(?!/)", text)
