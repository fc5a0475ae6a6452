"""The stages in order, on a connection of their own whose temporary tables vanish with it."""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any

from cunjing.policy.duck.compile import SHAPES, RuleTables
from cunjing.policy.duck.settings import scan, settings
from cunjing.policy.duck.statements import part, parts
from cunjing.policy.enums import EventKind, SubjectKind
from cunjing.policy.errors import Finding, InputError
from cunjing.policy.facts import Facts
from cunjing.policy.periods import Period

if TYPE_CHECKING:
    import duckdb

_NAME_A_PERIOD = frozenset({EventKind.REPORT, EventKind.SUMMARY, EventKind.MEETING})
_CREDITED = (SubjectKind.POSTING, SubjectKind.VILLAGE, SubjectKind.UNIT)
_MEASURE_FILES = ("measures", "posts", "pay")


class Run(AbstractContextManager["Run"]):
    """One evaluation. Close it, or use it in a `with`; call the stages in the order below."""

    def __init__(self, *, facts: Facts, tables: RuleTables) -> None:
        self.connection: duckdb.DuckDBPyConnection = facts.connect()
        self._tables = tables
        self._sync_kept = facts.has("sync")
        marks = facts.path("marks")
        self._marks_file = marks.name if marks else ""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.close()

    def prepare(self, *, period: Period, as_of: datetime, subject: str | None = None) -> None:
        """Variables, rule tables, postings and groups. When a `subject` is to be explained only
        what it can rest on is read, but of events also those around the period."""
        named = not _NAME_A_PERIOD.isdisjoint(self._tables.event_kinds)
        variables = settings(
            period=period, as_of=as_of, sync_kept=self._sync_kept, subject=subject
        ) | scan(period=period, explained=subject is not None, named=named)
        for name, value in variables.items():
            self.connection.execute(f"SET VARIABLE {name} = ?", [value])
        if subject is not None:
            self._narrow()
        for name, columns in SHAPES.items():
            self._make_table(name, columns)
        self._do("spans", "postings")
        if self._tables.asks_villages:
            self._do("spans", "villages")
        if self._tables.asks_tenures:
            self._do("spans", "tenures")
        if self._tables.asks_groups:
            self._do("groups")

    def make_state(self) -> None:
        """Stage 1: records -> one state row per subject, source and month."""
        subjects = self._tables.event_subjects
        self._do("events", "read")
        if SubjectKind.VILLAGE in subjects:
            self._do("answering")
        branches = [part("events", kind.value) for kind in _CREDITED if kind in subjects]
        credited = "UNION ALL".join(branches or [part("events", "nobody")])
        self.connection.execute(part("state", "make").replace("{credited}", credited))

    def make_verdicts(self) -> None:
        """Stage 2: state -> verdicts, all rules at once."""
        self._do("state", "merge")
        self._do("subjects")
        for kind in sorted(self._tables.subjects):
            self._do("subjects", kind.value)
        if self._tables.rows["rule_mark"]:
            self._refuse_strange_marks()
        self._do("measures")
        for file in _MEASURE_FILES:
            for name in parts(file):
                if name in self._tables.measures:
                    self._do(file, name)

    def verdicts(self, *, only: str | None = None) -> list[tuple[Any, ...]]:
        """Verdicts, columns as in the SQL, sorted by rule, then subject."""
        return self.connection.execute(part("verdicts", "read"), [only]).fetchall()

    def counted(self, subject: str) -> list[str]:
        """The ids one subject's verdict rests on, sorted."""
        rows = self.connection.execute(part("verdicts", "counted"), [subject]).fetchall()
        return [row[0] for row in rows]

    def rejected(self) -> list[tuple[str, str]]:
        """Stage 3: the subject's events one rule did not credit, and why; sorted by id."""
        if not self._tables.event_subjects:
            return []
        (kind,) = self._tables.event_subjects
        self._do("rejected", kind.value)
        return self.connection.execute(part("rejected", "read")).fetchall()

    def _narrow(self) -> None:
        (kind,) = self._tables.subjects
        self._do("narrow", kind.value)
        if kind is SubjectKind.VILLAGE and self._tables.asks_groups:
            self._do("narrow", "village_groups")

    def _make_table(self, name: str, columns: Mapping[str, str]) -> None:
        rows = self._tables.rows[name]
        shape = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        if not rows:
            self.connection.execute(f"CREATE TEMP TABLE {name} ({shape})")
            return
        self.connection.execute(
            f"CREATE TEMP TABLE {name} AS SELECT unnest("
            f"from_json(?::JSON, '{json.dumps([columns])}'), recursive := true)",
            [json.dumps(rows)],
        )

    def _refuse_strange_marks(self) -> None:
        rows = self.connection.execute(part("pay", "strange")).fetchall()
        findings = [
            Finding(
                self._marks_file,
                None,
                "value",
                f"{subject} 的“{item}”是“{mark}”，应为 {known} 之一",
            )
            for subject, item, mark, known in rows
        ]
        if findings:
            raise InputError(findings)

    def _do(self, file: str, name: str = "") -> None:
        self.connection.execute(part(file, name))
