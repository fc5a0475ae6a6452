"""The command `assess`: all verdicts of a period. No Django, no settings.

Returns the text for standard output; whatever is wrong with the input is raised as InputError
before anything is printed or written.
"""

import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from cunjing.policy import output
from cunjing.policy.destination import check_out
from cunjing.policy.duck.engine import evaluate_all, left_out
from cunjing.policy.duck.session import NAME as DUCKDB
from cunjing.policy.duck.session import Session
from cunjing.policy.engines import load_engine
from cunjing.policy.errors import RequestError
from cunjing.policy.facts import Facts
from cunjing.policy.loader import load_policy
from cunjing.policy.model import Running
from cunjing.policy.opening import facts_at
from cunjing.policy.periods import Period
from cunjing.policy.requests import (
    check_marks,
    check_marks_of_several,
    read_as_of,
    read_period,
    read_running,
)
from cunjing.policy.verdict import Engine, Verdict

_NEVER_ONE_BY_ONE = frozenset({"parquet", "counts"})
"""Formats for which the DuckDB engine never holds the verdicts in Python: a nation's would not
fit."""


class _Asked(NamedTuple):
    """What the command line asks for, read."""

    running: list[Running]
    engine: Engine
    facts: Facts
    period: Period
    as_of: datetime
    arguments: Namespace


def assess(arguments: Namespace) -> str:
    """`assess`: all verdicts of a period, of one policy or, each in its scope, of several."""
    if arguments.format == "parquet" and arguments.out is None:
        raise RequestError("parquet 是二进制文件，请用 --out 指定文件名")
    several = len(arguments.policy) > 1
    if several and arguments.engine != DUCKDB:
        raise RequestError(f"几份政策一起评只能用 duckdb 引擎，不能用 {arguments.engine}")
    policies = [load_policy(name) for name in arguments.policy]
    period, as_of = read_period(arguments.period), read_as_of(arguments.as_of)
    running = read_running(policies, period, arguments.rule)
    engine = load_engine(arguments.engine)
    with facts_at(arguments.facts) as facts:
        check_out(arguments.out, policies=arguments.policy, facts=facts)
        asked = _Asked(running, engine, facts, period, as_of, arguments)
        if several:
            check_marks_of_several(facts, running)
            _say_what_is_left_out(asked)
        else:
            check_marks(facts, running[0].rules)
        if arguments.engine == DUCKDB and arguments.format in _NEVER_ONE_BY_ONE:
            return _assess_large(asked)
        verdicts = _verdicts(asked)
    return _delivered(verdicts, running, arguments)


def _say_what_is_left_out(asked: _Asked) -> None:
    """What nobody judges is neither met nor missed: it is said, not passed over."""
    for policy, rules in asked.running:
        if not policy.holds_on(asked.period.start):
            sys.stderr.write(f"政策 {policy.id} 在 {asked.period.start} 没有施行，没有用它评\n")
        elif not rules:
            sys.stderr.write(f"政策 {policy.id} 没有这次要评的规则，没有用它评\n")
    number = left_out(asked.running, facts=asked.facts, period=asked.period)
    if number:
        sys.stderr.write(f"有{number}个村不在这几份政策的适用区划内，没有评\n")


def _assess_large(asked: _Asked) -> str:
    (policy, rules), *beside = asked.running
    arguments = asked.arguments
    with Session(
        policy=policy,
        facts=asked.facts,
        period=asked.period,
        as_of=asked.as_of,
        rules=[rule.id for rule in rules],
        digests=arguments.format == "parquet",
        beside=beside,
    ) as session:
        if arguments.format == "counts":
            counts = session.counts(by_county=True)
            text = output.as_counts(counts, with_policy=bool(beside))
            return output.deliver(text, arguments.out)
        with output.whole_file(Path(arguments.out)) as temporary:
            session.write(temporary)
    return ""


def _verdicts(asked: _Asked) -> list[Verdict]:
    looked: dict[str, Any] = {"facts": asked.facts, "period": asked.period, "as_of": asked.as_of}
    if asked.arguments.engine == DUCKDB:
        return evaluate_all(asked.running, **looked)
    ((policy, rules),) = asked.running
    names = [rule.id for rule in rules]
    return asked.engine.evaluate(policy=policy, rules=names, **looked)


def _delivered(
    verdicts: Sequence[Verdict], running: Sequence[Running], arguments: Namespace
) -> str:
    if arguments.format == "parquet":
        output.write_parquet(Path(arguments.out), verdicts)
        return ""
    if arguments.format == "counts":
        return output.deliver(output.as_counts(output.counted(verdicts)), arguments.out)
    if arguments.format == "table":
        several = len(running) > 1
        judged = {(verdict.policy, verdict.rule) for verdict in verdicts}
        county = [
            f"{policy.id} {rule.id}" if several else rule.id
            for policy, rules in running
            for rule in rules
            if rule.parameter is not None and (policy.id, rule.id) in judged
        ]
        text = output.as_table(verdicts, county_rules=county, with_policy=several)
        return output.deliver(text, arguments.out)
    render = {"json": output.as_json, "csv": output.as_csv}
    return output.deliver(render[arguments.format](verdicts), arguments.out)
