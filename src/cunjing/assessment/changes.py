"""What was changed beside the records since a run was computed: whose, and of which kind.

Only what the run's rules read is compared, and only as far as it lies in the period: a correction
that can change no verdict asks nobody to look again.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cunjing.assessment.arrow import table_of
from cunjing.assessment.facts_tables import judged_tables
from cunjing.assessment.models import Run
from cunjing.assessment.reach import Reach
from cunjing.assessment.revisions import question_of
from cunjing.assessment.storage import facts_folder, spoilt
from cunjing.policy.enums import SubjectKind
from cunjing.policy.measures import HomeRelation, HomeViolation, UntrainedViolation
from cunjing.policy.model import Rule
from cunjing.policy.periods import Period, start_of_day

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
_Said = tuple[str, str, object]
"""Of whom (`person` or `village`), their id, and what is said of them."""

NAMES = {
    "postings": "包村安排",
    "absences": "请假",
    "homes": "人员的家庭所在村",
    "training": "岗前培训日期",
    "sync": "数据收齐的确认",
    "villages": "村的起止",
    "village_units": "村归哪个单位管",
    "townships": "村所在的乡镇和乡镇的相邻关系",
}
"""What verdicts are made of beside the records, and what it is called."""

_TABLES = ("postings", "absences", "staff", "sync", "villages", "village_units")
_ADJACENCY = "township_adjacency"


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change: its Chinese name, and the ids of the people and the villages."""

    name: str
    people: Sequence[str]
    villages: Sequence[str]


def present_tables(scope: str) -> Tables:
    """The tables as they would be kept now, of everybody posted in the scope."""
    return {
        name: table_of(name, rows).to_pylist()
        for name, rows in judged_tables(reach=Reach((scope,)))
    }


def changes_since(run: Run, *, present: Tables) -> list[Change]:
    """What is not as it was kept, or when nothing came of it. Raises Problem where what was kept is
    not there any more."""
    question = question_of(run)
    rules = question.policy.rules_for(question.period)
    digest = run.looked_facts or run.facts_digest
    kept = {name: kept_rows(digest, name) for name in (*_TABLES, _ADJACENCY)}
    was, now_is = (_said(tables, period=question.period) for tables in (kept, present))
    found = []
    for name in _asked(rules):
        different = was[name] ^ now_is[name]
        if different:
            found.append(_change(NAMES[name], different))
    return found


def kept_rows(digest: str, name: str) -> list[dict[str, Any]]:
    """The rows of one of the kept tables. Raises Problem where it is not there any more."""
    try:
        table = pq.read_table(facts_folder(digest) / f"{name}.parquet")
    except (OSError, pa.ArrowException) as error:
        raise spoilt(digest) from error
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def _change(name: str, different: set[_Said]) -> Change:
    def ids(kind: str) -> list[str]:
        return sorted({subject for of, subject, _ in different if of == kind})

    return Change(name=name, people=ids("person"), villages=ids("village"))


def _asked(rules: Sequence[Rule]) -> Iterator[str]:
    """What the rules read, in the order of `NAMES`."""
    homes = [rule.measure for rule in rules if isinstance(rule.measure, HomeViolation)]
    asked = {
        "postings": True,
        "absences": any(rule.prorated for rule in rules),
        "homes": bool(homes),
        "training": any(isinstance(rule.measure, UntrainedViolation) for rule in rules),
        "sync": any(rule.waits_for_records for rule in rules),
        "villages": True,
        "village_units": any(rule.subject.kind is SubjectKind.UNIT for rule in rules),
        "townships": any(one.relation is HomeRelation.NEAR for one in homes),
    }
    return (name for name in NAMES if asked[name])


def _said(tables: Tables, *, period: Period) -> Mapping[str, set[_Said]]:
    """What can matter in the period."""
    serving = {
        row["staff_id"]
        for row in tables["postings"]
        if row["valid_from"] < period.end
        and (row["valid_to"] is None or row["valid_to"] > period.start)
    }
    people = [row for row in tables["staff"] if row["staff_id"] in serving]
    homes = {row["home_village_code"] for row in people}
    return {
        "homes": {("person", row["staff_id"], row["home_village_code"]) for row in people},
        "training": {("person", row["staff_id"], row["trained_on"]) for row in people},
        **_of_people(tables, serving=serving, period=period),
        **_of_villages(tables, homes=homes, period=period),
    }


def _of_people(tables: Tables, *, serving: set[str], period: Period) -> Mapping[str, set[_Said]]:
    ended = start_of_day(period.end)
    return {
        "postings": {
            ("person", row["staff_id"], (row["village_code"], row["role"], *until))
            for row in tables["postings"]
            if (until := _interval(row, period))
        },
        "absences": {
            ("person", staff_id, days)
            for staff_id, days in _away(tables["absences"], period)
            if staff_id in serving
        },
        # A confirmation later than the period says no more, one earlier proves nothing.
        "sync": {
            ("person", row["staff_id"], True)
            for row in tables["sync"]
            if row["staff_id"] in serving and row["last_sync_at"] >= ended
        },
    }


def _of_villages(tables: Tables, *, homes: set[str], period: Period) -> Mapping[str, set[_Said]]:
    return {
        "villages": {
            ("village", row["village_code"], until)
            for row in tables["villages"]
            if (until := _then(row, period))
        },
        "village_units": {
            ("village", row["village_code"], (row["unit_code"], *until))
            for row in tables["village_units"]
            if (until := _then(row, period))
        },
        "townships": {
            *(
                ("village", row["village_code"], row["township_code"])
                for row in tables["villages"]
                if row["village_code"] in homes or _then(row, period)
            ),
            *(
                ("township", row["township_code"], row["adjacent_code"])
                for row in tables[_ADJACENCY]
            ),
        },
    }


def _interval(row: Row, period: Period) -> tuple[object, ...]:
    """What holds before the period's end; empty else. When it ends later does not matter."""
    start: date | None = row["valid_from"]
    end: date | None = row["valid_to"]
    if start is not None and start >= period.end:
        return ()
    return (start, None if end is None or end >= period.end else end)


def _then(row: Row, period: Period) -> tuple[object, ...]:
    """What holds on a day of the period; so no village elsewhere that is somebody's home."""
    end: date | None = row["valid_to"]
    return () if end and end <= period.start else _interval(row, period)


def _away(absences: Sequence[Row], period: Period) -> Iterator[tuple[str, tuple[date, ...]]]:
    """The days of the period each person was away, however many absences they lie in."""
    days: dict[str, set[date]] = defaultdict(set)
    for row in absences:
        day = max(row["date_from"], period.start)
        while day < min(row["date_to"], period.end):
            days[row["staff_id"]].add(day)
            day += timedelta(days=1)
    return ((staff_id, tuple(sorted(found))) for staff_id, found in days.items())
