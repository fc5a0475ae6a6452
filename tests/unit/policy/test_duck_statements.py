"""The SQL files: parts, and what their text must never hold."""

import re
from pathlib import Path

import pytest

from cunjing.policy import duck
from cunjing.policy.duck.settings import literals, scan, settings
from cunjing.policy.duck.statements import part, parts, with_literals
from cunjing.policy.loader import load_policy, shipped_policies
from cunjing.policy.periods import parse_period, start_of_day

STEPS = {
    "most_object_no", "plain_kinds", "plain_sources", "plain_roles", "chosen", "range_from",
    "range_to", "is_plain", "rules_by_number",
}  # fmt: skip
"""What is set while an evaluation runs, and so stays a variable."""

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


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_looked_at_is_written_into_the_text_and_the_rest_stays(path: Path) -> None:
    month = parse_period("2026-09")
    looked = settings(period=month, as_of=start_of_day(month.end), sync_kept=True)
    known = literals(looked | scan(period=month, named=False))
    text = path.read_text(encoding="utf-8")
    left = set(re.findall(r"getvariable\('(\w+)'\)", with_literals(text, known)))
    assert left == set(re.findall(r"getvariable\('(\w+)'\)", text)) - known.keys()
    assert left <= STEPS
