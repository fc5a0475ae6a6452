"""Stage 2: from the state to verdicts, all rules in one query."""

from collections.abc import Callable, Sequence
from itertools import groupby

import ibis.expr.types as ir

from cunjing.policy.measures import (
    AgeViolations,
    CommitteeViolations,
    EventMeasure,
    GroupCount,
    HamletViolations,
    HomeViolation,
    MarkValue,
    MattersOverdue,
    MemberCount,
    MoneyRatio,
    MoneyValue,
    PairViolations,
    PostingCount,
    PostViolations,
    SubgroupCount,
    TenureMonths,
    UntrainedViolation,
)
from cunjing.policy.model import Policy, Rule
from cunjing.policy.spark import matters, militia, pay, postings, posts
from cunjing.policy.spark.events import Events
from cunjing.policy.spark.functions import union
from cunjing.policy.spark.ground import Ground
from cunjing.policy.spark.groups import Trees
from cunjing.policy.spark.judge import judged, strange_marks
from cunjing.policy.spark.part import EVIDENCE, SUBJECT, Part
from cunjing.policy.spark.subjects import subjects_of

MEASURES: dict[type, Callable[[Part], ir.Table]] = {
    EventMeasure: postings.events,
    MattersOverdue: matters.matters_overdue,
    PostingCount: postings.posting_count,
    HomeViolation: postings.home_violation,
    TenureMonths: postings.tenure_months,
    UntrainedViolation: postings.untrained_violation,
    GroupCount: militia.group_count,
    MemberCount: militia.member_count,
    SubgroupCount: militia.subgroup_count,
    AgeViolations: militia.age_violations,
    HamletViolations: militia.hamlet_violations,
    PostViolations: posts.post_violations,
    PairViolations: posts.pair_violations,
    CommitteeViolations: posts.committee_violations,
    MarkValue: pay.mark_value,
    MoneyValue: pay.money_value,
    MoneyRatio: pay.money_ratio,
}
"""Measure -> what forms it: the part's subjects with value and evidence."""


class Judgement:
    """Some rules of a policy on the facts; `around` also reads events near the period."""

    def __init__(
        self, *, ground: Ground, policy: Policy, rules: Sequence[Rule], around: bool = False
    ) -> None:
        self._ground = ground
        self._policy = policy
        self._rules = rules
        self.events = Events(ground=ground, rules=rules, around=around)
        trees = Trees(ground.views)

        def alike(rule: Rule) -> tuple[str, str]:
            return rule.subject.kind.value, type(rule.measure).__name__

        self._parts = [
            self._part("_".join(key).lower(), list(found), trees)
            for key, found in groupby(sorted(rules, key=alike), key=alike)
        ]

    def verdicts(self) -> ir.Table:
        """SUBJECT, EVIDENCE, used_low (the threshold, prorated), full_low, high, verdict."""
        measured = union(
            MEASURES[type(part.rules[0].measure)](part).select(*SUBJECT, *EVIDENCE)
            for part in self._parts
        )
        return judged(measured, ground=self._ground, policy=self._policy, rules=self._rules)

    def subjects(self) -> ir.Table:
        """Who has a row, whatever the verdict (columns SUBJECT)."""
        return union(part.subjects.select(*SUBJECT) for part in self._parts)

    def strange_marks(self) -> ir.Table | None:
        """See `judge.strange_marks`."""
        return strange_marks(self.subjects(), ground=self._ground, rules=self._rules)

    def _part(self, name: str, rules: Sequence[Rule], trees: Trees) -> Part:
        return Part(
            name=name,
            rules=rules,
            subjects=subjects_of(ground=self._ground, trees=trees, name=name, rules=rules),
            ground=self._ground,
            trees=trees,
            events=self.events,
        )
