"""The demo's assessments: a month frozen and revised, one to be frozen, the running one."""

from cunjing.assessment.actions import freeze_run, revise_run, run_assessment, set_programme
from cunjing.assessment.models import Programme, Run, RunState
from cunjing.demo.months import FROZEN, OPEN, RUNNING, Months, moment
from cunjing.demo.places import COUNTY
from cunjing.kernel.access import Actor

_POLICY = "bozhou-2014"
_NOTE = "演示：以亳州2014年方案为例评牟定县的村，当地并未采用；人员和记录均为虚构。"
_REASON = "定稿后收到迟到的治安预警和一条作废的走访记录"
_SEEN_UNTIL = 5


def judge(*, actor: Actor, months: Months) -> None:
    """Run, freeze and revise; what is frozen already stays."""
    if not Programme.objects.filter(prefix=COUNTY).exists():
        set_programme(
            actor=actor,
            prefix=COUNTY,
            policy_id=_POLICY,
            valid_from=months.long_before,
            note=_NOTE,
        )
    frozen = months.month(FROZEN).text
    if not Run.objects.filter(scope=COUNTY, period=frozen, state=RunState.FROZEN).exists():
        seen = moment(months.day(OPEN, _SEEN_UNTIL), 8)
        run = run_assessment(actor=actor, scope=COUNTY, period=frozen, as_of=seen)
        freeze_run(actor=actor, run_id=run.pk)
    for place in (OPEN, RUNNING):
        run_assessment(actor=actor, scope=COUNTY, period=months.month(place).text)
    first = Run.objects.get(scope=COUNTY, period=frozen, revision=0)
    if not Run.objects.filter(revises=first).exists():
        revise_run(actor=actor, run_id=first.pk, reason=_REASON)


def is_judged() -> bool:
    """Whether the last step of loading, the revision, is there."""
    return Run.objects.filter(scope=COUNTY, revision__gt=0).exists()
