"""`cunjing facts export --out DIR [--period P] [--county CODE]…`: facts from the database."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from cunjing.assessment.exports import export_facts
from cunjing.base.clock import today
from cunjing.base.errors import Problem
from cunjing.kernel.access import Actor
from cunjing.policy.periods import parse_period
from cunjing.rostering.facts import planning_tables


class Command(BaseCommand):
    """Write a facts folder with pseudonyms for ids."""

    help = "从数据库导出事实数据（Parquet），编号均为化名"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, which period, which divisions."""
        parser.add_argument("--out", required=True, type=Path, help="写到哪个文件夹（新的或空的）")
        parser.add_argument("--period", default="", help="只要这一期前后31天的工作，例如 2026-09")
        parser.add_argument(
            "--county", action="append", default=[], metavar="代码", help="只要这个区划，可多次"
        )

    def handle(self, **options: object) -> None:
        """Export; a refusal ends with status 2 and writes nothing."""
        counties, period = options["county"], str(options["period"])
        try:
            with Progress(console=Console(stderr=True)) as bar:
                task = bar.add_task("导出", total=None)
                export = export_facts(
                    actor=Actor.for_system("facts export"),
                    out=Path(str(options["out"])).absolute(),
                    prefixes=[str(code) for code in counties] if isinstance(counties, list) else [],
                    period=period,
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                    further=lambda reach, staff_ids: planning_tables(
                        reach=reach,
                        staff_ids=staff_ids,
                        on=today(),
                        period=parse_period(period) if period else None,
                    ),
                )
        except Problem as problem:
            raise CommandError(problem.detail, returncode=2) from problem
        except OSError as error:
            raise CommandError(f"文件写不进去：{error}", returncode=2) from error
        rows = "，".join(f"{name} {count} 行" for name, count in sorted(export.rows.items()))
        self.stdout.write(f"已导出 {'、'.join(export.prefixes)}：{rows}。")
        self.stdout.write(f"摘要 {export.facts_digest}")
