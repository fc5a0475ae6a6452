"""Assessment by the clock: what has ended, the month that runs, and clearing away."""

import logging
from datetime import timedelta

from django_tasks import task

from cunjing.assessment.actions import run_assessment
from cunjing.assessment.models import Run, RunState
from cunjing.assessment.queries import programmes_in_force
from cunjing.assessment.storage import discard_facts
from cunjing.base.clock import now, today
from cunjing.base.errors import Problem
from cunjing.kernel.access import Actor
from cunjing.policy.periods import PeriodKind, parse_period, period_at

logger = logging.getLogger(__name__)


@task()
def assess_ended_periods() -> None:
    """On the first of a month: judge the month that ended, and the quarter, half-year and year that
    ended with it, of every county with a programme."""
    last_day = today().replace(day=1) - timedelta(days=1)
    for kind in PeriodKind:
        period = period_at(kind, last_day)
        if period.last_day == last_day:
            assess_everywhere(period=period.text)


@task()
def assess_current_month() -> None:
    """Every night: judge the running month, and clear facts that no run needs any more."""
    assess_everywhere(period=period_at(PeriodKind.MONTH, today()).text)
    named = Run.objects.values_list("facts_digest", "looked_facts")
    discard_facts(keep={digest for pair in named for digest in pair}, now=now())


def assess_everywhere(*, period: str) -> list[str]:
    """Run every programme in force for a period that is not frozen yet; returns the scopes judged.

    One county that cannot be judged is logged and does not keep the others from theirs.
    """
    actor = Actor.for_system("定时考评")
    judged = []
    for programme in programmes_in_force(on=parse_period(period).start):
        frozen = Run.objects.filter(
            scope=programme.prefix,
            period=period,
            policy_id=programme.policy_id,
            state=RunState.FROZEN,
        )
        if frozen.exists():
            continue
        try:
            run_assessment(actor=actor, scope=programme.prefix, period=period)
        except Problem:
            logger.exception("assessment of %s for %s", programme.prefix, period)
        else:
            judged.append(programme.prefix)
    return judged
