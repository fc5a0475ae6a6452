"""What if a threshold were another: the same facts judged by two policies, and what flips.

Nothing here is kept and nobody is assessed by it. `with_thresholds` makes a draft of a policy,
`compare` judges one period by both, `flips` says which verdicts differ. Any `Engine` will do.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cunjing.policy.canonical import with_digest
from cunjing.policy.consistency import threshold_faults
from cunjing.policy.enums import Operator, SubjectKind, VerdictKind
from cunjing.policy.errors import RequestError
from cunjing.policy.facts import Facts
from cunjing.policy.model import Between, ByGrade, Policy, Rule
from cunjing.policy.periods import Period
from cunjing.policy.requests import read_rules
from cunjing.policy.verdict import Engine, ThresholdShown, Verdict

NewThreshold = int | Between
"""What a draft may set: a number, or a range for the operator `between`."""

Counts = Mapping[str, Mapping[VerdictKind, int]]
"""Rule id -> verdict -> how many subjects have it."""

_CHANGE = re.compile(r"(?P<rule>[^=\s]+)=(?P<low>\d{1,12})(?:\.\.(?P<high>\d{1,12}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Flip:
    """One verdict that is another under the draft. None: the policy has no row for the subject.

    Thresholds are those of the verdicts, prorated. Values differ only where the policies measure
    differently.
    """

    rule: str
    subject_kind: SubjectKind
    subject: str
    village_code: str | None
    staff_id: str | None
    period: str
    before: VerdictKind | None
    after: VerdictKind | None
    value_before: int | None
    value_after: int | None
    threshold_before: ThresholdShown
    threshold_after: ThresholdShown


@dataclass(frozen=True, slots=True)
class Comparison:
    """One period judged twice: how many verdicts of each kind, and the flips by rule, subject."""

    period: Period
    before: Counts
    after: Counts
    flips: tuple[Flip, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many verdicts of a rule went from one kind to another."""

    rule: str
    before: VerdictKind | None
    after: VerdictKind | None
    count: int


def read_changes(texts: Sequence[str]) -> dict[str, NewThreshold]:
    """`RULE=3` and `RULE=40..100`, each rule once; RequestError otherwise."""
    changes: dict[str, NewThreshold] = {}
    for text in texts:
        found = _CHANGE.fullmatch(text)
        if found is None:
            raise RequestError(
                f"“{text}”写得不对，应写作 规则=数 或 规则=低..高，例如 visit-days=3"
            )
        if found["rule"] in changes:
            raise RequestError(f"规则“{found['rule']}”写了两次，只能给一个新门槛")
        low, high = int(found["low"]), found["high"]
        changes[found["rule"]] = low if high is None else Between(low, int(high))
    return changes


def with_thresholds(
    policy: Policy, *, changes: Mapping[str, NewThreshold], periods: Sequence[Period]
) -> Policy:
    """A draft: the policy with other thresholds where they hold on the first day of a period.

    Thresholds that hold in none of the periods stay. The draft has a digest of its own. Raises
    RequestError for a rule that runs in none of the periods or cannot have such a threshold.
    """
    check_rules((policy,), periods=periods, names=list(changes))
    return with_digest(
        replace(
            policy,
            rules=tuple(
                _changed(rule, changes[rule.id], periods) if rule.id in changes else rule
                for rule in policy.rules
            ),
        )
    )


def check_rules(
    policies: Sequence[Policy], *, periods: Sequence[Period], names: Sequence[str]
) -> None:
    """RequestError naming the first rule that runs in no period under any of the policies."""
    for name in names:
        if not any(
            name == rule.id
            for policy in policies
            for period in periods
            for rule in policy.rules_for(period)
        ):
            known = [policy for policy in policies if any(name == rule.id for rule in policy.rules)]
            read_rules((known or policies)[0], periods[0], [name])


def differing_rules(before: Policy, after: Policy) -> set[str]:
    """The rules whose verdicts the two policies may give differently; others need no judging."""
    old, new = ({rule.id: rule for rule in policy.rules} for policy in (before, after))
    differing = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    if before.minimum_days != after.minimum_days:
        differing |= {name for name, rule in new.items() if rule.prorated}
    return differing


