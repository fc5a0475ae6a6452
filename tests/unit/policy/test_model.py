"""What a loaded policy answers about its rules and clauses."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.support.rulebook import events, policy_of, posting, rule, unit, village

from cunjing.policy.enums import Disposition, EventKind, MatterKind, Role, UnitKind
from cunjing.policy.matching import Matching
from cunjing.policy.measures import MatterFilter, MattersOverdue, PostingCount, Tally
from cunjing.policy.model import Clause, DatedThreshold, Listing, Parameter
from cunjing.policy.periods import PeriodKind, parse_period

VISITS = events(Tally.COUNT, EventKind.VILLAGE_VISIT)
LIAISON = posting(Role.LIAISON_OFFICER)
COVERED = rule("covered", village(Role.LIAISON_OFFICER), PostingCount(), 1)
MONTHLY = rule("a-monthly", LIAISON, VISITS, 2, period=PeriodKind.MONTH)
QUARTERLY = rule("quarterly", LIAISON, VISITS, 1, period=PeriodKind.QUARTER)
DATED = rule(
    "dated",
    LIAISON,
    VISITS,
    0,
    period=PeriodKind.MONTH,
    thresholds=(
        DatedThreshold(2, date(2026, 3, 1), date(2026, 9, 1)),
        DatedThreshold(3, date(2026, 9, 1), date(2027, 1, 1)),
    ),
)
POLICY = policy_of(QUARTERLY, COVERED, DATED, MONTHLY)


def test_rules_and_clauses_that_are_not_there_are_named() -> None:
    with pytest.raises(KeyError, match="nothing"):
        POLICY.rule("nothing")
    with pytest.raises(KeyError, match="99"):
        POLICY.clause("99")


def test_a_rule_is_found_by_its_id() -> None:
    assert POLICY.rule("covered") is COVERED


@pytest.mark.parametrize(
    ("day", "threshold"),
    [
        (date(2026, 2, 28), None),
        (date(2026, 3, 1), 2),
        (date(2026, 8, 31), 2),
        (date(2026, 9, 1), 3),
        (date(2026, 12, 31), 3),
        (date(2027, 1, 1), None),
    ],
)
def test_a_threshold_holds_from_its_first_day_to_the_day_before_its_end(
    day: date, threshold: int | None
) -> None:
    assert DATED.threshold_on(day) == threshold


def test_a_threshold_without_dates_always_holds() -> None:
    assert MONTHLY.threshold_on(date.min) == MONTHLY.threshold_on(date.max) == 2


def test_state_rules_and_those_of_the_kind_of_period_run_by_id() -> None:
    assert POLICY.rules_for(parse_period("2026-09")) == (MONTHLY, COVERED, DATED)
    assert POLICY.rules_for(parse_period("2026-Q3")) == (COVERED, QUARTERLY)


def test_a_rule_not_in_force_on_the_first_day_does_not_run() -> None:
    assert POLICY.rules_for(parse_period("2027-01")) == (MONTHLY, COVERED)
    with pytest.raises(KeyError, match="dated"):
        POLICY.rules_for(parse_period("2027-01"), ["dated"])


def test_rules_asked_for_run_once_each_by_id() -> None:
    asked = ["dated", "a-monthly", "dated"]
    assert POLICY.rules_for(parse_period("2026-09"), asked) == (MONTHLY, DATED)
    assert POLICY.rules_for(parse_period("2026-09"), []) == ()


def test_what_a_rule_looks_at() -> None:
    assert (COVERED.is_state, COVERED.counts_events, COVERED.prorated) == (True, False, False)
    assert (MONTHLY.is_state, MONTHLY.counts_events, MONTHLY.prorated) == (False, True, True)


def test_only_what_people_record_where_they_are_posted_may_still_be_on_the_way() -> None:
    hazards = MattersOverdue(MatterFilter(MatterKind.HAZARD))
    overdue = rule("overdue", village(), hazards, 0, period=PeriodKind.MONTH)
    of_place = rule("place", village(), VISITS, 1, period=PeriodKind.MONTH)
    of_unit = rule("unit", unit(UnitKind.STATION), VISITS, 1, period=PeriodKind.MONTH)
    waiting = [one.waits_for_records for one in (MONTHLY, of_place, overdue, of_unit, COVERED)]
    assert waiting == [True, True, True, False, False]
    assert not overdue.counts_events


def test_the_rules_of_a_clause_are_also_those_of_what_it_repeats() -> None:
    done = Disposition.EXECUTABLE
    clauses = (
        Clause("1", "进村", done, ""),
        Clause("2", "走访", done, ""),
        Clause("3", "也进村", done, "", same_as=("1",)),
    )
    rules = (MONTHLY, replace(QUARTERLY, clause="2"), replace(COVERED, clause="3"))
    policy = replace(POLICY, clauses=clauses, rules=rules)
    assert {number: policy.rules_of(number) for number in ("1", "2", "3")} == {
        "1": (rules[0],),
        "2": (rules[1],),
        "3": (rules[0], rules[2]),
    }
    with pytest.raises(KeyError, match="4"):
        policy.rules_of("4")


def test_every_list_is_one_of_its_listings() -> None:
    names = ("role_sets", "duties", "tasks", "questions", "prohibitions", "boards")
    lists = {name: (Listing(name, "1", name, (), ()),) for name in names}
    policy = replace(POLICY, **lists)
    assert [listing.id for listing in policy.listings] == list(names)


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_a_policy_holds_from_its_first_day_to_the_day_before_its_end(
    day: date, holds: bool
) -> None:
    policy = replace(POLICY, valid_from=date(2026, 1, 1), valid_to=date(2027, 1, 1))
    assert policy.holds_on(day) is holds


def test_a_parameter_is_found_by_its_id() -> None:
    days, months = (
        Parameter(id=name, title=name, default=2, note="", unit="天") for name in ("days", "months")
    )
    policy = replace(POLICY, parameters=(days, months))
    assert policy.parameter("months") is months
    with pytest.raises(KeyError, match="years"):
        policy.parameter("years")


def test_candidates_are_weighed_by_the_entry_of_their_role() -> None:
    said: dict[str, Any] = {"line": 1, "file": "p", "clause": "1", "vacancy": 1, "slots": (0,)}
    beat = Matching(id="beat", roles=(Role.BEAT_OFFICER,), **said)
    liaison = Matching(id="liaison", roles=(Role.LIAISON_OFFICER,), **said)
    policy = replace(POLICY, matching=(beat, liaison))
    assert policy.matching_for(Role.LIAISON_OFFICER) is liaison
    assert policy.matching_for(Role.VILLAGE_AUXILIARY) is None
