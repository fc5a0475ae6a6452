"""The kernel's own jobs."""

from datetime import timedelta

from django.conf import settings
from django_tasks import task

from cunjing.base.clock import now, today
from cunjing.base.errors import Problem, ProblemKind
from cunjing.kernel import audit, jobs
from cunjing.kernel.signing import load_key


@task()
def seal_audit() -> int:
    """Chain what was written since the last run; returns how many entries."""
    return audit.seal()


@task()
def sign_yesterday() -> int:
    """Sign the head of the day that has ended; returns its sequence, 0 for an empty chain."""
    audit.seal()
    try:
        signed = audit.sign_day(day=today() - timedelta(days=1), key=load_key(folder=settings.VAR))
    except Problem as problem:
        if problem.kind is ProblemKind.NOT_FOUND:
            return 0
        raise
    return signed.sequence


@task()
def prune_results() -> int:
    """Forget old task results; returns how many."""
    return jobs.prune(at=now())
