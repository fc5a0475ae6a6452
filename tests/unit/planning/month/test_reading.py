"""A problem from facts: whose month a unit plans."""

from typing import Any

import pytest
from tests.support.facts_tables import facts_of
from tests.support.month_plans import QUICK

from cunjing.planning.month.model import MonthProblem
from cunjing.planning.month.reading import month_of, read_problem
from cunjing.policy.errors import RequestError

MINE, OVER, OUT = "341102001201", "341102001202", "341102002201"
DAY = month_of("2026-10").start

TABLES: dict[str, list[dict[str, Any]]] = {
    "villages": [{"village_code": code, "name": code} for code in (MINE, OVER, OUT)],
    "units": [
        {"unit_code": "U1", "kind": "station", "division_code": "341102001"},
        {"unit_code": "U2", "kind": "station", "division_code": "341102002"},
    ],
    "village_units": [{"village_code": OVER, "unit_code": "U2"}],
    "staff": [
        {"staff_id": "S1", "role": "liaison_officer", "unit_code": "U1"},
        {"staff_id": "S2", "role": "liaison_officer"},
        {"staff_id": "S3", "role": "liaison_officer", "unit_code": "B9"},
    ],
    "postings": [
        {
            "posting_id": f"P-{staff_id}-{code}",
            "village_code": code,
            "staff_id": staff_id,
            "role": "liaison_officer",
            "valid_from": DAY,
        }
        for staff_id, code in (("S1", MINE), ("S2", OVER), ("S3", OUT), ("S3", MINE))
    ],
    "needs": [
        {"household_id": "H1", "village_code": MINE, "prize": 3, "window_from": "09:30"},
        {"household_id": "H2", "village_code": OUT, "prize": 4, "minutes": 20},
        {"household_id": "H3", "village_code": OVER, "prize": 4},
    ],
    "cars": [{"car_id": "K1", "unit_code": "U1"}, {"car_id": "K2"}],
    "village_features": [{"village_code": MINE, "longitude": 116.0, "latitude": 32.0}],
    "calendar": [
        {"date": DAY, "working": True, "market": True},
        {"date": month_of("2026-11").start, "working": False},
    ],
}


def read(*units: str) -> MonthProblem:
    with facts_of(TABLES) as facts:
        return read_problem(facts, month=month_of("2026-10"), units=units, options=QUICK)


def people(problem: MonthProblem) -> list[str]:
    return [item.staff_id for item in problem.officers]


def test_a_unit_plans_whom_it_employs_and_who_serves_its_villages() -> None:
    problem = read("U1")
    assert people(problem) == ["S1", "S3"]
    assert [(item.staff_id, item.village_code) for item in problem.services] == [
        ("S1", MINE),
        ("S3", MINE),
        ("S3", OUT),
    ]


def test_a_village_that_follows_another_unit_is_planned_there() -> None:
    assert people(read("U2")) == ["S2", "S3"]


def test_a_unit_only_staff_name_is_known() -> None:
    assert people(read("B9")) == ["S3"]


def test_units_are_planned_together() -> None:
    problem = read("U2", "U1")
    assert (problem.units, people(problem)) == (("U1", "U2"), ["S1", "S2", "S3"])


def test_needs_calendar_cars_and_places_are_those_of_the_plan() -> None:
    problem = read("U1")
    assert [item.household_id for item in problem.needs] == ["H1", "H2"]
    assert problem.needs[0].window_from == 570
    assert [(item.day, item.working, item.market) for item in problem.calendar] == [
        (DAY, True, True)
    ]
    assert [item.car_id for item in problem.cars] == ["K1"]
    assert [(item.village_code, item.longitude) for item in problem.places] == [
        (MINE, 116.0),
        (OUT, None),
    ]


def test_cars_without_unit_are_for_people_without_unit() -> None:
    assert [item.car_id for item in read("U2").cars] == ["K2"]


def test_a_role_that_is_not_planned_is_not_read() -> None:
    postings = [{**row, "role": "security_director"} for row in TABLES["postings"]]
    with facts_of({**TABLES, "postings": postings}) as facts:
        problem = read_problem(facts, month=month_of("2026-10"), units=["U1"], options=QUICK)
    assert (problem.officers, problem.services) == ((), ())


def test_an_unknown_unit_is_named_with_those_there_are() -> None:
    with pytest.raises(RequestError, match=r"没有单位“U9”.*B9、U1、U2"):
        read("U9")
