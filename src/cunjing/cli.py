"""The command `cunjing`. Exit status: 0 done, 2 bad input or bad policy, 1 our fault.

Of `assessment replay` and `audit verify` also 3: all went well, and what was compared differs.

`policy`, `assess`, `explain`, `facts check`, `facts gather`, `match` and `plan` need no database
and start without Django; the rest are management commands, named in `DJANGO_COMMANDS`.
"""

import argparse
import errno
import gc
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

DJANGO_COMMANDS: dict[tuple[str, ...], str] = {
    ("facts", "export"): "facts_export",
    ("divisions",): "divisions",
    ("units",): "units",
    ("accounts",): "accounts",
    ("audit",): "audit",
    ("assessment",): "assessment",
    ("demo",): "demo",
    ("jobs",): "jobs",
    ("photos",): "photos",
    ("migrate",): "migrate",
    ("makemigrations",): "makemigrations",
}
"""Words on the command line -> management command; the arguments after them are passed on."""

_AS_IT_LIES = frozenset({"migrate", "makemigrations"})
"""Management commands that take the database as they find it."""

_ASSESS_FORMATS = ("table", "json", "csv", "parquet", "counts")
BAD_INPUT = 2
OUR_FAULT = 1
DIFFERS = 3
"""A check was made and found something: a script must not take it for a slip in its own words, nor
for a program that broke off. Django has 1 and argparse 2 for these."""

CHECKED = f"退出状态：0 相符，{DIFFERS} 不符，{BAD_INPUT} 输入有误，{OUR_FAULT} 程序出错。"
"""What the help of such a command says of its status."""

_HELP_COLUMNS = 100

_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})
_NO_NAME = "临时文件夹（TMPDIR，一般是 /tmp）"
"""Where the file is that the system does not name: what an `--out` cannot hold is told before."""


class _Help(argparse.HelpFormatter):
    """Of one width: to ask for the terminal's loads 2 ms of modules for every command."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_HELP_COLUMNS)


class _Once(argparse.Action):
    """Said twice, the second would take the place of the first without a word."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        if getattr(namespace, self.dest) is not None:
            parser.error(f"{option_string} 这里只能写一次")
        setattr(namespace, self.dest, values)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in Chinese, on standard error, with exit status 2."""

    def _get_formatter(self) -> argparse.HelpFormatter:
        return _Help(self.prog)

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(BAD_INPUT, f"{self.prog}：命令写得不对：{message}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # What a name in another encoding holds is shown as numbers, not stumbled over.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        return _django(words) if _management(words) else _policy(words)
    except BrokenPipeError:
        _give_up_printing()
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception:
        import traceback  # noqa: PLC0415 - 2 ms that a sound command need not spend

        traceback.print_exc()
        sys.stderr.write("程序出错了，这不是您的错；请把上面的内容发给维护人员\n")
        return OUR_FAULT


def _policy(words: list[str]) -> int:
    arguments = build_parser(words[:1]).parse_args(words)
    gc.disable()  # what imports make lives on: looking for garbage in it costs 20 ms
    try:
        errors = importlib.import_module("cunjing.policy.errors")
        commands = importlib.import_module(f"{arguments.package}.{arguments.module}")
    finally:
        gc.enable()
    try:
        text = getattr(commands, arguments.run)(arguments)
    except errors.InputError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT
    except OSError as error:
        place = error.filename or (_NO_NAME if error.errno in _NO_SPACE else None)
        if place is None:
            raise
        sys.stderr.write(f"{place}：读写不了，请检查路径、权限和空间（{error.strerror}）\n")
        return BAD_INPUT
    return _print(text)


def _print(text: str) -> int:
    """The text to standard output, which may be closed or a file on a full disk."""
    if sys.stdout is None:
        sys.stderr.write("标准输出是关着的，没有地方写结果\n")
        return BAD_INPUT
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _give_up_printing()
        sys.stderr.write(f"结果没有写完，请检查标准输出所在的磁盘的空间（{error.strerror}）\n")
        return BAD_INPUT
    return 0


def _give_up_printing() -> None:
    """What is left of the output goes nowhere: else Python would try once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _management(words: list[str]) -> tuple[str, ...] | None:
    return next((path for path in DJANGO_COMMANDS if tuple(words[: len(path)]) == path), None)


def _django(words: list[str]) -> int:
    path = _management(words) or ()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cunjing.config.settings")
    django = importlib.import_module("django")
    management = importlib.import_module("django.core.management")
    django.setup()
    try:
        if DJANGO_COMMANDS[path] not in _AS_IT_LIES and not {"-h", "--help"} & set(words):
            importlib.import_module("cunjing.config.database").make_ready()
        management.call_command(DJANGO_COMMANDS[path], *words[len(path) :])
    except management.CommandError as error:
        sys.stderr.write(f"{error}\n")
        # 1 is what Django gives where nothing else is asked for, as for words it cannot parse.
        return int(error.returncode) if error.returncode != OUR_FAULT else BAD_INPUT
    return 0


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”应为整数") from None


