"""`cunjing audit seal | head | verify | show`: the audit chain from the command line.

Exit status: 0 in order, 3 the chain or a record does not agree, 2 bad input, 1 our fault.
"""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cunjing.base.clock import SHANGHAI
from cunjing.base.errors import Problem, invalid
from cunjing.cli import CHECKED, DIFFERS
from cunjing.kernel import audit
from cunjing.kernel.head_files import from_file, to_file
from cunjing.kernel.queries import history
from cunjing.kernel.signing import load_key
from cunjing.kernel.verification import Report, verify

# Work and matters are written only by actions: every row of theirs must have an entry.
EVERY_ROW = ("fieldwork.workrecord", "matters.matter")


class Command(BaseCommand):
    """Seal, sign, verify and read the audit chain."""

    help = "审计链：封存、签名、核验、查看"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the four verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True, title="操作")
        verbs.add_parser("seal", help="把尚未封存的审计记录接到链上")
        head = verbs.add_parser("head", help="导出某一天的签名链头")
        head.add_argument("--date", required=True, help="日期，例如 2026-09-30")
        head.add_argument("--out", required=True, type=Path, help="写到哪个文件")
        words = "核验整条链、全部记录和签名链头"
        check = verbs.add_parser("verify", help=words, description=f"{words}。{CHECKED}")
        check.add_argument("--head", type=Path, help="以前导出的链头文件")
        show = verbs.add_parser("show", help="一条记录的审计记录")
        show.add_argument("record", help="记录编号")

    def handle(self, *args: object, **options: object) -> None:
        """Run the chosen verb; a refusal ends with status 2."""
        try:
            match options["verb"]:
                case "seal":
                    self._seal()
                case "head":
                    self._head(day=str(options["date"]), out=Path(str(options["out"])))
                case "verify":
                    head = options["head"]
                    self._verify(head=Path(str(head)) if head else None)
                case _:
                    self._show(record=str(options["record"]))
        except Problem as problem:
            raise CommandError(problem.detail, returncode=2) from problem
        except OSError as error:
            raise CommandError(f"文件读写失败：{error}", returncode=2) from error

    def _seal(self) -> None:
        self.stdout.write(f"已封存 {audit.seal()} 条审计记录。")

    def _head(self, *, day: str, out: Path) -> None:
        audit.seal()
        key = load_key(folder=settings.VAR)
        signed = audit.sign_day(day=_date(day), key=key)
        out.write_text(to_file(signed=signed, key=key), encoding="utf-8")
        note = "" if signed.final else "（当天尚未结束，这是此刻的链头）"
        self.stdout.write(f"{signed.day} 第 {signed.sequence} 环的链头已写入 {out}{note}。")

    def _verify(self, *, head: Path | None) -> None:
        witness = from_file(head.read_bytes()) if head else None
        report = verify(
            key=load_key(folder=settings.VAR),
            witness=witness,
            every_row=EVERY_ROW,
            tell=self.stderr.write,
        )
        self.stdout.write(_summary(report))
        for finding in report.findings:
            self.stdout.write(f"× {finding}")
        if report.faults > len(report.findings):
            self.stdout.write(f"× 另有 {report.faults - len(report.findings)} 处未列出。")
        if report.faults:
            raise CommandError(f"核验不通过：{report.faults} 处不符。", returncode=DIFFERS)
        self.stdout.write("核验通过。")

    def _show(self, *, record: str) -> None:
        lines = history(record_ids=[record])
        if not lines:
            raise invalid(f"审计链上没有编号为 {record} 的记录，请核对编号。")
        for line in lines:
            place = f"第 {line.sequence} 环" if line.sequence else "待封存"
            moment = line.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
            reason = f"，理由：{line.reason}" if line.reason else ""
            self.stdout.write(
                f"{moment}  {line.verb_label}  {line.actor_name}"
                f"（{line.permission}）  {line.record_type}  {place}{reason}"
            )


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise invalid(f"日期“{text}”读不懂，请写成 2026-09-30 的样子。") from error


def _summary(report: Report) -> str:
    parts = [
        f"链环 {report.links} 个",
        f"待封存 {report.unsealed} 条",
        f"内容已依法删除 {report.erased} 条",
        f"核对记录 {report.records} 条",
        f"签名链头 {report.heads} 个",
    ]
    return "，".join(parts) + "。"
