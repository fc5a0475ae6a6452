"""The stages in order, on a connection of their own whose temporary tables vanish with it."""

import errno
import json
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from cunjing.policy import lean_duckdb as duckdb
from cunjing.policy.duck.compile import ON_DEMAND, SHAPES, RuleTables
from cunjing.policy.duck.settings import NAME_A_PERIOD, literals, scan, settings
from cunjing.policy.duck.statements import part, parts, with_literals
from cunjing.policy.enums import SubjectKind
from cunjing.policy.errors import Finding, InputError
from cunjing.policy.facts import Facts
from cunjing.policy.measures import EventMeasure
from cunjing.policy.naming import writable_name
from cunjing.policy.periods import Period, PeriodKind
from cunjing.policy.source import quoted

_MEASURE_FILES = ("measures", "posts", "pay", "matters")
_CREDITED = {
    SubjectKind.POSTING: ("posting",),
    SubjectKind.VILLAGE: ("village", "village_by_unit"),
    SubjectKind.UNIT: ("unit",),
}
"""Parts of `events.sql` that credit events to a kind of subject."""

_TOGETHER = 2
"""Ranges read as one where the short form will do: it needs little memory, and a row group that two
ranges share is read for each."""

_SUBJECT = "rule_no, measure, no, subject, village_code, staff_id, available, unheard, place"


def _number_of(error: duckdb.IOException) -> int:
    """The system's number of what went wrong, which DuckDB says in words only."""
    text = str(error)
    return next((number for number in errno.errorcode if os.strerror(number) in text), errno.EIO)


