"""Looking through what arrived, by the clock."""

from datetime import timedelta

from django_tasks import task

from cunjing.base.clock import now
from cunjing.kernel.access import Actor
from cunjing.questions.actions import close_withdrawn
from cunjing.questions.looking import look

WINDOW = timedelta(hours=26)


@task()
def ask_questions() -> None:
    """Every hour: ask about what arrived in the last day, and close what was withdrawn since. What
    was asked is not asked again."""
    look(since=now() - WINDOW)
    close_withdrawn(actor=Actor.for_system("系统"))
