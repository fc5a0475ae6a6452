"""`cunjing jobs run | list`: the worker with its clockwork, and the timetable."""

import signal
from argparse import ArgumentParser
from datetime import datetime

from django.core.management.base import BaseCommand

from cunjing.base.clock import SHANGHAI
from cunjing.config.schedule import SCHEDULE
from cunjing.kernel.jobs import JobRunner
from cunjing.kernel.queries import timetable
from cunjing.kernel.schedule import register


class Command(BaseCommand):
    """Run the jobs, or list them."""

    help = "后台任务：运行、列出"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the two verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True, title="操作")
        verbs.add_parser("run", help="运行后台任务，直到收到停止信号")
        verbs.add_parser("list", help="列出定时任务")

    def handle(self, *args: object, **options: object) -> None:
        """Run the chosen verb."""
        if options["verb"] == "run":
            self._run()
        else:
            self._list()

    def _run(self) -> None:
        runner = JobRunner(schedule=SCHEDULE)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: runner.stop())
        self.stdout.write("后台任务已启动。")
        runner.run()
        self.stdout.write("后台任务已停止。")

    def _list(self) -> None:
        register(SCHEDULE)
        for row in timetable():
            self.stdout.write(
                f"{row.name}  {row.cron}  下次 {_moment(row.next_at)}  上次 {_moment(row.last_at)}"
            )


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if moment else "尚未运行"
