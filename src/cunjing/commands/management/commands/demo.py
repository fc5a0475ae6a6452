"""`cunjing demo load`: the demo county; prints the accounts, also when it was loaded before."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from cunjing.base.errors import Problem
from cunjing.demo.actions import Loaded, load_demo


class Command(BaseCommand):
    """Load the demo county."""

    help = "演示数据：牟定县真实的村，虚构的人员和三个月的记录"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the one verb."""
        parser.add_subparsers(dest="verb", required=True, title="操作").add_parser(
            "load", help="装入演示数据；已装入的不再重复"
        )

    def handle(self, **_options: object) -> None:
        """Load, words about progress on standard error, accounts on standard output."""
        try:
            loaded = load_demo(say=lambda words: self.stderr.write(f"{words} …", str))
        except Problem as problem:
            faults = [f"{fault.field}：{fault.message}" for fault in problem.faults]
            raise CommandError("\n".join([problem.detail, *faults]), returncode=2) from problem
        self._print(loaded)

    def _print(self, loaded: Loaded) -> None:
        self.stdout.write("演示账号（人员和记录均为虚构）：" if loaded.fresh else "演示数据已在：")
        for log_in in loaded.log_ins:
            self.stdout.write(f"  {log_in.username:<16}{loaded.password}  {log_in.shows}")
