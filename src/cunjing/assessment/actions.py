"""Writes of assessments: which policy holds, runs, freezing, revising.

Facts are exported and judged before the transaction opens; only storing happens inside it, so the
database is never locked while the engine works. The action checks again under the lock.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError
from django.db.models import QuerySet

from cunjing.assessment.access import check_scope, readable_run
from cunjing.assessment.collecting import not_collected, without
from cunjing.assessment.completeness import check_complete, check_current
from cunjing.assessment.evaluation import (
    ENGINE,
    ENGINE_VERSION,
    Question,
    evaluate,
    result_of,
    results_digest,
)
from cunjing.assessment.models import (
    PolicyVersion,
    Programme,
    Result,
    RevisionDiff,
    Run,
    RunState,
)
from cunjing.assessment.queries import programme_for
from cunjing.assessment.reach import Reach
from cunjing.assessment.revisions import differences
from cunjing.assessment.rules import (
    check_begun,
    check_due,
    check_in_force,
    check_may_freeze,
    check_may_revise,
    check_policy_id,
    check_prefix,
    check_seen,
    check_told,
    check_watermark,
    check_why,
    nested,
    overlap,
    period_of,
)
from cunjing.assessment.storage import keep_facts, keep_policy, kept_policy, seal_facts, sound_facts
from cunjing.base.clock import local_date, now
from cunjing.base.errors import conflict, not_found
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import Write, writing
from cunjing.policy.loader import load_policy
from cunjing.policy.model import Policy
from cunjing.policy.periods import Period
from cunjing.policy.verdict import Verdict

_BATCH = 2000


def set_programme(
    *, actor: Actor, prefix: str, policy_id: str, valid_from: date, note: str = ""
) -> Programme:
    """Let a policy hold for the villages under `prefix` from a day on.

    The programme that held for the same prefix ends that day, which needs a `note` where the day
    is past. One set from the same day is put right in its place, which needs a `note`, too. Raises
    where one of a wider or narrower division still holds (a village belongs to one programme at a
    time; `end_programme`), and where a period from that day on is frozen.
    """
    check_prefix(prefix)
    check_policy_id(policy_id)
    check_scope(actor=actor, permission=Permission.ASSESSMENT_FREEZE, scope=prefix)
    with writing(actor=actor, permission=Permission.ASSESSMENT_FREEZE) as write:
        _check_none_frozen(prefix=prefix, valid_from=valid_from)
        for earlier in Programme.objects.select_for_update().order_by("valid_from"):
            if not overlap(earlier, prefix=prefix, valid_from=valid_from):
                continue
            if earlier.prefix != prefix or earlier.valid_from > valid_from:
                raise conflict(
                    f"区划 {earlier.prefix} 自 {earlier.valid_from} 起已有考评方案，"
                    "同一个村同一天只能有一个方案。请先让它到期，或者换个起始日。"
                )
            if earlier.valid_from == valid_from:
                return _put_right(earlier, policy_id=policy_id, note=note, write=write)
            check_told(note, valid_from=valid_from, today=local_date(write.at))
            _end(earlier, on=valid_from, reason=note, write=write)
        programme = Programme.objects.create(
            prefix=prefix, policy_id=policy_id, valid_from=valid_from, note=note
        )
        write.note(programme, AuditVerb.CREATED, reason=note)
    return programme


def end_programme(*, actor: Actor, prefix: str, on: date, reason: str) -> Programme:
    """Let the programme of exactly this prefix hold until the day before `on`, so that another
    division can have its own. Raises where a period from that day on is frozen."""
    check_prefix(prefix)
    check_scope(actor=actor, permission=Permission.ASSESSMENT_FREEZE, scope=prefix)
    check_why(reason)
    with writing(actor=actor, permission=Permission.ASSESSMENT_FREEZE) as write:
        _check_none_frozen(prefix=prefix, valid_from=on)
        held = Programme.objects.select_for_update().filter(prefix=prefix, valid_from__lt=on)
        programme = held.exclude(valid_to__lte=on).first()
        if programme is None:
            raise not_found(f"区划 {prefix} 在 {on} 的前一天没有考评方案，没有可以到期的。")
        _end(programme, on=on, reason=reason.strip(), write=write)
    return programme


def _end(programme: Programme, *, on: date, reason: str, write: Write) -> None:
    programme.valid_to = on
    programme.save(update_fields=["valid_to"])
    write.note(programme, AuditVerb.ENDED, reason=reason)


def _put_right(programme: Programme, *, policy_id: str, note: str, write: Write) -> Programme:
    """Another policy from the same day on: what the wrong one judged provisionally is over."""
    check_why(note)
    programme.policy_id, programme.note = policy_id, note.strip()
    programme.save(update_fields=["policy_id", "note"])
    write.note(programme, AuditVerb.CHANGED, reason=note.strip())
    return programme


def run_assessment(*, actor: Actor, scope: str, period: str, as_of: datetime | None = None) -> Run:
    """Judge a period of the villages under a programme's prefix, as known at `as_of` (now).

    The result is provisional: the next run of the same scope, period and policy takes its place,
    under the same id. Raises where the period is already frozen (`revise_run`).
    """
    started = now()
    check_watermark(as_of or started, now=started)
    asked = period_of(period)
    check_begun(asked, today=local_date(started))
    check_prefix(scope)
    check_scope(actor=actor, permission=Permission.ASSESSMENT_RUN, scope=scope)
    programme = programme_for(scope=scope, on=asked.start)
    if programme is None:
        raise not_found(f"区划 {scope} 在 {period} 没有设定考评方案，请先设定。")
    _check_not_frozen(_first_run(programme, period=period).first())
    policy = load_policy(programme.policy_id)
    keep_policy(policy)
    judged = _judge(
        policy=policy,
        left_out=not_collected(policy, period=asked),
        scope=scope,
        period=asked,
        as_of=as_of or started,
    )
    try:
        return _replace(actor=actor, judged=judged, programme=programme, started=started)
    except IntegrityError as error:
        raise conflict("刚才有人同时运行了这一期考评，请刷新后查看结果。") from error


def freeze_run(*, actor: Actor, run_id: UUID, seen: str = "") -> Run:
    """Make a provisional run final. Its facts are kept read-only; its results never change again.

    `seen`: the digest of the results that were looked at; where others have taken their place,
    nothing is frozen.
    """
    run = readable_run(actor=actor, run_id=run_id)
    check_scope(actor=actor, permission=Permission.ASSESSMENT_FREEZE, scope=run.scope)
    with writing(actor=actor, permission=Permission.ASSESSMENT_FREEZE) as write:
        run = Run.objects.select_for_update().get(pk=run_id)
        check_may_freeze(run)
        check_seen(run, seen=seen)
        check_in_force(run)
        sound_facts(run.facts_digest)
        check_complete(run)
        check_current(run)
        seal_facts(run.facts_digest)
        _freeze(run, actor=actor, at=write.at)
        run.save()
        write.note(run, AuditVerb.CHANGED, reason="定稿")
    return run


def revise_run(*, actor: Actor, run_id: UUID, reason: str) -> Run:
    """Judge a frozen period again with what has arrived since: a new frozen run with its diff.

    The frozen run stays as it is, and the policy is the one it was judged by. Where no verdict,
    number or evidence differs, it is noted on the frozen run, which is returned: what came or was
    changed until then waits no more.
    """
    started = now()
    frozen = readable_run(actor=actor, run_id=run_id)
    check_scope(actor=actor, permission=Permission.ASSESSMENT_FREEZE, scope=frozen.scope)
    check_may_revise(frozen, reason=reason, revised=_is_revised(frozen))
    judged = _judge(
        policy=kept_policy(digest=frozen.policy_digest, policy_id=frozen.policy_id),
        left_out=_no_longer_judged(frozen),
        scope=frozen.scope,
        period=period_of(frozen.period),
        as_of=started,
    )
    diffs = differences(before=frozen, question=judged.question, after=judged.verdicts)
    if not diffs:
        return _note_same(frozen, actor=actor, judged=judged, started=started, reason=reason)
    with writing(actor=actor, permission=Permission.ASSESSMENT_FREEZE) as write:
        latest = Run.objects.select_for_update().get(pk=run_id)
        check_may_revise(latest, reason=reason, revised=_is_revised(latest))
        run = _successor(latest, reason=reason.strip())
        judged.describe(run, programme=latest.programme, started=started)
        check_due(run)
        check_complete(run)
        seal_facts(run.facts_digest)
        _freeze(run, actor=actor, at=write.at)
        run.save()
        judged.store(run)
        for diff in diffs:
            diff.run = run
        RevisionDiff.objects.bulk_create(diffs, batch_size=_BATCH)
        write.note(run, AuditVerb.CREATED, reason=run.reason)
    return run


@dataclass(frozen=True, slots=True)
class _Judged:
    """What an evaluation gave, before it is stored."""

    question: Question
    left_out: Sequence[str]
    verdicts: Sequence[Verdict]
    villages: int

    def describe(self, run: Run, *, programme: Programme, started: datetime) -> None:
        """Write onto the run what was asked and answered."""
        run.programme = programme
        run.policy_digest = self.question.policy.digest
        run.period_start = self.question.period.start
        run.period_end = self.question.period.end
        run.watermark = self.question.watermark
        run.engine = ENGINE
        run.engine_version = ENGINE_VERSION
        run.facts_digest = self.question.facts_digest
        run.results_digest = results_digest(self.verdicts)
        run.counts = dict(Counter(verdict.verdict.value for verdict in self.verdicts))
        run.villages = self.villages
        run.left_out = list(self.left_out)
        run.started_at = started
        run.finished_at = now()

    def store(self, run: Run) -> None:
        """Insert the rows."""
        rows = [result_of(verdict, run=run) for verdict in self.verdicts]
        Result.objects.bulk_create(rows, batch_size=_BATCH)


def _judge(
    *, policy: Policy, left_out: Sequence[str], scope: str, period: Period, as_of: datetime
) -> _Judged:
    facts = keep_facts(reach=Reach(prefixes=(scope,), period=period))
    question = Question(
        policy=without(policy, left_out),
        facts_digest=facts.digest,
        period=period,
        watermark=as_of,
    )
    return _Judged(
        question=question,
        left_out=left_out,
        verdicts=evaluate(question),
        villages=facts.rows["villages"],
    )


def _no_longer_judged(frozen: Run) -> list[str]:
    """What the frozen run left out, and what it judged although the product keeps no records of
    it."""
    kept = kept_policy(digest=frozen.policy_digest, policy_id=frozen.policy_id)
    return sorted({*frozen.left_out, *not_collected(kept, period=period_of(frozen.period))})


def _note_same(
    frozen: Run, *, actor: Actor, judged: _Judged, started: datetime, reason: str
) -> Run:
    with writing(actor=actor, permission=Permission.ASSESSMENT_FREEZE) as write:
        run = Run.objects.select_for_update().get(pk=frozen.pk)
        check_may_revise(run, reason=reason, revised=_is_revised(run))
        if run.looked_at is None or run.looked_at < started:  # two may look at once
            run.looked_at, run.looked_facts = started, judged.question.facts_digest
            run.save(update_fields=["looked_at", "looked_facts"])
        write.note(run, AuditVerb.CHANGED, reason=f"重算无变化：{reason.strip()}")
    return run


def _first_run(programme: Programme, *, period: str) -> QuerySet[Run]:
    return Run.objects.filter(
        scope=programme.prefix, period=period, policy_id=programme.policy_id, revision=0
    )


def _replace(*, actor: Actor, judged: _Judged, programme: Programme, started: datetime) -> Run:
    period = judged.question.period.text
    with writing(actor=actor, permission=Permission.ASSESSMENT_RUN) as write:
        run = _first_run(programme, period=period).select_for_update().first()
        _check_not_frozen(run)
        verb = AuditVerb.CHANGED if run else AuditVerb.CREATED
        run = run or Run(
            scope=programme.prefix, period=period, policy_id=programme.policy_id, revision=0
        )
        judged.describe(run, programme=programme, started=started)
        run.save()
        _note_version(run, write=write)
        Result.objects.filter(run=run).delete()
        judged.store(run)
        write.note(run, verb)
    return run


def _note_version(run: Run, *, write: Write) -> None:
    """Remember since when the policy's content as it is now judges."""
    version, is_new = PolicyVersion.objects.get_or_create(
        digest=run.policy_digest,
        defaults={"policy_id": run.policy_id, "first_used_at": run.started_at},
    )
    if is_new:
        write.note(version, AuditVerb.CREATED)


