"""Jobs for tests of the worker: their runs are counted."""

from django_tasks import task

RUNS: list[str] = []


@task()
def count() -> int:
    """Note a run; returns how many there were."""
    RUNS.append("count")
    return len(RUNS)


@task()
def fail() -> None:
    """Fail as a fault of ours would."""
    raise ArithmeticError("made to fail")
