"""The commands about drafts and versions: `policy whatif`, `policy diff`. No Django, no settings.

Each returns the text for standard output; whatever is wrong with the input is raised as InputError
before anything is printed or written.
"""

from argparse import Namespace
from collections.abc import Sequence

from cunjing.policy import draft_output
from cunjing.policy.destination import check_out
from cunjing.policy.engines import load_engine
from cunjing.policy.errors import RequestError
from cunjing.policy.facts import Facts
from cunjing.policy.loader import load_policy
from cunjing.policy.model import Policy
from cunjing.policy.opening import facts_at
from cunjing.policy.output import deliver
from cunjing.policy.periods import Period
from cunjing.policy.requests import check_marks, read_as_of, read_periods
from cunjing.policy.revision import differences
from cunjing.policy.verdict import watermark_text
from cunjing.policy.whatif import check_rules, compare, read_changes, with_thresholds


def whatif(arguments: Namespace) -> str:
    """`policy whatif`: which verdicts of past periods would be others under a draft."""
    if arguments.draft is None and not arguments.changes:
        raise RequestError("请用 --draft 给出改好的政策文件，或者用 --set 规则=数 改一个门槛")
    before = load_policy(arguments.policy)
    periods, as_of = read_periods(arguments.period), read_as_of(arguments.as_of)
    changes = read_changes(arguments.changes)
    after = with_thresholds(
        load_policy(arguments.draft or arguments.policy), changes=changes, periods=periods
    )
    check_rules((after, before), periods=periods, names=arguments.rule)
    engine = load_engine(arguments.engine)
    with facts_at(arguments.facts) as facts:
        named = [arguments.policy, arguments.draft or arguments.policy]
        check_out(arguments.out, policies=named, facts=facts)
        _check_marks(facts, (before, after), periods)
        comparisons = [
            compare(
                engine=engine,
                facts=facts,
                before=before,
                after=after,
                period=period,
                as_of=as_of,
                rules=arguments.rule or None,
            )
            for period in periods
        ]
    asked = {"watermark": watermark_text(as_of), "engine": engine.name}
    match arguments.format:
        case "json":
            text = draft_output.flips_json(comparisons, before=before, after=after, **asked)
        case "csv":
            text = draft_output.flips_csv(comparisons)
        case _:
            county = {rule.id for one in (before, after) for rule in one.rules if rule.parameter}
            text = draft_output.flips_table(comparisons, county_rules=county)
    return deliver(text, arguments.out)


def diff(arguments: Namespace) -> str:
    """`policy diff`: what a second policy says otherwise than a first."""
    before, after = load_policy(arguments.before), load_policy(arguments.after)
    check_out(arguments.out, policies=[arguments.before, arguments.after])
    render = {"json": draft_output.changes_json, "text": draft_output.changes_text}
    changes = differences(before, after)
    return deliver(render[arguments.format](changes, before=before, after=after), arguments.out)


def _check_marks(facts: Facts, policies: Sequence[Policy], periods: Sequence[Period]) -> None:
    for policy in policies:
        for period in periods:
            check_marks(facts, policy.rules_for(period))
