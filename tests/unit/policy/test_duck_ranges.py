"""A nation is judged villages at a time, and every verdict is that of judging it in one go."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from pyarrow import parquet
from tests.support.county import county
from tests.support.facts_tables import Tables, facts_of
from tests.support.parquet_folders import by_village, write_parquet_folder

from cunjing.policy import duck, engine
from cunjing.policy.duck.run import Run
from cunjing.policy.duck.session import Session
from cunjing.policy.duck.statements import parts
from cunjing.policy.facts import Facts, open_facts
from cunjing.policy.loader import load_policy
from cunjing.policy.output import counted
from cunjing.policy.periods import Period, parse_period, start_of_day
from cunjing.policy.verdict import Verdict

SEPTEMBER = parse_period("2026-09")
QUARTER = parse_period("2026-Q3")
AS_OF = start_of_day(date(2026, 10, 3))
STATIONS = [
    {"unit_code": "county", "kind": "county", "division_code": "532323"},
    {"unit_code": "west", "kind": "station", "division_code": "532323100"},
]


def told(number: int, **more: Any) -> dict[str, Any]:
    """A joint meeting or a bulletin on one of the first days of September."""
    kind = ("meeting", "joint") if number % 2 else ("bulletin", "fraud")
    day = SEPTEMBER.start + timedelta(days=number)
    return {
        "event_id": f"t{number}",
        "kind": kind[0],
        "subkind": kind[1],
        "local_date": day,
        **more,
    }


def world() -> dict[str, list[dict[str, Any]]]:
    """Forty villages; some people posted in several of them; units that act for all of them."""
    tables = county(villages=40, period=SEPTEMBER, seed=11)
    far = tables["villages"][-1]["village_code"]
    tables["postings"] += [
        {**row, "posting_id": f"{row['posting_id']}-far", "village_code": far}
        for row in tables["postings"][::7]
    ]
    visits = [row for row in tables["events"] if row["kind"] == "village_visit"][::9]
    tables["events"] += [
        {**row, "event_id": f"{row['event_id']}-far", "village_code": far} for row in visits
    ]
    codes = [row["village_code"] for row in tables["villages"]]
    tables["events"] += [told(n, village_code=codes[n]) for n in range(8)]
    tables["events"] += [told(n, unit_code=("west", "county")[n % 3 > 0]) for n in range(8, 20)]
    return {**tables, "units": STATIONS, "events": by_village(tables["events"])}


WORLD = world()


def unsorted() -> Tables:
    """The same, its events by date."""
    rows = sorted(WORLD["events"], key=lambda row: (row["local_date"], row["event_id"]))
    return {**WORLD, "events": rows}


@contextmanager
def few_at_a_time() -> Iterator[None]:
    """Ranges of fifty events while this is open."""
    with patch("cunjing.policy.facts._ROWS_AT_A_TIME", 50):
        yield


def folder_of(path: Path, tables: Tables = WORLD, parts: dict[str, int] | None = None) -> Path:
    """Parquet files in row groups of twenty."""
    return write_parquet_folder(path, tables, parts=parts, group_rows=20)


SHAPES: dict[str, tuple[Callable[[Path], Path], bool]] = {
    "sorted": (folder_of, True),
    "in parts": (lambda path: folder_of(path, parts={"events": 3, "postings": 2}), True),
    "all in parts": (lambda path: folder_of(path, parts=dict.fromkeys(WORLD, 2)), True),
    "unsorted": (lambda path: folder_of(path, unsorted()), False),
    "unsorted in parts": (lambda path: folder_of(path, unsorted(), {"events": 4}), False),
}


@cache
def in_one_go(policy: str, period: Period) -> list[Verdict]:
    """The verdicts of all villages at once, the same for every shape of the files."""
    with facts_of(WORLD) as facts:
        return duck.evaluate(policy=load_policy(policy), period=period, as_of=AS_OF, facts=facts)


@pytest.fixture(scope="module", params=SHAPES)
def shaped(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Facts, bool]]:
    """The world in files of one shape, and whether they are read range by range."""
    written, in_ranges = SHAPES[request.param]
    with open_facts(written(tmp_path_factory.mktemp("shape"))) as facts:
        yield facts, in_ranges


@pytest.mark.parametrize("period", [SEPTEMBER, QUARTER], ids=lambda period: period.text)
@pytest.mark.parametrize("policy", ["suzhou-2021", "huangchuan-2021", "mouding-2020"])
def test_verdicts_are_those_of_one_go(
    shaped: tuple[Facts, bool], period: Period, policy: str
) -> None:
    facts, in_ranges = shaped
    asked: dict[str, Any] = {"policy": load_policy(policy), "period": period, "as_of": AS_OF}
    whole = in_one_go(policy, period)
    with few_at_a_time():
        assert (len(facts.ranges()) > 10) is in_ranges
        assert duck.evaluate(**asked, facts=facts) == whole
        with Session(**asked, facts=facts) as session:
            assert session.counts(by_county=True) == counted(whole)


@pytest.mark.parametrize("policy", ["suzhou-2021", "huangchuan-2021", "mouding-2020"])
def test_villages_of_a_file_without_dates_are_always_there(tmp_path: Path, policy: str) -> None:
    asked: dict[str, Any] = {"policy": load_policy(policy), "period": SEPTEMBER, "as_of": AS_OF}
    with open_facts(folder_of(tmp_path)) as facts:
        assert facts.dates_villages()
        dated = duck.evaluate(**asked, facts=facts)
    villages = tmp_path / "villages.parquet"
    bare = parquet.read_table(villages).drop_columns(["valid_from", "valid_to"])
    parquet.write_table(bare, villages)
    with open_facts(tmp_path) as facts:
        assert not facts.dates_villages()
        assert duck.evaluate(**asked, facts=facts) == dated
    assert any(verdict.village_code and not verdict.staff_id for verdict in dated)


def test_what_is_explained_is_read_in_one_go(tmp_path: Path) -> None:
    asked: dict[str, Any] = {
        "policy": load_policy("bozhou-2014"),
        "period": SEPTEMBER,
        "as_of": AS_OF,
        "rule": "visit-days",
    }
    with few_at_a_time(), open_facts(folder_of(tmp_path)) as facts, facts_of(WORLD) as plain:
        for row in WORLD["postings"][::13]:
            where = {**asked, "subject": row["posting_id"]}
            assert engine.explain(**where, facts=facts) == engine.explain(**where, facts=plain)


def noted(rows: list[dict[str, Any]], *, all_received: bool = True) -> list[dict[str, Any]]:
    """The events with numbers of their objects, and when they were received but maybe of one."""
    pairs = sorted({(row.get("object_id"), row.get("village_code")) for row in rows}, key=str)
    numbers = {pair: number for number, pair in enumerate(pairs) if None not in pair}
    told = [
        {
            **row,
            "object_no": numbers.get((row.get("object_id"), row.get("village_code"))),
            "received_at": row.get("received_at") or start_of_day(row["local_date"]),
        }
        for row in rows
    ]
    return told if all_received else [{**told[0], "received_at": None}, *told[1:]]


@pytest.mark.parametrize("all_received", [True, False])
@pytest.mark.parametrize(("world", "form"), [(WORLD, "make_plain"), (unsorted(), "make_scattered")])
def test_the_short_form_is_taken_where_it_will_do(
    tmp_path: Path, all_received: bool, world: Tables, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = {**world, "events": noted(world["events"], all_received=all_received)}
    asked: dict[str, Any] = {
        "policy": load_policy("bozhou-2014"),
        "period": SEPTEMBER,
        "as_of": AS_OF,
    }
    done: set[str] = set()
    plain = Run._do

    def seen(self: Run, file: str, name: str = "") -> None:
        done.add(name)
        plain(self, file, name)

    with facts_of(tables) as facts:
        whole = duck.evaluate(**asked, facts=facts)
    monkeypatch.setattr(Run, "_do", seen)
    with few_at_a_time(), open_facts(folder_of(tmp_path, tables)) as facts:
        assert duck.evaluate(**asked, facts=facts) == whole
        with Session(**asked, facts=facts) as session:
            assert session.counts(by_county=True) == counted(whole)
            assert (form in done) is all_received
            session.derive_again(sorted({row["village_code"] for row in WORLD["postings"]})[::3])
            assert session.counts(by_county=True) == counted(whole)


def test_people_are_told_apart_by_id_where_hashes_would_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = {**WORLD, "events": noted(WORLD["events"])}
    asked: dict[str, Any] = {
        "policy": load_policy("bozhou-2014"),
        "period": SEPTEMBER,
        "as_of": AS_OF,
    }
    with few_at_a_time(), open_facts(folder_of(tmp_path, tables)) as facts:
        by_hash = duck.evaluate(**asked, facts=facts)
        statements = parts("spans")
        monkeypatch.setitem(statements, "told_apart", "SELECT false")
        monkeypatch.setitem(statements, "hashed", "SELECT hash_is_not_to_be_used")
        assert duck.evaluate(**asked, facts=facts) == by_hash


@pytest.mark.parametrize("events", [WORLD["events"][:30], []])
def test_few_events_have_no_ranges(tmp_path: Path, events: list[dict[str, Any]]) -> None:
    with few_at_a_time(), open_facts(folder_of(tmp_path, {**WORLD, "events": events})) as facts:
        assert facts.ranges() == ()


def test_a_csv_has_no_ranges() -> None:
    with facts_of(WORLD) as facts, few_at_a_time():
        assert facts.ranges() == ()


def test_facts_without_events_have_no_ranges() -> None:
    with facts_of({name: rows for name, rows in WORLD.items() if name != "events"}) as facts:
        assert facts.ranges() == ()


def test_rules_about_places_alone_are_read_in_one_go(tmp_path: Path) -> None:
    asked: dict[str, Any] = {
        "policy": load_policy("mouding-2020"),
        "period": SEPTEMBER,
        "as_of": AS_OF,
        "rules": ["fraud-bulletin"],
    }
    with few_at_a_time(), open_facts(folder_of(tmp_path)) as facts:
        with patch.object(Facts, "ranges", side_effect=AssertionError):
            found = duck.evaluate(**asked, facts=facts)
        assert sum(row.evidence_count for row in found) > 0
