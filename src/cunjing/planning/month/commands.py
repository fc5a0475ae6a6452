"""The commands `plan` and `plan check`: facts in, a folder out. No Django, no settings."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from cunjing.planning.month.checker import Fault, check_plan
from cunjing.planning.month.files import digest_of, read_plan, write_plan
from cunjing.planning.month.model import MonthPlan
from cunjing.planning.month.options import default_options, options_for, read_options
from cunjing.planning.month.plan import plan_month
from cunjing.planning.month.reading import month_of, read_problem
from cunjing.policy.errors import Finding, InputError, RequestError
from cunjing.policy.loader import load_policy
from cunjing.policy.opening import facts_at

_SHOWN = 20
_NEEDED = (("facts", "--facts"), ("month", "--month"), ("units", "--unit"), ("out", "--out"))


def plan(arguments: Namespace) -> str:
    """`plan`: write the folder and say what is in it."""
    missing = [option for name, option in _NEEDED if not getattr(arguments, name)]
    if missing:
        raise RequestError(f"缺少 {'、'.join(missing)}")
    month = month_of(arguments.month)
    policy = load_policy(arguments.policy) if arguments.policy else None
    base = read_options(Path(arguments.options)) if arguments.options else default_options()
    options = options_for(policy, on=month.start, base=base)
    with facts_at(arguments.facts) as facts:
        problem = read_problem(facts, month=month, units=arguments.units, options=options)
    made = plan_month(problem, options)
    write_plan(Path(arguments.out), made, problem=problem, options=options, policy=policy)
    return "".join(f"{line}\n" for line in _summary(made, arguments.out))


def check(arguments: Namespace) -> str:
    """`plan check`: one line when the plan is sound, else InputError naming each fault."""
    folder = Path(arguments.folder)
    made, options, digest = read_plan(folder)
    with facts_at(arguments.facts) as facts:
        problem = read_problem(facts, month=month_of(made.month), units=made.units, options=options)
    if digest_of(problem) != digest:
        sys.stderr.write("注意：排计划之后事实改过，下面按现在的事实检查\n")
    findings = [_finding(fault) for fault in check_plan(problem, made, options)]
    if findings:
        raise InputError(findings)
    return f"{folder}：没有问题，{len(made.days)} 次进村，{len(made.visits)} 户走访\n"


def _summary(made: MonthPlan, out: str) -> Iterator[str]:
    people = len({item.staff_id for item in made.days})
    villages = len({item.village_code for item in made.days})
    yield f"{made.month} {'、'.join(made.units)}：{people}人进{villages}个村，{len(made.days)}次"
    left = f"，{len(made.left_out)}户没有排，原因在 left_out.csv" if made.left_out else ""
    yield f"走访{len(made.visits)}户{left}"
    for note in made.notes[:_SHOWN]:
        who = " ".join(part for part in (note.staff_id, note.village_code) if part)
        yield f"  {who}：{note.text}" if who else f"  {note.text}"
    if len(made.notes) > _SHOWN:
        yield f"  还有{len(made.notes) - _SHOWN}条说明，都在 notes.csv"
    yield f"已写好 {out}。{made.advice}"


def _finding(fault: Fault) -> Finding:
    return Finding(f"{fault.table}.csv", fault.index + 2, fault.column, fault.message)
