"""`cunjing assessment programme | run | list | freeze | revise | replay`.

Exit status: 0 done, 3 a replay differs, 2 bad input, 1 our fault.
"""

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from cunjing.assessment.actions import (
    end_programme,
    freeze_run,
    revise_run,
    run_assessment,
    set_programme,
)
from cunjing.assessment.models import Run
from cunjing.assessment.queries import runs
from cunjing.assessment.replay import replay_run
from cunjing.base.clock import SHANGHAI
from cunjing.base.errors import Problem, ProblemKind, invalid
from cunjing.cli import CHECKED, DIFFERS
from cunjing.kernel.access import Actor
from cunjing.policy.enums import VerdictKind
from cunjing.policy.words import VERDICTS

_SHOWN_DIFFERENCES = 20
_LONG = {"run", "revise", "replay"}


class Command(BaseCommand):
    """Run, freeze, revise and replay assessments."""

    help = "考评：设定方案、运行、定稿、修订、重算核对"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True, title="操作")
        programme = verbs.add_parser("programme", help="设定一个区划自某日起用哪个考评方案")
        programme.add_argument("--county", required=True, help="区划代码，县为6位")
        programme.add_argument("--policy", required=True, help="考评方案，例如 bozhou-2014")
        programme.add_argument("--from", dest="valid_from", required=True, help="起始日")
        programme.add_argument(
            "--note", default="", help="显示在结果旁的说明；换掉已有的方案时要写明理由"
        )
        end = verbs.add_parser("end", help="让一个区划的考评方案到期")
        end.add_argument("--county", required=True, help="区划代码，县为6位")
        end.add_argument("--on", required=True, help="从这一天起不再用")
        end.add_argument("--reason", required=True, help="理由")
        run = verbs.add_parser("run", help="运行一期考评（暂评，可反复运行）")
        run.add_argument("--county", required=True, help="区划代码，县为6位")
        run.add_argument("--period", required=True, help="例如 2026-09、2026-Q3")
        run.add_argument("--as-of", default="", help="数据截至，例如 2026-10-01T06:00:00+08:00")
        listing = verbs.add_parser("list", help="列出考评")
        listing.add_argument("--period", default="", help="只列这一期")
        verbs.add_parser("freeze", help="定稿").add_argument("run", help="考评编号")
        words = "用保存的事实数据重算核对"
        replay = verbs.add_parser("replay", help=words, description=f"{words}。{CHECKED}")
        replay.add_argument("run", help="考评编号")
        revise = verbs.add_parser("revise", help="定稿后按迟到的记录修订")
        revise.add_argument("run", help="考评编号")
        revise.add_argument("--reason", required=True, help="修订理由")

    def handle(self, **options: object) -> None:
        """Do it; a refusal ends with status 2."""
        given = {name: str(value) for name, value in options.items()}
        actor = Actor.for_system("assessment")
        if given["verb"] in _LONG:
            self.stderr.write("正在导出事实数据并计算，三千个村的一个月约需几秒 …", str)
        verbs: dict[str, Callable[[Actor, dict[str, str]], None]] = {
            "programme": self._programme,
            "end": self._end,
            "run": self._run,
            "list": self._list,
            "freeze": self._freeze,
            "revise": self._revise,
            "replay": self._replay,
        }
        try:
            verbs[given["verb"]](actor, given)
        except Problem as problem:
            raise CommandError(problem.detail, returncode=2) from problem

    def _programme(self, actor: Actor, given: dict[str, str]) -> None:
        programme = set_programme(
            actor=actor,
            prefix=given["county"],
            policy_id=given["policy"],
            valid_from=_day(given["valid_from"]),
            note=given["note"],
        )
        self.stdout.write(
            f"{programme.prefix} 自 {programme.valid_from} 起按 {programme.policy_id} 考评。"
        )

    def _end(self, actor: Actor, given: dict[str, str]) -> None:
        programme = end_programme(
            actor=actor, prefix=given["county"], on=_day(given["on"]), reason=given["reason"]
        )
        name = f"{programme.prefix} 的 {programme.policy_id}"
        self.stdout.write(f"{name} 用到 {programme.valid_to} 的前一天。")

    def _run(self, actor: Actor, given: dict[str, str]) -> None:
        as_of = _moment(given["as_of"]) if given["as_of"] else None
        run = run_assessment(
            actor=actor, scope=given["county"], period=given["period"], as_of=as_of
        )
        seconds = (run.finished_at - run.started_at).total_seconds()
        self.stdout.write(f"{_line(run)}，用时 {seconds:.1f} 秒")

    def _list(self, actor: Actor, given: dict[str, str]) -> None:
        for run in runs(actor=actor, period=given["period"]):
            self.stdout.write(_line(run))

    def _freeze(self, actor: Actor, given: dict[str, str]) -> None:
        self.stdout.write(_line(freeze_run(actor=actor, run_id=_identifier(given["run"]))))

    def _revise(self, actor: Actor, given: dict[str, str]) -> None:
        asked = _identifier(given["run"])
        run = revise_run(actor=actor, run_id=asked, reason=given["reason"])
        if run.pk == asked:
            self.stdout.write("按现有记录重新计算，结果和依据都没有变化，不需要修订，已记下。")
            return
        self.stdout.write(f"{_line(run)}，{run.diffs.count()} 处有变化")

    def _replay(self, actor: Actor, given: dict[str, str]) -> None:
        try:
            replay = replay_run(actor=actor, run_id=_identifier(given["run"]))
        except Problem as problem:
            if problem.kind is not ProblemKind.CONFLICT:
                raise
            # What was kept is not what it was: no slip of whoever asks.
            raise CommandError(problem.detail, returncode=DIFFERS) from problem
        self.stdout.write(f"重算 {replay.verdicts} 条结论（{replay.engine_version}）。")
        for rule, subject in replay.differing[:_SHOWN_DIFFERENCES]:
            self.stdout.write(f"× {rule} {subject} 与保存的结果不同")
        if not replay.identical:
            raise CommandError("核对不符：重算结果与保存的结果不一致。", returncode=DIFFERS)
        self.stdout.write("核对相符：重算结果与保存的逐字节一致。")


def _line(run: Run) -> str:
    counts = "，".join(
        f"{VERDICTS[kind]} {run.counts[kind]}" for kind in VerdictKind if kind in run.counts
    )
    revision = f"第{run.revision}次修订" if run.revision else run.get_state_display()
    return f"{run.pk} {run.scope} {run.period} {run.policy_id} {revision}：{counts or '没有结论'}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise invalid(f"日期“{text}”读不懂，请写成 2026-09-30 的样子。") from error


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise invalid(f"时间“{text}”读不懂，请写成 2026-10-01T06:00:00+08:00。") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _identifier(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise invalid(f"考评编号“{text}”不对，请用 cunjing assessment list 查看。") from error