class Run(AbstractContextManager["Run"]):
    """One evaluation. Close it, or use it in a `with`; call the stages in the order below.

    `digests` says whether evidence digests are asked for: they cost more than all the rest.
    `mergeable` keeps in the state what rows need to be merged with others of their key.
    """

    def __init__(
        self, *, facts: Facts, tables: RuleTables, digests: bool = True, mergeable: bool = False
    ) -> None:
        self.connection = facts.connect()
        self._facts = facts
        self._tables = tables
        self._digests = digests
        self._mergeable = mergeable
        self._numbered = False
        self._plainly = False
        self._looked: dict[str, str] = {}
        marks = facts.path("marks")
        self._marks_file = marks.name if marks else ""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.close()

    def prepare(self, *, period: Period, as_of: datetime) -> None:
        """Variables, rule tables, postings and groups."""
        named = not NAME_A_PERIOD.isdisjoint(self._tables.event_kinds)
        self._mergeable = self._mergeable or named or period.kind is not PeriodKind.MONTH
        sync_kept = self._facts.has("sync")
        looked = settings(period=period, as_of=as_of, sync_kept=sync_kept)
        self._looked = literals(looked | scan(period=period, named=named))
        if (most := self._facts.most_object_no()) is not None:
            self._numbered = True
            self._set({"most_object_no": most})
        self._do("state", "words")
        self._do("evidence", "digests" if self._digests else "no_digests")
        self._do("state", "objects_kept" if self._mergeable else "objects_counted")
        self._do("state", "lacking_counted" if self._tables.asks_lacking else "lacking_ignored")
        self._make_rule_tables()
        self._make_postings()
        if self._tables.asks_villages:
            self._do("spans", "villages" if self._facts.dates_villages() else "villages_always")
        if self._tables.asks_tenures:
            self._do("spans", "tenures")
        if self._tables.asks_groups:
            self._do("groups")
        for kind, name in ((SubjectKind.STAFF, "staff"), (SubjectKind.UNIT, "units")):
            if kind in self._tables.subjects:
                self._do("spans", name)

    def _make_postings(self) -> None:
        row = self.connection.execute(part("spans", "told_apart")).fetchone()
        self._do("spans", "hashed" if row and row[0] else "named")
        self._do("spans", "words")
        self._do("spans", "postings")
        if self._facts.has("absences"):
            self._do("spans", "absences")

    def make_state(self) -> None:
        """Stage 1: records -> one state row per subject, source and month."""
        subjects = self._tables.event_subjects
        self._do("state", "shape")
        self._do("evidence", "shape")
        whole = SubjectKind.POSTING not in subjects
        ranges = () if whole else self._facts.ranges()
        if ranges:
            self._plainly = self._is_plain()
            size = _TOGETHER if self._plainly and not self._digests else 1
            some = (ranges[at : at + size] for at in range(0, len(ranges), size))
            steps = [{"range_from": few[0][0], "range_to": few[-1][1]} for few in some]
            self._derive_part("range", steps)
        elif self._numbered and not whole:
            self._derive_unordered()
        apart = ranges or (self._numbered and not whole)
        self._derive_whole(subjects - {SubjectKind.POSTING} if apart else subjects)

    def _derive_unordered(self) -> None:
        """State of all postings at once, of events that are few or lie in no order."""
        self._plainly = self._is_plain()
        if self._plainly:
            self._do("spans", "here")
            self._do("spans", "place")
            self._credit_by("plain")
            self._derive("make_scattered")
            return
        # Bits do not leave memory as texts do: many events in no order are added up as texts.
        self._numbered = self._facts.has_few_events()
        if self._numbered:
            self._derive_whole({SubjectKind.POSTING})

    def derive_again(self, villages: Sequence[str]) -> None:
        """Stage 1 anew for the postings of these villages, whose records came late or were
        corrected, and for subjects that are not postings; then call `make_verdicts` again."""
        self._set({"chosen": list(villages)})
        self._do("state", "forget")
        self._derive_part("chosen", [{}])
        self._derive_whole(self._tables.event_subjects - {SubjectKind.POSTING})

    def make_verdicts(self) -> None:
        """Stage 2: state -> verdicts, all rules at once."""
        self._do("state", "several_months" if self._mergeable else "one_month")
        self._make_subjects()
        if self._tables.rows["rule_mark"]:
            self._refuse_strange_marks()
        self._set({"is_plain": self._plainly})
        self._do("measures")
        self._do("measures", "tallied" if self._plainly else "written")
        for file in _MEASURE_FILES:
            for name in parts(file):
                if name in self._tables.measures and not self._is_tallied(name):
                    self._do(file, name)
        self._do("verdicts", "judge")

    def judge_anew(self, tables: RuleTables) -> None:
        """Verdicts by rules that measure the same (`RuleTables.measures_as`) and ask otherwise."""
        self._tables = tables
        self.connection.execute("DROP TABLE rule")
        self._make_table("rule", SHAPES["rule"])
        self._do("verdicts", "judge")

    def counts(self, *, by_county: bool = False) -> list[tuple[Any, ...]]:
        """Policy, rule, county (if asked for), verdict, number of subjects; sorted."""
        name = "counts_by_county" if by_county else "counts"
        return self.connection.execute(self._part("verdicts", name)).fetchall()

    def verdicts(self) -> list[tuple[Any, ...]]:
        """Verdicts, columns as in the SQL, sorted by number of the rule, then subject."""
        return self.connection.execute(self._part("verdicts", "read")).fetchall()

    def write(self, path: Path, *, constants: Sequence[str]) -> None:
        """All verdicts into a Parquet file. `constants`: period, watermark, engine. Raises OSError
        when the file cannot be written."""
        target = quoted(writable_name(path))
        self._do("verdicts", "sorting")
        for row in self._tables.rows["rule"]:
            self.connection.execute(part("verdicts", "sort"), [row["rule_no"]])
        query = f"COPY ({part('verdicts', 'file')}) TO {target} (FORMAT parquet)"
        try:
            self.connection.execute("SET GLOBAL preserve_insertion_order = true")
            self.connection.execute(query, list(constants))
        except duckdb.IOException as error:
            raise OSError(_number_of(error), str(error).splitlines()[0]) from error
        finally:
            self.connection.execute("SET GLOBAL preserve_insertion_order = false")
            self.connection.execute("DROP TABLE sorted")

    def _credit(self, kinds: Iterable[SubjectKind]) -> None:
        """Make the view `credited` of events credited to these kinds of subject."""
        names = [name for kind in kinds for name in _CREDITED[kind]]
        self._do("events", "read")
        if "village_by_unit" in names:
            self._do("answering")
        self._credit_by(*names)

    def _credit_by(self, *names: str) -> None:
        branches = "UNION ALL".join(self._part("events", name) for name in names)
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW credited AS {branches}")

    def _is_plain(self) -> bool:
        """Whether the short form of crediting and adding up does, for postings in a month."""
        sources = self._tables.plain_sources
        if not (sources and self._numbered) or self._mergeable:
            return False
        self._set(
            {
                "plain_kinds": list(sources),
                "plain_sources": list(sources.values()),
                "plain_roles": sorted({str(row["role"]) for row in self._tables.rows["rule_role"]}),
            }
        )
        self._do("spans", "kinds")
        return self._facts.always_has("received_at")

    def _is_tallied(self, measure: str) -> bool:
        """Whether all there is of a class of measure is tallied and read off."""
        of_postings = self._tables.event_subjects == {SubjectKind.POSTING}
        return self._plainly and of_postings and measure == EventMeasure.__name__

    def _derive_part(self, name: str, steps: Iterable[Mapping[str, object]]) -> None:
        """State of postings, of some villages at a time: those the variables of a step name."""
        self._do("narrow", name)
        self._do("narrow", "some")
        self._do("spans", name)
        if self._plainly:
            self._do("spans", "place")
            self._credit_by("plain")
        else:
            self._credit([SubjectKind.POSTING])
        for variables in steps:
            self._set(variables)
            if self._plainly:
                self._do("spans", "place")
            plain = "make_plain" if self._plainly else ""
            self._derive(plain or ("make_numbered" if self._numbered else "make"))
        self._do("narrow", "whole")

    def _derive_whole(self, subjects: Collection[SubjectKind]) -> None:
        if not subjects:
            return
        self._do("spans", "here")
        self._credit(sorted(subjects))
        by_numbers = self._numbered and subjects == {SubjectKind.POSTING}
        self._derive("make_numbered" if by_numbers else "make")

    def _derive(self, make: str) -> None:
        self._do("state", "as_written")
        self._do("state", make)
        if self._digests:
            self._do("evidence", "make")
        self._do("state", "as_planned")

    def _make_subjects(self) -> None:
        kinds = sorted(self._tables.subjects)
        if SubjectKind.VILLAGE in kinds:
            self._do("subjects", "unheard")
        names = [kind.value for kind in kinds] or ["nobody"]
        branches = "UNION ALL".join(self._part("subjects", name) for name in names)
        self.connection.execute(
            f"CREATE OR REPLACE TEMP VIEW subject_found({_SUBJECT}) AS {branches}"
        )
        self._do("subjects", "scoped" if self._tables.is_scoped else "everywhere")

    def _make_rule_tables(self) -> None:
        for name, columns in SHAPES.items():
            if name not in ON_DEMAND or self._tables.rows[name]:
                self._make_table(name, columns)

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
        rows = self.connection.execute(self._part("pay", "strange")).fetchall()
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

    def _set(self, variables: Mapping[str, object]) -> None:
        for name, value in variables.items():
            self.connection.execute(f"SET VARIABLE {name} = ?", [value])

    def _do(self, file: str, name: str = "") -> None:
        self.connection.execute(self._part(file, name))

    def _part(self, file: str, name: str = "") -> str:
        """A part with what the evaluation looks at written into it."""
        return with_literals(part(file, name), self._looked)
