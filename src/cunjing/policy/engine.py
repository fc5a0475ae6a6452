"""The engine the product judges by, `--engine duckdb`: all verdicts by SQL, one in plain Python.

DuckDB judges a nation in seconds, yet takes as long to plan its statements for one subject as for
a county. So one verdict is explained otherwise: DuckDB finds the rows it rests on, and the plain
interpreter judges these. It is the verdict `evaluate` gives; specs and generated worlds hold that,
and whoever explains a stored verdict compares.
"""

from dataclasses import replace
from datetime import datetime

from cunjing.policy.duck import evaluate, name
from cunjing.policy.facts import Facts
from cunjing.policy.model import Policy
from cunjing.policy.periods import Period
from cunjing.policy.verdict import Explanation

__all__ = ["evaluate", "explain", "name"]


def explain(
    *,
    policy: Policy,
    facts: Facts,
    period: Period,
    as_of: datetime,
    rule: str,
    subject: str,
) -> Explanation | None:
    """One verdict with its evidence and what was rejected; None without a row for the subject."""
    from cunjing.policy.duck.subject import (  # noqa: PLC0415 - the classes of rows take 20 ms
        find,
    )
    from cunjing.policy.reference import explain_in  # noqa: PLC0415 - as above
    from cunjing.policy.reference_world import world_of  # noqa: PLC0415 - as above

    (asked,) = policy.rules_for(period, [rule])
    found = find(facts, rule=asked, subject=subject, period=period)
    world = world_of(found, has_sync=facts.has("sync"), period=period, as_of=as_of)
    explanation = explain_in(world, policy=policy, rule=asked, subject=subject)
    if explanation is None:
        return None
    return replace(explanation, verdict=replace(explanation.verdict, engine=name))
