"""What an export says for planning, and that nothing that is judged rests on it."""

from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.support.places_factories import system
from tests.support.roster_world import RosterWorld

from cunjing.assessment.exports import export_facts
from cunjing.assessment.facts import write_facts
from cunjing.assessment.reach import Reach
from cunjing.base.clock import now, today
from cunjing.base.ids import new_id
from cunjing.matters.actions import open_matter
from cunjing.matters.items import MatterItem
from cunjing.matters.models import MatterKind
from cunjing.places.actions.households import NewHousehold, add_household
from cunjing.policy.facts import open_facts
from cunjing.policy.planning_tables import PLANNING_TABLES
from cunjing.rostering.actions.candidates import add_hold, set_wishes
from cunjing.rostering.actions.days import add_car, set_day
from cunjing.rostering.facts import planning_tables
from cunjing.rostering.models import HoldKind

NAMES = {table.name for table in PLANNING_TABLES}


@pytest.fixture
def world(roster: RosterWorld) -> RosterWorld:
    world = roster
    code, staff = world.county.villages[0], world.held[0]
    household = NewHousehold(address="示例1号", visit_priority=3)
    add_household(actor=system(), village_code=code, household=household)
    set_wishes(actor=system(), staff_id=staff.pk, village_codes=[world.county.villages[1]])
    add_hold(actor=system(), kind=HoldKind.PIN, staff_id=staff.pk, village_code=code, reason="熟悉")
    set_day(actor=system(), county_code=world.county.code, day=date(2026, 10, 8), market=True)
    add_car(actor=system(), unit_code=world.county.townships[0], label="警车1")
    return world


def rows(folder: Path, name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = pq.read_table(folder / f"{name}.parquet").to_pylist()
    return found


def exported(world: RosterWorld, out: Path) -> Path:
    export_facts(
        actor=system(),
        out=out,
        prefixes=[world.county.code],
        further=lambda reach, ids: planning_tables(reach=reach, staff_ids=ids, on=today()),
    )
    return out


def test_an_export_carries_every_planning_table_and_is_sound(
    world: RosterWorld, tmp_path: Path
) -> None:
    out = exported(world, tmp_path / "facts")
    assert {path.stem for path in out.glob("*.parquet")} >= NAMES
    with open_facts(out) as facts:
        assert facts.unread == ()
    assert len(rows(out, "candidates")) == 3
    assert [row["rank"] for row in rows(out, "wishes")] == [1]
    assert len(rows(out, "pins")) == 1
    assert rows(out, "bans") == []
    assert rows(out, "calendar")[0]["market"] is True
    assert rows(out, "cars")[0]["unit_code"] == world.county.townships[0]
    assert len(rows(out, "village_features")) == len(world.county.villages)


def test_people_and_households_are_pseudonyms_in_it(world: RosterWorld, tmp_path: Path) -> None:
    out = exported(world, tmp_path / "facts")
    known = {row["staff_id"] for row in rows(out, "staff")}
    for name in ("candidates", "wishes", "pins"):
        assert {row["staff_id"] for row in rows(out, name)} <= known
    assert str(world.held[0].pk) not in known
    (need,) = rows(out, "needs")
    assert "示例" not in str(need)


def test_need_and_features_follow_the_matters(world: RosterWorld, tmp_path: Path) -> None:
    before = exported(world, tmp_path / "before")
    item = MatterItem(
        id=new_id(),
        kind=MatterKind.DISPUTE,
        subkind="land",
        village_code=world.county.villages[0],
        place="地头",
        summary="地界",
        opened_at=now() - timedelta(days=1),
    )
    open_matter(actor=system(), item=item)
    after = exported(world, tmp_path / "after")
    code = world.county.villages[0]
    counted = [
        next(
            row["disputes"] for row in rows(out, "village_features") if row["village_code"] == code
        )
        for out in (before, after)
    ]
    assert counted == [0, 1]
    prizes = [int(str(rows(out, "needs")[0]["prize"])) for out in (before, after)]
    assert prizes[1] > prizes[0]


def test_two_counties_in_one_folder_carry_no_calendar(world: RosterWorld) -> None:
    reach = Reach(prefixes=(world.county.code, "990102"))
    tables = dict(planning_tables(reach=reach, staff_ids=[], on=today()))
    assert tables["calendar"] == []


def test_what_is_judged_holds_nothing_of_planning(world: RosterWorld, tmp_path: Path) -> None:
    write_facts(folder=tmp_path, reach=Reach(prefixes=(world.county.code,)))
    assert {path.stem for path in tmp_path.glob("*.parquet")} & NAMES == set()
