"""The other ways in which the DuckDB engine tells its verdicts, each as an engine of its own.

A spec is answered alike whether its rule is evaluated alone or among all rules of the policy, of
all villages at once or range by range, with objects numbered and times of receipt told or not, one
by one, as a file or as counts, by a policy that an open evaluation was revised to, with some
villages derived again, and beside a policy of other villages.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pyarrow import parquet
from tests.spec.reader import VILLAGES

from cunjing.policy import duck, engine
from cunjing.policy.duck.engine import evaluate_all
from cunjing.policy.duck.session import Session
from cunjing.policy.enums import Operator, SubjectKind, VerdictKind
from cunjing.policy.facts import Facts
from cunjing.policy.model import Between, DatedThreshold, Policy, Running, ThresholdValue
from cunjing.policy.numbering import NUMBERED
from cunjing.policy.output import counted
from cunjing.policy.verdict import Engine, Explanation, ThresholdShown, Verdict

RANGES = tuple(pairwise(["", *sorted(VILLAGES.values()), "\x7f"]))
"""Ranges that part every village of the specs from the next."""

_DIVISIONS = tuple(sorted({code[:6] for code in VILLAGES.values()}))
_PLACED = {SubjectKind.POSTING, SubjectKind.VILLAGE}

Told = Callable[..., list[Verdict]]


@dataclass(frozen=True, slots=True)
class Way:
    """An engine that evaluates in a way of its own and explains as DuckDB does."""

    name: str
    told: Told

    def evaluate(self, *, rules: Sequence[str] | None = None, **asked: Any) -> list[Verdict]:
        """The verdicts, of the rules asked for only; one a rule and subject, in their order."""
        found = self.told(rules=rules, **asked)
        places = [(verdict.rule, verdict.subject) for verdict in found]
        assert places == sorted(set(places))
        return [verdict for verdict in found if rules is None or verdict.rule in rules]

    def explain(self, **asked: Any) -> Explanation | None:
        """What the DuckDB engine explains."""
        return engine.explain(**asked)


@contextmanager
def read_in_ranges() -> Iterator[None]:
    """Events are read a village at a time while this is open."""
    with patch.object(Facts, "ranges", return_value=RANGES):
        yield


@contextmanager
def numbered(facts: Facts, *, step: int = 1) -> Iterator[None]:
    """The objects of each village have numbers while this is open, `step` apart."""
    with facts.connect() as connection:
        connection.execute(
            "UPDATE events SET object_no = own.no * ? "  # noqa: S608 - an expression of our own
            f"FROM (SELECT event_id, {NUMBERED} AS no FROM events) own "
            "WHERE own.event_id = events.event_id",
            [step],
        )
        (most,) = (
            connection.execute("SELECT coalesce(max(object_no), 0) FROM events").fetchone() or ()
        )
        with patch.object(Facts, "most_object_no", return_value=most):
            yield
        connection.execute("UPDATE events SET object_no = NULL")


@contextmanager
def received(facts: Facts) -> Iterator[None]:
    """Of every event it is written down when it was received, which says nothing new."""
    with facts.connect() as connection:
        connection.execute("CREATE TEMP TABLE told AS SELECT event_id, received_at FROM events")
        connection.execute(
            "UPDATE events SET received_at = coalesce("
            "received_at, occurred_at, local_date::TIMESTAMP - INTERVAL 8 HOUR)"
        )
        yield
        connection.execute(
            "UPDATE events SET received_at = told.received_at "
            "FROM told WHERE told.event_id = events.event_id"
        )


def written(session: Session) -> list[Verdict]:
    """The verdicts of a session as read from the file it writes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "verdicts.parquet"
        session.write(path)
        rows = parquet.read_table(path).to_pylist()
    return [_verdict(row) for row in rows]


def other_thresholds(policy: Policy) -> Policy:
    """The policy with thresholds other by one, and otherwise the same."""
    rules = [
        replace(
            rule,
            thresholds=tuple(
                DatedThreshold(_other(dated.value), dated.valid_from, dated.valid_to)
                for dated in rule.thresholds
            ),
        )
        for rule in policy.rules
    ]
    return replace(policy, rules=tuple(rules), digest="1" * 64)


def _other(value: ThresholdValue) -> ThresholdValue:
    match value:
        case int():
            return value + 1
        case Between(low=low, high=high):
            return Between(low + 1, high + 1)
        case _:
            return value


