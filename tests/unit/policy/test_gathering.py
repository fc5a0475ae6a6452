"""What several counties name: kept once where they mean the same, else refused."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pyarrow import parquet

from cunjing.policy.gathering import write_part
from cunjing.policy.tables import TABLES

from .province import (
    EAST,
    WEST,
    Change,
    Printed,
    Tables,
    add_a_visit,
    changed,
    gathered,
    judged,
    made,
    refused,
    sent,
    take_a_person,
    take_a_village,
    take_an_event,
    take_one_that_was_renamed,
)


@pytest.fixture
def counties(tmp_path: Path) -> dict[str, Path]:
    """Two sound counties."""
    return sent(tmp_path)


CLAIMED: dict[str, tuple[Change, str]] = {
    "a village": (
        take_a_village,
        f"west/villages：“village_code”列：“{EAST}100200”在 east 里也有，一个村只能在一个县里",
    ),
    "a village since another day": (
        take_one_that_was_renamed,
        f"west/villages：“village_code”列：“{EAST}100200”在 east 里也有，一个村只能在一个县里",
    ),
    "a person": (
        take_a_person,
        f"west/staff：“staff_id”列：“{EAST}-l0”在 east 里也有，每个只能在一个县里",
    ),
    "an event": (
        take_an_event,
        f"west/events：“event_id”列：“{EAST}-e0”在 east 里也有，每个只能在一个县里",
    ),
}


@pytest.mark.parametrize("case", CLAIMED)
def test_what_two_counties_claim_is_refused(
    counties: dict[str, Path], tmp_path: Path, capsys: Printed, case: str
) -> None:
    change, message = CLAIMED[case]
    changed(counties["west"], WEST, change)
    assert refused(capsys, tmp_path / "province", *counties.values()) == [message]


def test_five_claims_are_named_and_the_rest_counted(
    counties: dict[str, Path], tmp_path: Path, capsys: Printed
) -> None:
    def take_people(tables: Tables) -> None:
        others = made(EAST)["staff"]
        tables["staff"] += [{**row, "home_village_code": None} for row in others]

    changed(counties["west"], WEST, take_people)
    found = refused(capsys, tmp_path / "province", *counties.values())
    assert len(found) == 6
    assert found[-1] == "staff：“staff_id”列：还有 3 个有同样的问题"


def test_a_county_without_sync_beside_one_with_it_is_refused(
    counties: dict[str, Path], tmp_path: Path, capsys: Printed
) -> None:
    (counties["east"] / "sync.csv").unlink()
    (message,) = refused(capsys, tmp_path / "province", *counties.values())
    assert message.startswith("east/sync：没有这张表，别的县有")
    (counties["west"] / "sync.parquet").unlink()
    out = gathered(tmp_path / "province", *counties.values())
    assert not (out / "sync").exists()


ELSEWHERE = {"valid_from": date(1900, 1, 1), "valid_to": date(1900, 1, 2)}
BUREAU = {"unit_code": "43", "kind": "bureau_unit", "division_code": "4301"}
FAR = "430199100200"


def with_neighbours(*, bureau: dict[str, Any] = BUREAU, far: str = FAR) -> Change:
    """A unit above both, a border, a home elsewhere and one in the other county."""

    def change(tables: Tables) -> None:
        tables["units"].append(bureau)
        border = {"township_code": f"{EAST}100", "adjacent_code": f"{WEST}100"}
        tables["township_adjacency"] = [border]
        own = tables["villages"][0]["village_code"]
        other = (WEST if own.startswith(EAST) else EAST) + own[6:]
        for code in (far, other):
            tables["villages"].append({"village_code": code, "name": code, **ELSEWHERE})
        tables["staff"][0]["home_village_code"] = far
        tables["staff"][1]["home_village_code"] = other

    return change


def several(out: Path) -> dict[str, int]:
    """How many rows of each table several counties say alike."""
    return {
        part.parent.name: parquet.read_metadata(part).num_rows
        for part in sorted(out.glob("*/_several.parquet"))
    }


def test_what_neighbours_say_alike_is_kept_once(counties: dict[str, Path], tmp_path: Path) -> None:
    changed(counties["east"], EAST, with_neighbours())
    changed(counties["west"], WEST, with_neighbours())
    out = gathered(tmp_path / "province", *counties.values())
    assert several(out) == {"township_adjacency": 1, "units": 1, "villages": 1}
    assert judged(out) == judged(*counties.values())


def test_what_neighbours_say_otherwise_is_refused(
    counties: dict[str, Path], tmp_path: Path, capsys: Printed
) -> None:
    changed(counties["east"], EAST, with_neighbours())
    other = with_neighbours(bureau={**BUREAU, "division_code": "43"})
    changed(counties["west"], WEST, other)
    assert refused(capsys, tmp_path / "province", *counties.values()) == [
        "west/units：“unit_code”列：“43”在 east 里写得不一样，请统一后再收"
    ]


def test_what_a_neighbour_stops_saying_the_other_still_says(
    counties: dict[str, Path], tmp_path: Path
) -> None:
    changed(counties["east"], EAST, with_neighbours())
    changed(counties["west"], WEST, with_neighbours())
    out = gathered(tmp_path / "province", *counties.values())
    changed(counties["east"], EAST, add_a_visit)
    gathered(out, counties["east"], more=("--replace",))
    assert several(out) == {}
    assert judged(out) == judged(*counties.values())
    changed(counties["east"], EAST, with_neighbours())
    gathered(out, counties["east"], more=("--replace",))
    assert several(out) == {"township_adjacency": 1, "units": 1, "villages": 1}


@pytest.mark.parametrize(
    ("table", "groups"),
    [("staff", [(20480, True), (20480, True), (9040, True)]), ("events", [(50000, False)])],
)
def test_rows_are_found_by_ids_of_random_letters_and_events_read_together(
    tmp_path: Path, table: str, groups: list[tuple[int, bool]]
) -> None:
    path = tmp_path / "part.parquet"
    key = TABLES[table].key[0]
    with duckdb.connect() as connection:
        rows = f"SELECT md5(range::VARCHAR) AS {key} FROM range(50000)"  # noqa: S608 - our own
        write_part(connection, rows, path, table=TABLES[table])
        found = connection.execute(
            "SELECT row_group_num_rows, bloom_filter_offset IS NOT NULL "
            "FROM parquet_metadata(?) ORDER BY row_group_id",
            [str(path)],
        ).fetchall()
    assert found == groups
