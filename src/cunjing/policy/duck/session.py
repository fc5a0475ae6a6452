"""An evaluation kept open: read it in several ways, and judge again by an edited policy."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType

from cunjing.policy.duck.compile import RuleTables, compile_rules
from cunjing.policy.duck.run import Run
from cunjing.policy.enums import VerdictKind
from cunjing.policy.facts import Facts
from cunjing.policy.model import Policy, Running
from cunjing.policy.periods import Period
from cunjing.policy.verdict import Count, watermark_text

NAME = "duckdb"
"""What verdicts of this engine carry in `engine`."""


class Session(AbstractContextManager["Session"]):
    """Verdicts on facts. Use it in a `with`.

    A policy alone judges whatever there is; with others `beside` it, each judges what lies in its
    scope. Evidence digests cost more than all the rest; without them `write` is refused.
    """

    def __init__(
        self,
        *,
        policy: Policy,
        facts: Facts,
        period: Period,
        as_of: datetime,
        rules: Sequence[str] | None = None,
        digests: bool = False,
        beside: Sequence[Running] = (),
    ) -> None:
        self._facts, self._period, self._as_of, self._rules = facts, period, as_of, rules
        self._beside, self._digests = beside, digests
        self._tables = self._compiled(policy)
        self._run = self._evaluated()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run.connection.close()

    def revise(self, policy: Policy) -> None:
        """Judge by another policy. Where only thresholds and what hangs on them differ, what was
        counted is not counted again; otherwise everything is."""
        tables = self._compiled(policy)
        if tables.measures_as(self._tables):
            self._run.judge_anew(tables)
        else:
            self._run.connection.close()
            self._tables = tables
            self._run = self._evaluated()
        self._tables = tables

    def derive_again(self, villages: Sequence[str]) -> None:
        """Take in records of these villages that came late or were corrected since: what was
        counted elsewhere is not counted again. Postings, people and absences must be as before."""
        self._run.derive_again(villages)
        self._run.make_verdicts()

    def write(self, path: Path) -> None:
        """All verdicts in the contract's columns, sorted by rule, then subject, as Parquet."""
        if not self._digests:
            raise ValueError("a file of verdicts has evidence digests")
        self._run.write(path, constants=(self._period.text, watermark_text(self._as_of), NAME))

    def counts(self, *, by_county: bool = False) -> list[Count]:
        """How many verdicts of each kind, by rule and, if asked for, by county."""
        rows = self._run.counts(by_county=by_county)
        return [
            Count(rule, county[0] if county else None, VerdictKind(kind), number, policy)
            for policy, rule, *county, kind, number in rows
        ]

    def _compiled(self, policy: Policy) -> RuleTables:
        running = Running(policy, policy.rules_for(self._period, self._rules))
        return compile_rules([running, *self._beside], period=self._period, as_of=self._as_of)

    def _evaluated(self) -> Run:
        run = Run(facts=self._facts, tables=self._tables, digests=self._digests)
        run.prepare(period=self._period, as_of=self._as_of)
        run.make_state()
        run.make_verdicts()
        return run
