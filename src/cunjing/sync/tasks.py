"""What the lines of phones say about their clocks, looked at by the clock."""

from datetime import timedelta

from django_tasks import task

from cunjing.base.clock import now
from cunjing.questions.looking import look_at_clocks
from cunjing.sync.queries import times_shown

WINDOW = timedelta(hours=26)


@task()
def ask_about_clocks() -> None:
    """Every hour: ask about visits of the last day that were saved before a time their phone had
    already heard of us. Questions know nothing of phones, so the times are told them from here."""
    look_at_clocks(shown=times_shown(since=now() - WINDOW))