def _verdict(row: dict[str, Any]) -> Verdict:
    typed = {
        "subject_kind": SubjectKind(row["subject_kind"]),
        "operator": Operator(row["operator"]),
        "verdict": VerdictKind(row["verdict"]),
        "threshold": _threshold(row["threshold"]),
        "threshold_full": _threshold(row["threshold_full"]),
    }
    return Verdict(**{**row, **typed})


def _threshold(text: str | None) -> ThresholdShown:
    if text is None or not text.startswith("["):
        return None if text is None else int(text)
    low, high = text.removeprefix("[").removesuffix("]").split(", ")
    return int(low), int(high)


def _among_all(*, rules: Sequence[str] | None, **asked: Any) -> list[Verdict]:
    return duck.evaluate(**asked)


def _in_ranges(*, rules: Sequence[str] | None, **asked: Any) -> list[Verdict]:
    with read_in_ranges():
        return duck.evaluate(**asked)


def _numbered(*, facts: Facts, **asked: Any) -> list[Verdict]:
    with numbered(facts):
        return duck.evaluate(facts=facts, **asked)


def _numbered_in_ranges(*, facts: Facts, **asked: Any) -> list[Verdict]:
    with numbered(facts):
        return _in_ranges(facts=facts, **asked)


def _plain(
    *, facts: Facts, rules: Sequence[str], step: int = 1, in_order: bool = True, **asked: Any
) -> list[Verdict]:
    """With rules of two kinds of events and all villages in one range; among all rules of the
    policy none is counted in the short form."""
    running = {rule.id for rule in asked["policy"].rules_for(asked["period"])}
    some = sorted({*rules, *running.intersection({"visit-days", "households"})})
    whole = patch.object(Facts, "ranges", return_value=(("", "\x7f"),) if in_order else ())
    with numbered(facts, step=step), received(facts), whole:
        verdicts = duck.evaluate(facts=facts, rules=some, **asked)
        with Session(facts=facts, rules=some, **asked) as session:
            nowhere = [replace(verdict, village_code=None) for verdict in verdicts]
            assert session.counts() == counted(nowhere)
        return verdicts


def _scattered(**asked: Any) -> list[Verdict]:
    """Every object of a village is a bit of a number of its own."""
    return _plain(**asked, step=62, in_order=False)


def _file(**asked: Any) -> list[Verdict]:
    with Session(**asked, digests=True) as session:
        return written(session)


def _revised(*, policy: Policy, **asked: Any) -> list[Verdict]:
    with Session(policy=other_thresholds(policy), **asked, digests=True) as session:
        session.revise(policy)
        return written(session)


def _derived_again(**asked: Any) -> list[Verdict]:
    with Session(**asked, digests=True) as session:
        session.derive_again([VILLAGES["C"], VILLAGES["A"]])
        return written(session)


def _counted(**asked: Any) -> list[Verdict]:
    verdicts = duck.evaluate(**asked)
    nowhere = [replace(verdict, village_code=None) for verdict in verdicts]
    with Session(**asked) as session:
        assert session.counts(by_county=True) == counted(verdicts)
        assert session.counts() == counted(nowhere)
    return verdicts


def _beside(*, policy: Policy, rules: Sequence[str], **asked: Any) -> list[Verdict]:
    """Beside a policy whose scope has none of the villages. Of the specs' people, groups and units
    nothing says where they belong, so that no scope has them: they are asked about as ever."""
    running = Running(replace(policy, scope=_DIVISIONS), policy.rules_for(asked["period"], rules))
    if not _PLACED.issuperset(rule.subject.kind for rule in running.rules):
        return duck.evaluate(policy=policy, rules=rules, **asked)
    elsewhere = replace(other_thresholds(policy), id="elsewhere", scope=("110101",))
    return evaluate_all([running._replace(policy=elsewhere), running], **asked)


_TOLD: dict[str, Told] = {
    "among all rules": _among_all,
    "in ranges": _in_ranges,
    "numbered": _numbered,
    "numbered, in ranges": _numbered_in_ranges,
    "plain": _plain,
    "plain, in no order": _scattered,
    "as a file": _file,
    "revised": _revised,
    "derived again": _derived_again,
    "counted": _counted,
    "beside another": _beside,
}

WAYS: dict[str, Engine] = {
    "alone": engine,
    **{name: Way(name, told) for name, told in _TOLD.items()},
}
"""Every way by its name; `alone` is the engine evaluating the one rule."""
