"""The command `explain`: one verdict with its reasons. No Django, no settings.

Returns the text for standard output; whatever is wrong with the input is raised as InputError
before anything is printed or written.
"""

import json
from argparse import Namespace

from cunjing.policy import wording
from cunjing.policy.amiss import breach_text
from cunjing.policy.engines import load_engine
from cunjing.policy.errors import RequestError
from cunjing.policy.loader import load_policy
from cunjing.policy.opening import facts_at
from cunjing.policy.output import deliver
from cunjing.policy.particulars import breaches, days_counted
from cunjing.policy.requests import check_marks, read_as_of, read_period, read_rules


def explain(arguments: Namespace) -> str:
    """`explain`: one verdict with its reasons, for people or as JSON."""
    policy = load_policy(arguments.policy)
    period, as_of = read_period(arguments.period), read_as_of(arguments.as_of)
    (rule,) = read_rules(policy, period, [arguments.rule])
    engine = load_engine(arguments.engine)
    with facts_at(arguments.facts) as facts:
        check_marks(facts, (rule,))
        found = engine.explain(
            policy=policy,
            facts=facts,
            period=period,
            as_of=as_of,
            rule=rule.id,
            subject=arguments.subject,
        )
        if found is None:
            raise RequestError(
                f"规则“{rule.id}”在 {period.text} 没有对象“{arguments.subject}”，请检查 --subject"
            )
        days = days_counted(
            facts, rule=rule, subject=arguments.subject, period=period, counted=found.counted
        )
        amiss = breaches(facts, rule=rule, subject=arguments.subject, period=period, as_of=as_of)
    if arguments.format == "text":
        lines = wording.explanation_lines(
            policy=policy,
            rule=rule,
            explanation=found,
            period=period,
            days=days,
            breaches=amiss,
        )
        return deliver("\n".join(lines) + "\n", arguments.out)
    content = found.verdict.as_dict() | {
        "message": wording.message(policy=policy, rule=rule, verdict=found.verdict, period=period),
        "clause_note": wording.clause_note(policy.clause(rule.clause), rule),
        "counted": list(found.counted),
        "rejected": [[item.id, item.reason] for item in found.rejected],
    }
    if amiss:
        content["amiss"] = [breach_text(rule, breach) for breach in amiss]
    return deliver(json.dumps(content, ensure_ascii=False) + "\n", arguments.out)
