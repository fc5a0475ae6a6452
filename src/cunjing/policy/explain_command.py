"""The command `explain`: one verdict with its reasons. No Django, no settings.

Returns the text for standard output; whatever is wrong with the input is raised as InputError
before anything is printed or written.
"""

import json
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cunjing.policy import wording
from cunjing.policy.amiss import breach_text
from cunjing.policy.attendance import Attendance, attendance, worked_out
from cunjing.policy.destination import check_out
from cunjing.policy.engines import load_engine
from cunjing.policy.errors import RequestError
from cunjing.policy.loader import load_policy
from cunjing.policy.model import Policy, Rule
from cunjing.policy.naming import is_utf8
from cunjing.policy.opening import facts_at
from cunjing.policy.output import deliver
from cunjing.policy.particulars import breaches, days_counted
from cunjing.policy.periods import Period
from cunjing.policy.requests import check_marks, read_as_of, read_period, read_rules
from cunjing.policy.verdict import Breach, Explanation


def explain(arguments: Namespace) -> str:
    """`explain`: one verdict with its reasons, for people or as JSON."""
    policy = load_policy(arguments.policy)
    period, as_of = read_period(arguments.period), read_as_of(arguments.as_of)
    (rule,) = read_rules(policy, period, [arguments.rule])
    engine = load_engine(arguments.engine)
    with facts_at(arguments.facts) as facts:
        check_out(arguments.out, policies=[arguments.policy], facts=facts)
        check_marks(facts, (rule,))
        asked: dict[str, Any] = {"policy": policy, "facts": facts, "period": period}
        asked |= {"as_of": as_of, "rule": rule.id, "subject": arguments.subject}
        found = engine.explain(**asked) if is_utf8(arguments.subject) else None
        if found is None:
            raise RequestError(
                f"规则“{rule.id}”在 {period.text} 没有对象“{arguments.subject}”，请检查 --subject"
            )
        told = _Told(
            policy=policy,
            rule=rule,
            explanation=found,
            period=period,
            days=days_counted(
                facts, rule=rule, subject=arguments.subject, period=period, counted=found.counted
            ),
            breaches=breaches(
                facts, rule=rule, subject=arguments.subject, period=period, as_of=as_of
            ),
            there=attendance(facts, rule=rule, subject=arguments.subject, period=period),
        )
    text = told.as_text() if arguments.format == "text" else told.as_json()
    return deliver(text, arguments.out)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """Everything there is to say of one verdict."""

    policy: Policy
    rule: Rule
    explanation: Explanation
    period: Period
    days: Sequence[date] | None
    breaches: Sequence[Breach]
    there: Attendance | None

    def as_text(self) -> str:
        """For people."""
        lines = wording.explanation_lines(
            policy=self.policy,
            rule=self.rule,
            explanation=self.explanation,
            period=self.period,
            days=self.days,
            breaches=self.breaches,
            worked_out=worked_out(
                self.policy,
                self.rule,
                self.explanation.verdict,
                period=self.period,
                there=self.there,
            )
            if self.there
            else "",
        )
        return "\n".join(lines) + "\n"

    def as_json(self) -> str:
        """The contract's object; `amiss` only where something is."""
        rule, found = self.rule, self.explanation
        message = wording.message(
            policy=self.policy, rule=rule, verdict=found.verdict, period=self.period
        )
        content = found.verdict.as_dict() | {
            "message": message,
            "clause_note": wording.clause_note(self.policy.clause(rule.clause), rule),
            "counted": list(found.counted),
            "rejected": [[item.id, item.reason] for item in found.rejected],
        }
        if self.breaches:
            content["amiss"] = [breach_text(rule, breach) for breach in self.breaches]
        return json.dumps(content, ensure_ascii=False) + "\n"