_Commands = argparse._SubParsersAction


def build_parser(only: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The parser of the commands that need no database: of those named, or if none is, of all."""
    parser = _Parser(prog="cunjing", description="村警：农村警务的政策、考核与台账")
    parser.set_defaults(package="cunjing.policy", module="commands")
    commands = parser.add_subparsers(title="命令", required=True, metavar="命令")
    named = [_PARSERS[name] for name in only if name in _PARSERS]
    for add in named or _PARSERS.values():
        add(commands)
    if not named:
        for path in DJANGO_COMMANDS:
            if len(path) == 1:
                commands.add_parser(path[0], help="需要数据库；cunjing 命令 --help 看用法")
    return parser


def _add_policy(commands: "_Commands[_Parser]") -> None:
    policy = commands.add_parser("policy", help="随产品提供的和县里自己的政策")
    parts = policy.add_subparsers(title="命令", required=True, metavar="命令")
    parts.add_parser("list", help="列出随产品提供的政策").set_defaults(run="list_policies")
    show = parts.add_parser("show", help="条款、去向、规则和清单")
    show.add_argument("policy", metavar="ID|文件")
    show.set_defaults(module="show", run="show_policy")
    check = parts.add_parser("check", help="检查政策文件")
    check.add_argument("files", nargs="+", metavar="文件")
    check.add_argument("--run", action="store_true", dest="run_cases", help="并运行全部用例")
    check.set_defaults(run="check_policies")
    new = parts.add_parser("new", help="给出一份可以改的政策")
    new.add_argument("--out", metavar="文件")
    new.set_defaults(run="new_policy")
    _add_drafts(parts)


def _add_drafts(parts: "_Commands[_Parser]") -> None:
    whatif = parts.add_parser("whatif", help="试算：换一个门槛，过去哪些结论会变")
    _add_common(whatif, periods=True)
    whatif.add_argument("--draft", metavar="ID|文件", help="改好的政策，默认就是 --policy")
    whatif.add_argument(
        "--set",
        action="append",
        default=[],
        dest="changes",
        metavar="规则=数|规则=低..高",
        help="给一条规则换门槛，可重复",
    )
    whatif.add_argument("--rule", action="append", default=[], metavar="规则", help="只比这条")
    whatif.add_argument("--format", choices=("table", "json", "csv"), default="table")
    whatif.set_defaults(module="draft_commands", run="whatif")
    diff = parts.add_parser("diff", help="两份政策有什么不同")
    diff.add_argument("before", metavar="ID|文件")
    diff.add_argument("after", metavar="ID|文件")
    diff.add_argument("--format", choices=("text", "json"), default="text")
    diff.add_argument("--out", metavar="文件")
    diff.set_defaults(module="draft_commands", run="diff")


def _add_assess(commands: "_Commands[_Parser]") -> None:
    assess = commands.add_parser("assess", help="按政策评一个周期")
    _add_common(assess, policies=True)
    assess.add_argument("--rule", action="append", metavar="规则", help="只评这条，可重复")
    assess.add_argument("--format", choices=_ASSESS_FORMATS, default="table")
    assess.set_defaults(module="assess_command", run="assess")


def _add_explain(commands: "_Commands[_Parser]") -> None:
    explain = commands.add_parser("explain", help="一条结论的依据")
    _add_common(explain)
    explain.add_argument("--rule", required=True, metavar="规则")
    explain.add_argument("--subject", required=True, metavar="对象")
    explain.add_argument("--format", choices=("text", "json"), default="text")
    explain.set_defaults(module="explain_command", run="explain")


def _add_facts(commands: "_Commands[_Parser]") -> None:
    facts = commands.add_parser("facts", help="事实文件夹")
    parts = facts.add_subparsers(title="命令", required=True, metavar="命令")
    check = parts.add_parser("check", help="检查一个文件夹")
    check.add_argument("folder", metavar="文件夹")
    check.add_argument("--remember", action="store_true", help="记下没有问题，下次不再检查")
    check.set_defaults(run="check_facts")
    gather = parts.add_parser("gather", help="把各县的文件夹收成一个，全省一起评")
    gather.add_argument("counties", nargs="+", metavar="县的文件夹")
    gather.add_argument("--out", required=True, metavar="文件夹")
    gather.add_argument("--replace", action="store_true", help="已经收过：只换或加这几个县")
    gather.set_defaults(module="gather", run="gather")
    parts.add_parser("export", help="从数据库导出（需要数据库）")


def _add_plan(commands: "_Commands[_Parser]") -> None:
    plan = commands.add_parser("plan", help="排一个月的进村和走访计划（建议，不作考核）")
    plan.add_argument("--facts", metavar="文件夹")
    plan.add_argument("--month", metavar="2026-10")
    plan.add_argument("--unit", action="append", dest="units", metavar="单位", help="可重复")
    plan.add_argument("--policy", metavar="ID|文件", help="进村和走访的数量照它的规则")
    plan.add_argument("--options", metavar="文件", help="县里自己的时间、间隔和路程（TOML）")
    plan.add_argument("--out", metavar="文件夹")
    plan.set_defaults(package="cunjing.planning.month", run="plan")
    check = plan.add_subparsers(title="命令", metavar="命令").add_parser(
        "check", help="按事实检查一份计划"
    )
    check.add_argument("folder", metavar="计划文件夹")
    check.add_argument("--facts", required=True, metavar="文件夹")
    check.set_defaults(package="cunjing.planning.month", run="check")


def _add_match(commands: "_Commands[_Parser]") -> None:
    match = commands.add_parser("match", help="谁包哪个村：最低分的方案，有证明，有理由")
    match.set_defaults(package="cunjing.planning.matching", run="match")
    match.add_argument("--facts", metavar="文件夹")
    match.add_argument("--policy", metavar="ID|文件", help="按它的 matching 条目挑人")
    match.add_argument("--role", metavar="岗位", help="liaison_officer、village_auxiliary 等")
    match.add_argument("--as-of", metavar="日期", help="看哪一天的村和人，默认今天")
    match.add_argument("--balance", action="store_true", help="工作量均衡")
    match.add_argument("--pairs", metavar="文件", help="自己定的分值：staff_id,village_code,points")
    match.add_argument("--slots", metavar="文件", help="staff_id,slot,points")
    match.add_argument("--vacant", type=_whole, metavar="分值", help="一个村空缺的分值")
    match.add_argument("--villages", metavar="文件", help="village_code,points：各村空缺的分值")
    match.add_argument("--pins", metavar="文件", help="staff_id,village_code：指定的")
    match.add_argument("--current", metavar="文件", help="village_code,staff_id：现在是谁")
    match.add_argument("--stability", type=_whole, default=0, metavar="分值", help="每换一村的分值")
    match.add_argument("--without", action="append", default=[], metavar="人", help="离岗，可重复")
    match.add_argument(
        "--frontier", nargs="*", type=_whole, metavar="分值", help="并列几种换人分值"
    )
    match.add_argument("--out", metavar="文件夹")
    parts = match.add_subparsers(title="命令", metavar="命令")
    verify = parts.add_parser("verify", help="只凭文件核对一个结果，不用求解器")
    verify.add_argument("folder", metavar="文件夹")
    verify.set_defaults(module="verify_command", run="verify")
    rotate = parts.add_parser("rotate", help="以后几个月谁换到哪里，不超期，不断档")
    for name in ("facts", "policy", "role", "out"):
        rotate.add_argument(f"--{name}", required=True)
    rotate.add_argument("--as-of", metavar="日期")
    rotate.add_argument("--months", type=_whole, default=12, metavar="几个月")
    rotate.set_defaults(package="cunjing.planning.rotation", module="commands", run="rotate")
    why = parts.add_parser("why", help="为什么是他，换成别人会怎样")
    why.add_argument("folder", metavar="文件夹")
    why.add_argument("--village", required=True, metavar="村")
    why.add_argument("--staff", metavar="人")
    why.set_defaults(run="why")


def _add_common(
    parser: argparse.ArgumentParser, *, policies: bool = False, periods: bool = False
) -> None:
    if policies:
        many = "可重复：几份政策一起评，各评自己适用区划内的"
        parser.add_argument(
            "--policy", required=True, action="append", metavar="ID|文件", help=many
        )
    else:
        parser.add_argument("--policy", required=True, action=_Once, metavar="ID|文件")
    parser.add_argument("--facts", required=True, metavar="文件夹")
    if periods:
        many = "周期或 2026-06..2026-09，可重复"
        parser.add_argument("--period", required=True, action="append", metavar="周期", help=many)
    else:
        parser.add_argument("--period", required=True, metavar="2026-09|2026-Q3|2026-H1|2026")
    parser.add_argument("--as-of", metavar="时间", help="看到何时为止收到的记录，默认现在")
    parser.add_argument("--engine", choices=("duckdb", "reference", "spark"), default="duckdb")
    parser.add_argument("--out", metavar="文件")


_PARSERS: dict[str, Callable[["_Commands[_Parser]"], None]] = {
    "policy": _add_policy,
    "assess": _add_assess,
    "explain": _add_explain,
    "facts": _add_facts,
    "plan": _add_plan,
    "match": _add_match,
}
"""First word of a command that needs no database -> what adds its parser."""