def _successor(run: Run, *, reason: str) -> Run:
    return Run(
        scope=run.scope,
        period=run.period,
        policy_id=run.policy_id,
        revision=run.revision + 1,
        revises=run,
        reason=reason,
    )


def _freeze(run: Run, *, actor: Actor, at: datetime) -> None:
    run.state = RunState.FROZEN
    run.frozen_at = at
    run.frozen_by = actor.user_id
    run.frozen_by_name = actor.name


def _check_none_frozen(*, prefix: str, valid_from: date) -> None:
    """Raise where a period judged by what held before, and frozen, would have had to be judged by
    the new programme."""
    frozen = Run.objects.filter(state=RunState.FROZEN, period_start__gte=valid_from)
    first = next(
        (run for run in frozen.order_by("period_start") if nested(run.scope, prefix)), None
    )
    if first is not None:
        raise conflict(
            f"{first.scope} 的 {first.period} 考评已经定稿，不能再换它所用的方案。"
            f"请从定稿的考评期之后开始。"
        )


def _check_not_frozen(run: Run | None) -> None:
    if run is not None and run.state == RunState.FROZEN:
        raise conflict("这一期考评已经定稿。有迟到的记录请用“修订”，原结果会保留。")


def _is_revised(run: Run) -> bool:
    return Run.objects.filter(revises=run).exists()
