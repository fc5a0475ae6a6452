"""Who has a row, and what the row carries besides its value."""

from datetime import date

import pytest
from tests.support.reference_worlds import OTHER_VILLAGE, VILLAGE, posting_row, world_of
from tests.support.rulebook import events, group, posting, rule, unit, village

from cunjing.policy.enums import EventKind, GroupKind, Operator, Role, UnitKind
from cunjing.policy.measures import MemberCount, PostingCount, Tally, TenureMonths
from cunjing.policy.model import Rule
from cunjing.policy.periods import PeriodKind
from cunjing.policy.reference_subjects import Row, rows
from cunjing.policy.reference_world import World

D = date
VISITS = events(Tally.COUNT, EventKind.VILLAGE_VISIT)
LIAISON = posting(Role.LIAISON_OFFICER)
VILLAGES = [{"village_code": code, "name": "A"} for code in (VILLAGE, OTHER_VILLAGE)]


def _rows(world: World, asked: Rule) -> dict[str, Row]:
    return {row.subject: row for row in rows(world, asked)}


def test_a_postings_row_names_its_village_and_person_and_waits_for_their_device() -> None:
    world = world_of(postings=[posting_row("P1", D(2026, 9, 16))])
    (row,) = rows(world, rule("r", LIAISON, VISITS, 1, period=PeriodKind.MONTH))
    assert (row.subject, row.village_code, row.staff_id) == ("P1", VILLAGE, "S1")
    assert (row.available, row.concerned) == (15, ("S1",))


def test_a_villages_row_names_it_and_waits_for_who_was_posted_in_the_period() -> None:
    world = world_of(
        villages=VILLAGES,
        postings=[
            posting_row("P1", D(2026, 1, 1), D(2026, 9, 1), staff_id="gone"),
            posting_row("P2", D(2026, 1, 1), D(2026, 9, 2), staff_id="first"),
            posting_row("P3", D(2026, 9, 30), staff_id="last"),
            posting_row("P4", D(2026, 10, 1), staff_id="coming"),
            posting_row("P5", D(2026, 1, 1), staff_id="beat", role="beat_officer"),
            posting_row("P6", D(2026, 1, 1), staff_id="there", village_code=OTHER_VILLAGE),
        ],
    )
    found = _rows(world, rule("r", village(), VISITS, 1, period=PeriodKind.MONTH))
    assert {row.village_code for row in found.values()} == set(found) == {VILLAGE, OTHER_VILLAGE}
    assert set(found[VILLAGE].concerned) == {"first", "last", "beat"}
    assert found[OTHER_VILLAGE].concerned == ("there",)
    assert (found[VILLAGE].staff_id, found[VILLAGE].available) == (None, None)
    narrowed = rule("r", village(Role.BEAT_OFFICER), VISITS, 1, period=PeriodKind.MONTH)
    assert _rows(world, narrowed)[VILLAGE].concerned == ("beat",)


def test_a_groups_row_names_the_village_above() -> None:
    groups = [
        {"group_id": "G1", "kind": "company", "village_code": VILLAGE},
        {"group_id": "G2", "kind": "squad", "parent_id": "G1"},
        {"group_id": "G3", "kind": "squad"},
    ]
    world = world_of(villages=VILLAGES, groups=groups)
    found = _rows(world, rule("r", group(GroupKind.SQUAD), MemberCount(), 1))
    assert {name: row.village_code for name, row in found.items()} == {"G2": VILLAGE, "G3": None}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (rule("odd", LIAISON, PostingCount(), 1), "odd: PostingCount does not measure a posting"),
        (rule("odd", village(), MemberCount(), 1), "odd: MemberCount does not measure a village"),
        (
            rule("odd", unit(UnitKind.STATION), PostingCount(), 1),
            "odd: PostingCount does not measure a unit",
        ),
    ],
)
def test_a_measure_of_something_else_is_our_mistake(asked: Rule, words: str) -> None:
    world = world_of(
        villages=VILLAGES,
        postings=[posting_row("P1", D(2026, 1, 1))],
        units=[{"unit_code": "west", "kind": "station"}],
    )
    with pytest.raises(TypeError, match=words):
        list(rows(world, asked))


@pytest.mark.parametrize(
    ("start", "end", "there"),
    [
        (D(2026, 9, 30), None, True),
        (D(2026, 10, 1), None, False),
        (D(2026, 1, 1), D(2026, 9, 30), False),
        (D(2026, 1, 1), D(2026, 10, 1), True),
    ],
)
def test_a_state_rule_is_about_who_is_posted_on_the_last_day(
    start: date, end: date | None, there: bool
) -> None:
    world = world_of(postings=[posting_row("P1", start, end)])
    asked = rule("r", LIAISON, TenureMonths(), 24, operator=Operator.AT_MOST)
    assert bool(_rows(world, asked)) is there
