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
from cunjing.policy.model import Policy, Rule
from cunjing.policy.periods import Period
from cunjing.policy.verdict import Count, watermark_text

NAME = "duckdb"
"""What verdicts of this engine carry in `engine`."""


class Session(AbstractContextManager["Session"]):
    """One policy's verdicts on facts. Use it in a `with`.

    Evidence digests cost more than all the rest; without them `write` is refused.
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
    ) -> None:
        self._facts, self._period, self._as_of, self._rules = facts, period, as_of, rules
        self._policy, self._digests = policy, digests
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
        self._tables, self._policy = tables, policy

    def derive_again(self, villages: Sequence[str]) -> None:
        """Take in records of these villages that came late or were corrected since: what was
        counted elsewhere is not counted again. Postings, people and absences must be as before."""
        self._run.derive_again(villages)
        self._run.make_verdicts()

    def write(self, path: Path) -> None:
        """All verdicts in the contract's columns, sorted by rule, then subject, as Parquet."""
        if not self._digests:
            raise ValueError("a file of verdicts has evidence digests")
        constants = (self._policy.id, self._policy.digest, self._period.text)
        self._run.write(path, constants=(*constants, watermark_text(self._as_of), NAME))

    def counts(self, *, by_county: bool = False) -> list[Count]:
        """How many verdicts of each kind, by rule and, if asked for, by county."""
        rows = self._run.counts(by_county=by_county)
        if by_county:
            return [Count(rule, county, VerdictKind(kind), n) for rule, county, kind, n in rows]
        return [Count(rule, None, VerdictKind(kind), n) for rule, kind, n in rows]

    def _compiled(self, policy: Policy) -> RuleTables:
        running: tuple[Rule, ...] = policy.rules_for(self._period, self._rules)
        return compile_rules(policy=policy, rules=running, period=self._period, as_of=self._as_of)

    def _evaluated(self) -> Run:
        run = Run(facts=self._facts, tables=self._tables, digests=self._digests)
        run.prepare(period=self._period, as_of=self._as_of)
        run.make_state()
        run.make_verdicts()
        return run
