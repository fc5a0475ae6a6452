"""An evaluation kept open: counts, files, and policies it is revised to."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from pyarrow import parquet
from tests.support.county import county
from tests.support.facts_tables import facts_of
from tests.support.rulebook import MILITIA, WORK, YEARLY, policy_of

from cunjing.policy import duck
from cunjing.policy.duck.run import Run
from cunjing.policy.duck.session import Session
from cunjing.policy.enums import EventKind, Role, VerdictKind
from cunjing.policy.facts import Facts
from cunjing.policy.loader import load_policy, shipped_policies
from cunjing.policy.measures import EventFilter
from cunjing.policy.model import DatedThreshold, Policy, Rule
from cunjing.policy.output import counted, write_parquet
from cunjing.policy.periods import parse_period, start_of_day
from cunjing.policy.verdict import Count, Verdict

SEPTEMBER = parse_period("2026-09")
AS_OF = start_of_day(date(2026, 10, 3))
WORLD = county(villages=12, period=SEPTEMBER, seed=3)
MILITIA_WORLD: dict[str, Any] = {
    "villages": [{"village_code": "532323100200", "name": "甲村"}],
    "staff": [],
    "postings": [],
    "events": [],
    "groups": [
        {"group_id": "G1", "kind": "company", "village_code": "532323100200"},
        {"group_id": "G2", "kind": "company"},
        {"group_id": "=G3", "kind": "platoon", "parent_id": "G1"},
    ],
    "members": [
        {"member_id": f"m{number}", "group_id": "G1", "person_id": f"h{number}"}
        for number in range(4)
    ],
}
Edit = Callable[[Rule], Rule]


def asked(policy: Policy, facts: Facts, **more: Any) -> dict[str, Any]:
    """The policy on September 2026."""
    usual = {"policy": policy, "facts": facts, "period": SEPTEMBER, "as_of": AS_OF}
    return {**usual, **more}


def told(session: Session, folder: Path) -> list[dict[str, Any]]:
    """What a session says, as read from the file it writes."""
    path = folder / "told.parquet"
    session.write(path)
    rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
    return rows


def expected(verdicts: list[Verdict], folder: Path) -> list[dict[str, Any]]:
    """The same from verdicts one by one."""
    path = folder / "expected.parquet"
    write_parquet(path, verdicts)
    rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
    return rows


@pytest.mark.parametrize("name", shipped_policies())
def test_the_file_is_that_of_the_verdicts_one_by_one(name: str, tmp_path: Path) -> None:
    with facts_of(WORLD) as facts:
        verdicts = duck.evaluate(**asked(load_policy(name), facts))
        with Session(**asked(load_policy(name), facts, digests=True)) as session:
            assert told(session, tmp_path) == expected(verdicts, tmp_path)
    types = [
        [(field.name, str(field.type)) for field in parquet.read_schema(tmp_path / file)]
        for file in ("told.parquet", "expected.parquet")
    ]
    assert types[0] == types[1]


def test_ranges_and_groups_without_village_are_written_alike(tmp_path: Path) -> None:
    with facts_of(MILITIA_WORLD) as facts:
        verdicts = duck.evaluate(**asked(MILITIA, facts))
        with Session(**asked(MILITIA, facts, digests=True)) as session:
            rows = told(session, tmp_path)
            assert rows == expected(verdicts, tmp_path)
            assert session.counts(by_county=True) == counted(verdicts)
    assert {row["threshold"] for row in rows} >= {"[3, 6]", "0"}
    assert {row["village_code"] for row in rows} == {None, "532323100200"}


def test_no_verdicts_are_a_file_without_rows(tmp_path: Path) -> None:
    with facts_of(WORLD) as facts, Session(**asked(MILITIA, facts, digests=True)) as session:
        session.revise(policy_of())
        assert told(session, tmp_path) == []
        assert session.counts() == session.counts(by_county=True) == []


def test_counts_are_by_rule_and_by_county_if_asked_for() -> None:
    with facts_of(WORLD) as facts:
        verdicts = duck.evaluate(**asked(WORK, facts))
        with Session(**asked(WORK, facts)) as session:
            by_county = session.counts(by_county=True)
            plain = session.counts()
    assert by_county == counted(verdicts)
    assert {count.county_code for count in by_county} == {"532323"}
    assert plain == [count._replace(county_code=None) for count in by_county]
    assert sum(count.number for count in plain if count.rule == "bulletins") == 12


def test_only_the_rules_asked_for_are_told() -> None:
    rules = ["visit-log", "visit-days"]
    with facts_of(WORLD) as facts, Session(**asked(WORK, facts, rules=rules)) as session:
        assert {count.rule for count in session.counts()} == set(rules)
        session.revise(replace(WORK, digest="1" * 64))
        assert {count.rule for count in session.counts()} == set(rules)


def test_a_file_without_digests_is_refused(tmp_path: Path) -> None:
    with facts_of(WORLD) as facts, Session(**asked(WORK, facts)) as session:
        with pytest.raises(ValueError, match="digests"):
            session.write(tmp_path / "verdicts.parquet")
        assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_an_error_of_the_system(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere" / "verdicts.parquet"
    with (
        facts_of(WORLD) as facts,
        Session(**asked(WORK, facts, digests=True)) as session,
        pytest.raises(OSError, match="nowhere"),
    ):
        session.write(missing)


def other_threshold(rule: Rule) -> Rule:
    """The rule asking for nine from September on."""
    return replace(rule, thresholds=(DatedThreshold(9, valid_from=date(2026, 9, 1)),))


def as_advice(rule: Rule) -> Rule:
    return replace(rule, as_a_rule=not rule.as_a_rule)


def with_grace(rule: Rule) -> Rule:
    return replace(rule, grace_days=rule.grace_days + 10)


def not_prorated(rule: Rule) -> Rule:
    return replace(rule, exemptions=())


def other_events(rule: Rule) -> Rule:
    measure: Any = rule.measure
    return replace(rule, measure=replace(measure, event=EventFilter(EventKind.INFORMATION, ())))


def other_role(rule: Rule) -> Rule:
    subject = replace(rule.subject, roles=(Role.VILLAGE_AUXILIARY,))
    return replace(rule, subject=subject)


def other_name(rule: Rule) -> Rule:
    return replace(rule, id="visits", clause="2")


def edited(edit: Edit) -> Policy:
    """The policy with its rule about days of visits edited."""
    rules = [edit(rule) if rule.id == "visit-days" else rule for rule in WORK.rules]
    return replace(WORK, rules=tuple(rules), digest="1" * 64)


JUDGING: tuple[Edit, ...] = (other_threshold, as_advice, with_grace, not_prorated)
MEASURING: tuple[Edit, ...] = (other_events, other_role, other_name)


@pytest.mark.parametrize("edit", [*JUDGING, *MEASURING], ids=lambda edit: edit.__name__)
def test_a_revised_policy_is_that_policy_evaluated(edit: Edit, tmp_path: Path) -> None:
    with facts_of(WORLD) as facts:
        verdicts = duck.evaluate(**asked(edited(edit), facts))
        with Session(**asked(WORK, facts, digests=True)) as session:
            before = told(session, tmp_path)
            session.revise(edited(edit))
            after = told(session, tmp_path)
            assert session.counts(by_county=True) == counted(verdicts)
            session.revise(WORK)
            assert told(session, tmp_path) == before
    assert after == expected(verdicts, tmp_path)
    assert [row["verdict"] for row in after] != [row["verdict"] for row in before] or (
        edit is other_name
    )


@pytest.mark.parametrize("edit", JUDGING, ids=lambda edit: edit.__name__)
def test_what_was_counted_is_not_counted_again(edit: Edit) -> None:
    counting = patch.object(Run, "make_state", side_effect=AssertionError)
    with facts_of(WORLD) as facts, Session(**asked(WORK, facts)) as session, counting:
        session.revise(edited(edit))


@pytest.mark.parametrize("edit", MEASURING, ids=lambda edit: edit.__name__)
def test_what_is_measured_otherwise_is_counted_again(edit: Edit) -> None:
    counting = patch.object(Run, "make_state", side_effect=KeyError("counted"))
    with (
        facts_of(WORLD) as facts,
        Session(**asked(WORK, facts)) as session,
        counting,
        pytest.raises(KeyError, match="counted"),
    ):
        session.revise(edited(edit))


def test_a_pay_table_is_measured_not_only_judged() -> None:
    pay = next(rule for rule in YEARLY.rules if rule.id == "pay")
    (dated,) = pay.thresholds
    table: Any = dated.value
    richer = replace(pay, thresholds=(DatedThreshold(replace(table, table={"excellent": 400})),))
    staff = [{"staff_id": "S1", "role": "village_auxiliary"}]
    world = {
        **WORLD,
        "staff": [*WORLD["staff"], *staff],
        "marks": [{"subject_id": "S1", "period": "2026", "item": "grade", "value": "excellent"}],
        "money": [{"subject_id": "S1", "period": "2026", "item": "paid", "fen": 400}],
    }
    year = {"period": parse_period("2026"), "as_of": start_of_day(date(2027, 3, 1))}
    with facts_of(world) as facts, Session(**asked(policy_of(pay), facts, **year)) as session:
        assert Count("pay", None, VerdictKind.PASS, 1, "book") not in session.counts()
        session.revise(policy_of(richer))
        assert Count("pay", None, VerdictKind.PASS, 1, "book") in session.counts()
