"""How the rules of a policy stand with the reader's villages: counts by period, and what is behind.

A period's figures are summed over the newest revisions of all scopes that ran the policy in it, so
that a province reads one number for its counties.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, groupby
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, When

from cunjing.assessment.access import reading, results_of
from cunjing.assessment.matrix import PAGE_SIZE, Cell, named
from cunjing.assessment.models import Result, Run
from cunjing.assessment.queries import in_force, runs
from cunjing.assessment.storage import kept_policy
from cunjing.base.errors import Problem
from cunjing.kernel.access import Actor
from cunjing.kernel.paging import nearest_page, page_count
from cunjing.policy.enums import VerdictKind
from cunjing.policy.model import Policy, Rule
from cunjing.policy.periods import Period, PeriodKind, parse_period
from cunjing.policy.plain import threshold_text

SHOWN_PERIODS = 12
# Two years of months with their quarters, halves and years.
_MOST_PERIODS = 40
# The most pressing first.
URGENCY = (
    VerdictKind.FAIL,
    VerdictKind.UNKNOWN,
    VerdictKind.NOT_DUE,
    VerdictKind.ADVICE,
    VerdictKind.EXEMPT,
    VerdictKind.PASS,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One rule in one period. `counts` = how many verdicts of each kind the reader's subjects have.

    `runs` are the runs the counts are of: one for every scope.
    """

    rule: Rule
    period: Period
    runs: Sequence[Run]
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All verdicts."""
        return sum(self.counts.values())

    @property
    def judged(self) -> int:
        """Verdicts on those who had to meet the rule: all but the exempt."""
        return self.total - self.counts.get(VerdictKind.EXEMPT, 0)

    @property
    def passed(self) -> int:
        """Verdicts `pass`."""
        return self.counts.get(VerdictKind.PASS, 0)

    @property
    def missed(self) -> int:
        """Verdicts `fail` and `advice`; what is neither passed nor missed is still open."""
        return sum(self.counts.get(kind, 0) for kind in (VerdictKind.FAIL, VerdictKind.ADVICE))


@dataclass(frozen=True, slots=True)
class PolicyStanding:
    """How a policy stands as of a period: those to choose from (newest first), the chosen one.

    `chosen` is None and `by_rule` (standings by rule id) empty where nothing was judged yet.
    `missed` is what was asked for and is not among the options, else empty.
    """

    options: Sequence[Period]
    chosen: Period | None
    by_rule: Mapping[str, Standing]
    missed: str = ""


@dataclass(frozen=True, slots=True)
class RuleStanding:
    """How a rule stands: the periods to choose from, and its past, beginning with the chosen one.

    `history` is empty where the rule was never judged, `missed` as of a policy's standing.
    """

    options: Sequence[Period]
    history: Sequence[Standing]
    missed: str = ""

    @property
    def chosen(self) -> Period | None:
        """The period chosen."""
        return self.history[0].period if self.history else None


@dataclass(frozen=True, slots=True)
class VerdictPage:
    """One page of verdicts, the most pressing first; `page` starts at 1."""

    cells: Sequence[Cell]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return page_count(total=self.total, size=self.size)


@dataclass(frozen=True, slots=True)
class ThresholdUse:
    """A threshold in words and the periods (newest first) in which runs applied it.

    `digests` are those of the policies that said so, the newest first.
    """

    text: str
    periods: Sequence[str]
    digests: Sequence[str]


def policy_as_of(*, actor: Actor, policy: Policy, on: date, asked: str = "") -> PolicyStanding:
    """The policy as of the period asked for, else as of the newest of the shortest kind that is
    over by the day `on`."""
    periods = judged_periods(actor=actor, policy_id=policy.id, asked=asked)
    chosen = _chosen(periods, asked=asked, on=on)
    if chosen is None:
        return PolicyStanding((), None, {}, missed=asked)
    by_rule = policy_standing(actor=actor, policy=policy, periods=periods, chosen=chosen)
    return PolicyStanding(periods, chosen, by_rule, missed=_missed(asked, chosen))


def rule_as_of(
    *, actor: Actor, policy_id: str, rule: Rule, on: date, asked: str = ""
) -> RuleStanding:
    """The rule in the period asked for, else in its newest that is over, and in those before."""
    periods = judged_periods(actor=actor, policy_id=policy_id, asked=asked)
    options = periods_of(rule, periods=periods)
    chosen = _chosen(options, asked=asked, on=on)
    past = [period for period in options if chosen and period.kind == chosen.kind]
    start = past.index(chosen) if chosen else 0
    shown = past[start : start + SHOWN_PERIODS]
    history = rule_history(actor=actor, policy_id=policy_id, rule=rule, periods=shown)
    return RuleStanding(options, history, missed=_missed(asked, chosen))


def judged_periods(*, actor: Actor, policy_id: str, asked: str = "") -> list[Period]:
    """The periods in which the policy judged one of the reader's villages, newest first: so many,
    and however old the one asked for."""
    found = (
        in_force(runs(actor=actor))
        .filter(policy_id=policy_id)
        .order_by("-period_end", "-period_start")
        .values_list("period", flat=True)
        .distinct()
    )
    names = list(found[:_MOST_PERIODS])
    if _names_period(asked) and asked not in names and found.filter(period=asked).exists():
        names.append(asked)
    return [parse_period(text) for text in names]


def periods_of(rule: Rule, *, periods: Sequence[Period]) -> list[Period]:
    """Those in which the rule is judged: for a state rule all, for another those of its kind."""
    return [period for period in periods if rule.period in {None, period.kind}]


def shortest(periods: Sequence[Period]) -> PeriodKind | None:
    """The shortest kind among the periods, None where there are none."""
    kinds = {period.kind for period in periods}
    return next((kind for kind in PeriodKind if kind in kinds), None)


def rule_history(
    *, actor: Actor, policy_id: str, rule: Rule, periods: Sequence[Period]
) -> list[Standing]:
    """The rule's standing in these periods, in their order; two queries."""
    found = _newest(actor=actor, policy_id=policy_id, periods=periods)
    counted = _counts(
        actor=actor, runs=[run for group in found.values() for run in group], rule=rule
    )
    return [
        Standing(
            rule=rule,
            period=period,
            runs=found[period.text],
            counts=_sum(counted, runs=found[period.text], rule_id=rule.id),
        )
        for period in periods
    ]


