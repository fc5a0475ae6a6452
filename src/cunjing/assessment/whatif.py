"""A threshold tried over past periods: what was kept judged again, and which verdicts would flip.

Reads only. No run, result or audit entry comes of it, and nobody is assessed by it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cunjing.assessment.access import readable_verdicts, reading, touches
from cunjing.assessment.evaluation import ENGINE, opened_facts
from cunjing.assessment.models import Programme, Run
from cunjing.assessment.queries import in_force
from cunjing.assessment.revisions import question_of
from cunjing.base.errors import FieldFault, forbidden, invalid, not_found
from cunjing.kernel.access import Actor, Jurisdiction
from cunjing.kernel.permissions import Permission
from cunjing.places.access import jurisdiction_of
from cunjing.places.models import Unit, Village
from cunjing.policy.engines import load_engine
from cunjing.policy.enums import SubjectKind, VerdictKind
from cunjing.policy.errors import RequestError
from cunjing.policy.loader import load_policy
from cunjing.policy.model import Policy, ThresholdValue
from cunjing.policy.periods import Period, PeriodKind, add_months, following, period_at
from cunjing.policy.verdict import Verdict
from cunjing.policy.whatif import (
    Comparison,
    Flip,
    NewThreshold,
    Tally,
    compare,
    tallies,
    with_thresholds,
)
from cunjing.staffing.models import Staff

LONGEST = 12
"""Months that a trial may look back."""


@dataclass(frozen=True, slots=True)
class PeriodTrial:
    """One period judged twice. `threshold` is the one in force then, before prorating."""

    run: Run
    threshold: ThresholdValue | None
    before: Mapping[VerdictKind, int]
    after: Mapping[VerdictKind, int]
    flips: int


@dataclass(frozen=True, slots=True)
class SubjectTrial:
    """One village, posting, group, person or unit that flips, with its flips by period.

    `name` says who it is where it is not the village itself.
    """

    village_code: str
    village_name: str
    staff_id: str
    name: str
    flips: Sequence[tuple[Run, Flip]]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a threshold would have done. Periods are in order of time, subjects by village.

    `left_out` are periods never judged, or judged when the rule was not in force.
    """

    periods: Sequence[PeriodTrial]
    subjects: Sequence[SubjectTrial]
    tallies: Sequence[Tally]
    left_out: Sequence[Period]

    @property
    def villages(self) -> int:
        """How many villages flip in some period."""
        return len({one.village_code for one in self.subjects if one.village_code})

    @property
    def flips(self) -> int:
        """How many verdicts flip."""
        return sum(period.flips for period in self.periods)


def programmes_to_try(*, actor: Actor) -> list[Programme]:
    """The programmes in whose villages `actor` may try thresholds, the newest first."""
    held = _held(actor)
    found = Programme.objects.order_by("-valid_from", "prefix")
    return [programme for programme in found if touches(held, scope=programme.prefix)]


def programme_to_try(*, actor: Actor, programme_id: UUID) -> Programme:
    """The programme. A reader without the right gets 403, a stranger 404."""
    programme = Programme.objects.filter(pk=programme_id).first()
    if programme is not None and touches(_held(actor), scope=programme.prefix):
        return programme
    if programme is not None and touches(reading(actor), scope=programme.prefix):
        raise forbidden(f"您没有“{Permission.POLICY_DRAFT.label}”的权限，请联系派出所或县局。")
    raise not_found("没有这个考评方案，或者不在您的辖区内。")


def try_threshold(
    *, actor: Actor, programme_id: UUID, rule: str, threshold: NewThreshold, months: int, on: date
) -> Trial:
    """Judge the periods that ended in the last `months` months again under another threshold.

    Each by the policy and facts of its last run, as far as `actor` holds the right. Raises Problem
    for a rule the policy does not have and a threshold it cannot have.
    """
    programme = programme_to_try(actor=actor, programme_id=programme_id)
    if not 1 <= months <= LONGEST:
        raise invalid("回看的月数不对。", FieldFault("months", f"请填 1 至 {LONGEST}"))
    policy = load_policy(programme.policy_id)
    periods = _past(policy, rule=rule, months=months, on=on)
    _check(policy, rule=rule, threshold=threshold, periods=periods)
    only = readable_verdicts(_held(actor), scope=programme.prefix)
    judged = [
        _judged(run, rule=rule, threshold=threshold, only=only)
        for run in _last_runs(programme, periods=periods)
    ]
    found = [one for one in judged if one is not None]
    seen = {run.period for run, _comparison, _value in found}
    return Trial(
        periods=[_period_trial(run, one, rule=rule, threshold=value) for run, one, value in found],
        subjects=_subjects((run, flip) for run, one, _value in found for flip in one.flips),
        tallies=tallies(one for _run, one, _value in found),
        left_out=[period for period in periods if period.text not in seen],
    )


