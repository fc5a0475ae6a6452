"""The command `assess`: all verdicts of a period. No Django, no settings.

Returns the text for standard output; whatever is wrong with the input is raised as InputError
before anything is printed or written.
"""

from argparse import Namespace
from pathlib import Path

from cunjing.policy import output
from cunjing.policy.duck.session import NAME as DUCKDB
from cunjing.policy.duck.session import Session
from cunjing.policy.engines import load_engine
from cunjing.policy.errors import RequestError
from cunjing.policy.loader import load_policy
from cunjing.policy.opening import facts_at
from cunjing.policy.requests import check_marks, read_as_of, read_period, read_rules

_NEVER_ONE_BY_ONE = frozenset({"parquet", "counts"})
"""Formats for which the DuckDB engine never holds the verdicts in Python: a nation's would not
fit."""


def assess(arguments: Namespace) -> str:
    """`assess`: all verdicts of a period."""
    if arguments.format == "parquet" and arguments.out is None:
        raise RequestError("parquet 是二进制文件，请用 --out 指定文件名")
    policy = load_policy(arguments.policy)
    period, as_of = read_period(arguments.period), read_as_of(arguments.as_of)
    rules = read_rules(policy, period, arguments.rule)
    names = [rule.id for rule in rules]
    engine = load_engine(arguments.engine)
    with facts_at(arguments.facts) as facts:
        check_marks(facts, rules)
        if arguments.engine == DUCKDB and arguments.format in _NEVER_ONE_BY_ONE:
            asked = Session(
                policy=policy,
                facts=facts,
                period=period,
                as_of=as_of,
                rules=names,
                digests=arguments.format == "parquet",
            )
            return _assess_large(asked, arguments)
        verdicts = engine.evaluate(
            policy=policy, facts=facts, period=period, as_of=as_of, rules=names
        )
    if arguments.format == "parquet":
        output.write_parquet(Path(arguments.out), verdicts)
        return ""
    if arguments.format == "counts":
        return output.deliver(output.as_counts(output.counted(verdicts)), arguments.out)
    if arguments.format == "table":
        county = [rule.id for rule in rules if rule.parameter is not None]
        return output.deliver(output.as_table(verdicts, county_rules=county), arguments.out)
    render = {"json": output.as_json, "csv": output.as_csv}
    return output.deliver(render[arguments.format](verdicts), arguments.out)


def _assess_large(session: Session, arguments: Namespace) -> str:
    with session:
        if arguments.format == "counts":
            return output.deliver(output.as_counts(session.counts(by_county=True)), arguments.out)
        with output.whole_file(Path(arguments.out)) as temporary:
            session.write(temporary)
    return ""
