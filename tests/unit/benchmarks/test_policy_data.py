"""The made-up facts of the benchmark."""

from pathlib import Path

import duckdb
from benchmarks._policy_data import Made, make

from cunjing.policy.facts import open_facts


def _rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as database:
        database.execute(f"CREATE VIEW events AS FROM '{folder / 'events.parquet'}'")
        return database.execute(sql).fetchall()


def test_both_folders_hold_the_same_sound_facts_in_another_order(tmp_path: Path) -> None:
    made = make(tmp_path, villages=40)
    for folder in (made.clustered, made.shuffled):
        with open_facts(folder) as facts:
            assert facts.unread == ()
    everything = "SELECT e::VARCHAR FROM events e ORDER BY event_id"
    assert _rows(made.clustered, everything) == _rows(made.shuffled, everything)
    order = "SELECT village_code || local_date || event_id FROM events"
    assert _rows(made.clustered, order) == sorted(_rows(made.clustered, order))
    assert _rows(made.shuffled, order) != sorted(_rows(made.shuffled, order))


def test_the_same_number_of_villages_gives_the_same_facts(tmp_path: Path) -> None:
    one, other = (make(tmp_path / name, villages=30) for name in ("one", "other"))
    assert one.events == other.events
    everything = "SELECT e::VARCHAR FROM events e"
    assert _rows(one.clustered, everything) == _rows(other.clustered, everything)


def test_what_is_there_is_kept(tmp_path: Path) -> None:
    made = make(tmp_path, villages=3)
    (made.clustered / "events.parquet").unlink()
    again = make(tmp_path, villages=3)
    assert again == Made(made.clustered, made.shuffled, 3, made.events)
    assert not (made.clustered / "events.parquet").exists()
