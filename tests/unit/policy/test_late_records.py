"""Late and corrected records: only their villages are derived again, and the verdicts are those of
an evaluation from the start."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.support.facts_tables import write_folder
from tests.support.rulebook import events, policy_of, posting, rule, unit, village

from cunjing.policy.duck.session import Session
from cunjing.policy.enums import EventKind, Role, UnitKind
from cunjing.policy.facts import open_facts
from cunjing.policy.measures import Tally
from cunjing.policy.periods import SHANGHAI, PeriodKind, parse_period
from cunjing.policy.verdict import Count

EAST, WEST = "532323100200", "532323100201"
AS_OF = datetime(2027, 1, 1, tzinfo=SHANGHAI)
VISIT, SWEEP = EventKind.VILLAGE_VISIT, EventKind.SESSION
MONTH = PeriodKind.MONTH
POLICY = policy_of(
    rule(
        "days", posting(Role.LIAISON_OFFICER), events(Tally.DISTINCT_DAYS, VISIT), 2, period=MONTH
    ),
    rule("sweep", village(), events(Tally.COUNT, SWEEP), 1, period=MONTH),
    rule("talks", unit(UnitKind.STATION), events(Tally.COUNT, SWEEP), 2, period=MONTH),
)
Change = Callable[[list[dict[str, Any]]], None]


def happened(event_id: str, kind: EventKind, code: str, day: int, **more: Any) -> dict[str, Any]:
    """An event of September 2026, done by the officer of the village."""
    return {
        "event_id": event_id,
        "kind": kind.value,
        "village_code": code,
        "staff_id": f"S{code[-1]}",
        "unit_code": "U1",
        "local_date": date(2026, 9, day),
        **more,
    }


def records() -> list[dict[str, Any]]:
    """One visit to each village, a session in the east."""
    return [
        happened("e1", VISIT, EAST, 1),
        happened("w1", VISIT, WEST, 1),
        happened("e2", SWEEP, EAST, 2),
    ]


def write(folder: Path, rows: list[dict[str, Any]]) -> None:
    """The folder: two villages, an officer for each, a station, and these events."""
    folder.mkdir(exist_ok=True)
    officers = [(EAST, "S0"), (WEST, "S1")]
    role = {"role": "liaison_officer"}
    write_folder(
        folder,
        {
            "villages": [{"village_code": code, "name": code} for code, _ in officers],
            "units": [{"unit_code": "U1", "kind": "station", "division_code": "532323100"}],
            "staff": [{"staff_id": staff, **role} for _, staff in officers],
            "postings": [
                {
                    "posting_id": f"P{staff}",
                    "village_code": code,
                    "staff_id": staff,
                    "valid_from": date(2026, 1, 1),
                    **role,
                }
                for code, staff in officers
            ],
            "events": rows,
        },
    )


def add_late(rows: list[dict[str, Any]]) -> None:
    """A second visit to the east arrives, and a session there."""
    rows += [happened("e3", VISIT, EAST, 9), happened("e4", SWEEP, EAST, 10)]


def void_one(rows: list[dict[str, Any]]) -> None:
    """What was recorded in the east is void."""
    for row in rows:
        row["void"] = row["village_code"] == EAST


def judged(folder: Path) -> list[Count]:
    """Counts of an evaluation from the start."""
    with open_facts(folder) as facts, asked(facts) as session:
        return session.counts()


def asked(facts: Any) -> Session:
    """The policy on September 2026."""
    return Session(policy=POLICY, facts=facts, period=parse_period("2026-09"), as_of=AS_OF)


@pytest.mark.parametrize("change", [add_late, void_one])
def test_deriving_a_village_again_is_evaluating_from_the_start(
    change: Change, tmp_path: Path
) -> None:
    rows = records()
    write(tmp_path, rows)
    copied = tmp_path / "later"
    with open_facts(tmp_path) as facts, asked(facts) as session:
        before = session.counts()
        change(rows)
        write(copied, rows)
        reload(facts, copied)
        session.derive_again([EAST])
        after = session.counts()
    assert after != before
    assert after == judged(copied)


def test_other_villages_are_not_derived_again(tmp_path: Path) -> None:
    rows = records()
    write(tmp_path, rows)
    with open_facts(tmp_path) as facts, asked(facts) as session:
        before = session.counts()
        rows.append(happened("w2", VISIT, WEST, 9))
        write(tmp_path / "later", rows)
        reload(facts, tmp_path / "later")
        session.derive_again([EAST])
        assert session.counts() == before
        session.derive_again([WEST])
        assert session.counts() == judged(tmp_path / "later")


def reload(facts: Any, folder: Path) -> None:
    """Put the events of another folder in the place of those already opened."""
    with open_facts(folder) as later:
        rows = later.connect().execute("FROM events").fetchall()
    with facts.connect() as connection:
        connection.execute("TRUNCATE events")
        places = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO events VALUES ({places})", rows)  # noqa: S608
