"""The command `match rotate`: facts and a policy in, a folder with the rotation out."""

import csv
from argparse import Namespace
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from cunjing.planning.matching.inputs import read_inputs
from cunjing.planning.matching.output import result_folder
from cunjing.planning.rotation.plan import RotationPlan, plan_rotation
from cunjing.policy.enums import Role
from cunjing.policy.errors import RequestError
from cunjing.policy.loader import load_policy
from cunjing.policy.opening import facts_at
from cunjing.policy.periods import local_date
from cunjing.policy.requests import read_as_of

HANDOVERS, UNCOVERED = "handovers.csv", "uncovered.csv"
MOST_MONTHS = 60
_LAST_YEAR = date.max.year - 10


def rotate(arguments: Namespace) -> str:
    """`match rotate`: write the folder whole, say what is in it."""
    if arguments.role not in set(Role):
        raise RequestError(f"--role “{arguments.role}”不认识，应为以下之一：{'、'.join(Role)}")
    if not 1 <= arguments.months <= MOST_MONTHS:
        raise RequestError(f"--months 应在 1 至 {MOST_MONTHS} 之间")
    policy, day = load_policy(arguments.policy), local_date(read_as_of(arguments.as_of))
    if day.year > _LAST_YEAR:
        raise RequestError(f"--as-of 应在 {_LAST_YEAR} 年以前")
    with facts_at(arguments.facts) as facts:
        inputs = read_inputs(facts)
    plan = plan_rotation(
        inputs, policy, role=Role(arguments.role), day=day, months=arguments.months
    )
    with result_folder(Path(arguments.out), mark=HANDOVERS) as folder:
        _write(
            folder / HANDOVERS,
            ("date", "village_code", "before", "after", "reason"),
            ((o.day, o.village, o.before, o.after, o.reason) for o in plan.handovers),
        )
        _write(
            folder / UNCOVERED,
            ("month", "village_code", "reason"),
            ((one.month, one.village, one.reason) for one in plan.uncovered),
        )
    return _summary(plan, arguments.out)


def _summary(plan: RotationPlan, out: str) -> str:
    first, last = plan.months[0], plan.months[-1]
    text = f"{out}：{first:%Y-%m} 至 {last:%Y-%m}，{len(plan.deadlines)}人任期将满，"
    text += f"换{len(plan.handovers)}村次"
    if plan.possible:
        return f"{text}，没有空缺\n"
    return f"{text}；有{len(plan.uncovered)}个村月排不出人，见 {UNCOVERED}\n"


def _write(path: Path, names: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)