def compare(
    *,
    engine: Engine,
    facts: Facts,
    before: Policy,
    after: Policy,
    period: Period,
    as_of: datetime,
    rules: Sequence[str] | None = None,
    only: Callable[[Verdict], bool] | None = None,
) -> Comparison:
    """Judge a period by both policies: `rules`, or those that differ; `only` such verdicts.

    Rules that do not run in the period are left out.
    """
    differing = differing_rules(before, after)
    asked = differing if rules is None else set(rules)

    def judged(policy: Policy) -> list[Verdict]:
        names = [rule.id for rule in policy.rules_for(period) if rule.id in asked]
        if not names:
            return []
        found = engine.evaluate(policy=policy, facts=facts, period=period, as_of=as_of, rules=names)
        return [verdict for verdict in found if only is None or only(verdict)]

    old = judged(before)
    new = judged(after) if asked & differing else old
    return Comparison(period=period, before=counts(old), after=counts(new), flips=flips(old, new))


def flips(before: Iterable[Verdict], after: Iterable[Verdict]) -> tuple[Flip, ...]:
    """The rows whose verdict differs, sorted by rule, then subject, of one period."""
    old, new = ({(row.rule, row.subject): row for row in rows} for rows in (before, after))
    pairs = ((old.get(key), new.get(key)) for key in sorted(old.keys() | new.keys()))
    return tuple(_flip(one, other) for one, other in pairs if _kind(one) is not _kind(other))


def counts(verdicts: Iterable[Verdict]) -> dict[str, dict[VerdictKind, int]]:
    """How many verdicts of each kind every rule has."""
    found: dict[str, dict[VerdictKind, int]] = {}
    for (rule, kind), number in Counter((row.rule, row.verdict) for row in verdicts).items():
        found.setdefault(rule, {})[kind] = number
    return found


def tallies(comparisons: Iterable[Comparison]) -> list[Tally]:
    """Rule by rule how many flips of each kind there are over all periods, the most first."""
    found = Counter(
        (flip.rule, flip.before, flip.after)
        for comparison in comparisons
        for flip in comparison.flips
    )
    ordered = sorted(found.items(), key=lambda item: (item[0][0], -item[1], str(item[0][1:])))
    return [Tally(rule, before, after, count) for (rule, before, after), count in ordered]


def _changed(rule: Rule, value: NewThreshold, periods: Sequence[Period]) -> Rule:
    if any(isinstance(dated.value, ByGrade) for dated in rule.thresholds):
        raise RequestError(
            f"规则“{rule.id}”按等次的表定数，不能用一个数代替，请改好一份政策文件再比较"
        )
    _check_value(rule, value)
    days = [period.start for period in periods if rule.period in {None, period.kind}]
    return replace(
        rule,
        thresholds=tuple(
            replace(dated, value=value) if any(dated.holds_on(day) for day in days) else dated
            for dated in rule.thresholds
        ),
    )


def _check_value(rule: Rule, value: NewThreshold) -> None:
    if rule.operator is Operator.BETWEEN and isinstance(value, int):
        raise RequestError(f"规则“{rule.id}”的门槛是一个范围，应写作 {rule.id}=低..高")
    if rule.operator is not Operator.BETWEEN and isinstance(value, Between):
        raise RequestError(f"规则“{rule.id}”的门槛是一个数，应写作 {rule.id}=数")
    for fault in threshold_faults(rule, value):
        raise RequestError(f"规则“{rule.id}”的新门槛不行：{fault}")


def _kind(verdict: Verdict | None) -> VerdictKind | None:
    return verdict.verdict if verdict else None


def _flip(before: Verdict | None, after: Verdict | None) -> Flip:
    either = after or before
    if either is None:
        raise ValueError("a flip has a verdict before or after")
    return Flip(
        rule=either.rule,
        subject_kind=either.subject_kind,
        subject=either.subject,
        village_code=either.village_code,
        staff_id=either.staff_id,
        period=either.period,
        before=_kind(before),
        after=_kind(after),
        value_before=before.value if before else None,
        value_after=after.value if after else None,
        threshold_before=before.threshold if before else None,
        threshold_after=after.threshold if after else None,
    )