def _held(actor: Actor) -> Jurisdiction:
    return jurisdiction_of(actor=actor, permission=Permission.POLICY_DRAFT)


def _past(policy: Policy, *, rule: str, months: int, on: date) -> list[Period]:
    """The periods of the rule's kind that ended in the last months; months for a state rule."""
    asked = next((one for one in policy.rules if one.id == rule), None)
    if asked is None:
        raise invalid(
            f"方案 {policy.id} 没有规则“{rule}”。", FieldFault("rule", "请从列表里选一条规则")
        )
    found = []
    period = period_at(asked.period or PeriodKind.MONTH, add_months(on.replace(day=1), -months))
    while period.end <= on:
        found.append(period)
        period = following(period)
    return found


def _check(
    policy: Policy, *, rule: str, threshold: NewThreshold, periods: Sequence[Period]
) -> None:
    """Raise Problem where the policy as it is now cannot have the threshold."""
    try:
        if periods:
            with_thresholds(policy, changes={rule: threshold}, periods=periods)
    except RequestError as error:
        said = error.findings[0].message
        raise invalid("新门槛不行。", FieldFault("low", said)) from error


def _last_runs(programme: Programme, *, periods: Sequence[Period]) -> list[Run]:
    """The run that holds for each of the periods, in order of time."""
    runs = Run.objects.filter(
        scope=programme.prefix,
        policy_id=programme.policy_id,
        period__in=[period.text for period in periods],
    )
    last = {run.period: run for run in in_force(runs).order_by("period_start", "revision")}
    return list(last.values())


def _judged(
    run: Run, *, rule: str, threshold: NewThreshold, only: Callable[[Verdict], bool]
) -> tuple[Run, Comparison, ThresholdValue | None] | None:
    """A run judged by its policy and by a draft of it, and the threshold that held.

    None where its policy did not have the rule, or could not have had such a threshold.
    """
    question = question_of(run)
    policy, period = question.policy, question.period
    try:
        draft = with_thresholds(policy, changes={rule: threshold}, periods=[period])
    except RequestError:
        return None
    comparison = compare(
        engine=load_engine(ENGINE),
        facts=opened_facts(run.facts_digest),
        before=policy,
        after=draft,
        period=period,
        as_of=run.watermark,
        rules=[rule],
        only=only,
    )
    return run, comparison, policy.rule(rule).threshold_on(period.start)


def _period_trial(
    run: Run, comparison: Comparison, *, rule: str, threshold: ThresholdValue | None
) -> PeriodTrial:
    return PeriodTrial(
        run=run,
        threshold=threshold,
        before=comparison.before.get(rule, {}),
        after=comparison.after.get(rule, {}),
        flips=len(comparison.flips),
    )


def _subjects(flips: Iterable[tuple[Run, Flip]]) -> list[SubjectTrial]:
    """The flips grouped by subject, with the names of villages, people and units."""
    grouped: dict[str, list[tuple[Run, Flip]]] = defaultdict(list)
    for run, flip in flips:
        grouped[flip.subject].append((run, flip))
    firsts = [listed[0][1] for listed in grouped.values()]
    villages = dict(
        Village.objects.filter(code__in={flip.village_code for flip in firsts}).values_list(
            "code", "name"
        )
    )
    names = _names(firsts)
    found = [
        SubjectTrial(
            village_code=flip.village_code or "",
            village_name=villages.get(flip.village_code or "", ""),
            staff_id=flip.staff_id or "",
            name=names.get(flip.subject, ""),
            flips=grouped[flip.subject],
        )
        for flip in firsts
    ]
    return sorted(found, key=lambda one: (one.village_code, one.name))


def _names(flips: Sequence[Flip]) -> dict[str, str]:
    """What subjects that are people or units are called."""
    ids = {flip.staff_id for flip in flips if flip.staff_id}
    people = {
        str(identifier): name
        for identifier, name in Staff.objects.filter(id__in=ids).values_list("id", "name")
    }
    codes = {flip.subject for flip in flips if flip.subject_kind is SubjectKind.UNIT}
    units = dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
    return units | {
        flip.subject: people[flip.staff_id] for flip in flips if flip.staff_id in people
    }