def policy_standing(
    *, actor: Actor, policy: Policy, periods: Sequence[Period], chosen: Period
) -> dict[str, Standing]:
    """Every rule's standing as of a period, by rule id; two queries.

    A rule of another kind of period stands where its newest period that had begun by the end of
    the chosen one stands. A rule that has none is left out.
    """
    of_kind = {chosen.kind: chosen}
    for period in periods:
        if period.start < chosen.end:
            of_kind.setdefault(period.kind, period)
    found = _newest(actor=actor, policy_id=policy.id, periods=list(of_kind.values()))
    counted = _counts(actor=actor, runs=[run for group in found.values() for run in group])
    standings = {}
    for rule in policy.rules:
        kind = rule.period or chosen.kind
        if kind in of_kind:
            group = found[of_kind[kind].text]
            counts = _sum(counted, runs=group, rule_id=rule.id)
            standings[rule.id] = Standing(
                rule=rule, period=of_kind[kind], runs=group, counts=counts
            )
    return standings


def verdicts(
    *, actor: Actor, standings: Sequence[Standing], verdict: str = "", page: int = 1
) -> VerdictPage:
    """The verdicts behind some standings, of one kind if asked; three queries and access."""
    total = sum(one.counts.get(verdict, 0) if verdict else one.total for one in standings)
    page = nearest_page(page, total=total, size=PAGE_SIZE)
    found = _behind(actor=actor, standings=standings)
    if verdict:
        found = found.filter(verdict=verdict)
    urgency = Case(*(When(verdict=kind.value, then=place) for place, kind in enumerate(URGENCY)))
    ordered = found.order_by(urgency, "village_code", "rule", "subject")
    shown = ordered[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return VerdictPage(cells=named(shown), total=total, page=page, size=PAGE_SIZE)


def villages_short(*, actor: Actor, standings: Sequence[Standing]) -> int:
    """How many villages have a failed verdict among these standings."""
    failed = _behind(actor=actor, standings=standings).filter(verdict=VerdictKind.FAIL)
    return failed.exclude(village_code="").values("village_code").distinct().count()


def threshold_uses(history: Sequence[Standing]) -> list[ThresholdUse]:
    """Which thresholds the runs of a history (newest first) applied; one that came back, twice.

    Where the scopes of one period applied different ones, the text names each.
    """
    spans = groupby(history, key=_applied)
    listed = [(text, list(span)) for text, span in spans]
    return [
        ThresholdUse(
            text=text,
            periods=[one.period.text for one in span],
            digests=list(dict.fromkeys(run.policy_digest for one in span for run in one.runs)),
        )
        for text, span in listed
        if text
    ]


def _chosen(options: Sequence[Period], *, asked: str, on: date) -> Period | None:
    """The period asked for; else of the shortest kind the newest that is over, because little of a
    running one is decided; else the newest."""
    wanted = (period for period in options if period.text == asked)
    kind = shortest(options)
    usual = [period for period in options if period.kind == kind]
    over = (period for period in usual if period.end <= on)
    return next(chain(wanted, over, usual), None)


def _missed(asked: str, chosen: Period | None) -> str:
    return asked if chosen is None or asked != chosen.text else ""


def _names_period(text: str) -> bool:
    try:
        parse_period(text)
    except ValueError:
        return False
    return True


def _applied(standing: Standing) -> str:
    texts = (
        _applied_by(run, rule_id=standing.rule.id, period=standing.period) for run in standing.runs
    )
    return "；".join(dict.fromkeys(text for text in texts if text))


def _applied_by(run: Run, *, rule_id: str, period: Period) -> str:
    """The threshold in words by the policy kept with the run; empty where that lacks the rule."""
    try:
        policy = kept_policy(digest=run.policy_digest, policy_id=run.policy_id)
    except Problem as problem:
        return problem.detail
    rule = next((rule for rule in policy.rules if rule.id == rule_id), None)
    value = rule.threshold_on(period.start) if rule else None
    return threshold_text(rule, value) if rule and value is not None else ""


def _newest(*, actor: Actor, policy_id: str, periods: Sequence[Period]) -> dict[str, Sequence[Run]]:
    """Of every scope the newest revision, by period."""
    names = [period.text for period in periods]
    found: dict[str, dict[str, Run]] = {name: {} for name in names}
    judged = in_force(runs(actor=actor)).filter(policy_id=policy_id, period__in=names)
    for run in judged.order_by("revision"):
        found[run.period][run.scope] = run
    return {name: list(by_scope.values()) for name, by_scope in found.items()}


def _counts(
    *, actor: Actor, runs: Sequence[Run], rule: Rule | None = None
) -> Mapping[tuple[UUID, str], Mapping[str, int]]:
    counted: dict[tuple[UUID, str], dict[str, int]] = defaultdict(dict)
    found = results_of(held=reading(actor), runs=runs)
    if rule is not None:
        found = found.filter(rule=rule.id)
    for row in found.values("run", "rule", "verdict").annotate(n=Count("id")).order_by():
        counted[row["run"], row["rule"]][row["verdict"]] = row["n"]
    return counted


def _sum(
    counted: Mapping[tuple[UUID, str], Mapping[str, int]], *, runs: Sequence[Run], rule_id: str
) -> dict[str, int]:
    """Counts over the runs in the order of urgency, zeros left out."""
    rows = [counted.get((run.pk, rule_id), {}) for run in runs]
    sums = {kind.value: sum(row.get(kind.value, 0) for row in rows) for kind in URGENCY}
    return {kind: count for kind, count in sums.items() if count}


def _behind(*, actor: Actor, standings: Sequence[Standing]) -> QuerySet[Result]:
    """The results the standings count."""
    met = [one for one in standings if one.runs]
    runs = {run.pk: run for one in met for run in one.runs}
    wanted = Q(pk__in=[])
    for one in met:
        wanted |= Q(rule=one.rule.id, run__in=[run.pk for run in one.runs])
    return results_of(held=reading(actor), runs=list(runs.values())).filter(wanted)
