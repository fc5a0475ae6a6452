"""Facts exported from the database say what hand-written facts of the same world say."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.support.assessment_factories import (
    AFTER_SEPTEMBER,
    COUNTY,
    V1,
    september_tables,
    uid,
    work,
)
from tests.support.assessment_factories import AN as OFFICER
from tests.support.facts_tables import write_folder

from cunjing.assessment.facts import folder_digest, write_facts
from cunjing.assessment.pseudonyms import Pseudonyms
from cunjing.assessment.reach import Reach
from cunjing.policy import reference
from cunjing.policy.duck import engine as duck
from cunjing.policy.facts import open_facts
from cunjing.policy.loader import load_policy
from cunjing.policy.periods import parse_period
from cunjing.policy.tables import TABLES
from cunjing.policy.verdict import Engine, Verdict

SEPTEMBER = parse_period("2026-09")
REACH = Reach(prefixes=(COUNTY,), period=SEPTEMBER)
PSEUDONYMS = Pseudonyms(key=b"of this test")


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """The county's facts with real ids."""
    return _export(tmp_path / "exported")


def _export(folder: Path, **more: object) -> Path:
    folder.mkdir()
    write_facts(folder=folder, reach=REACH, **more)  # type: ignore[arg-type]
    return folder


def _engines() -> Iterator[Engine]:
    yield duck
    yield reference


def _verdicts(folder: Path, *, policy: str, engine: Engine) -> list[Verdict]:
    with open_facts(folder) as facts:
        return engine.evaluate(
            policy=load_policy(policy), facts=facts, period=SEPTEMBER, as_of=AFTER_SEPTEMBER
        )


@pytest.mark.parametrize("policy", ["bozhou-2014", "suzhou-2021"])
def test_exported_facts_are_judged_like_hand_written_ones(
    policy: str, exported: Path, tmp_path: Path
) -> None:
    written = tmp_path / "written"
    written.mkdir()
    write_folder(written, september_tables())
    for engine in _engines():
        mine = _verdicts(exported, policy=policy, engine=engine)
        assert mine == _verdicts(written, policy=policy, engine=engine)
        assert {verdict.verdict.value for verdict in mine} >= {"pass", "fail", "unknown"}


def test_exported_rows_are_the_hand_written_rows(exported: Path) -> None:
    for name, rows in september_tables().items():
        columns = TABLES[name].names
        expected = [{column: row.get(column) for column in columns} for row in rows]
        found = pq.read_table(exported / f"{name}.parquet").to_pylist()
        assert sorted(found, key=str) == sorted(_in_utc(expected), key=str), name


def test_every_table_with_rows_has_the_contracts_columns(exported: Path) -> None:
    for path in exported.iterdir():
        assert tuple(pq.read_schema(path).names) == TABLES[path.stem].names


def test_the_same_database_gives_the_same_bytes(exported: Path, tmp_path: Path) -> None:
    assert folder_digest(_export(tmp_path / "again")) == folder_digest(exported)
    work(900, "village_visit", V1, OFFICER, 21)
    assert folder_digest(_export(tmp_path / "later")) != folder_digest(exported)


def test_events_lie_within_31_days_of_the_period(exported: Path) -> None:
    days = pq.read_table(exported / "events.parquet").column("local_date").to_pylist()
    assert min(days).isoformat() == "2026-08-25"
    all_work = Reach(prefixes=(COUNTY,))
    assert all_work.days()[0] < min(days)


def test_rows_are_sorted_by_village_then_date(exported: Path) -> None:
    events = pq.read_table(exported / "events.parquet").to_pylist()
    keys = [(row["village_code"], row["local_date"], row["event_id"]) for row in events]
    assert keys == sorted(keys)


def test_pseudonyms_hide_ids_and_change_no_verdict(exported: Path, tmp_path: Path) -> None:
    hidden = _export(tmp_path / "hidden", pseudonyms=PSEUDONYMS)
    for path in hidden.iterdir():
        text = str(pq.read_table(path).to_pylist())
        assert str(uid(1))[:-4] not in text, path.name
        assert "演示1" not in text, path.name
    real = _verdicts(exported, policy="bozhou-2014", engine=duck)
    theirs = _verdicts(hidden, policy="bozhou-2014", engine=duck)
    assert _in_order(theirs) == _in_order([_renamed(verdict) for verdict in real])


def _renamed(verdict: Verdict) -> Verdict:
    whom = verdict.subject
    subject = PSEUDONYMS.of(whom) if verdict.subject_kind.value == "posting" else whom
    staff_id = PSEUDONYMS.of(verdict.staff_id) if verdict.staff_id else None
    return replace(verdict, subject=subject, staff_id=staff_id)


def _in_order(verdicts: list[Verdict]) -> list[tuple[object, ...]]:
    return sorted(
        (one.rule, one.subject, one.village_code or "", one.staff_id or "", one.value or 0,
         one.verdict.value, one.evidence_count)
        for one in verdicts
    )  # fmt: skip


def _in_utc(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [
        {
            name: cell.astimezone(UTC) if isinstance(cell, datetime) else cell
            for name, cell in row.items()
        }
        for row in rows
    ]
