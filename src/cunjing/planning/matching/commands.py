"""The commands `match` and `match why`. No Django, no settings, no database."""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cunjing.planning.matching.balanced import Balanced
from cunjing.planning.matching.change import PRICES_OF_MOVING, frontier
from cunjing.planning.matching.inputs import read_inputs
from cunjing.planning.matching.output import Plan, write_match
from cunjing.planning.matching.priced import CURRENT, PAIRS, PINS, SLOTS, VILLAGES
from cunjing.planning.matching.priced import read_problem as read_priced
from cunjing.planning.matching.problem import MOST_POINTS, Problem
from cunjing.planning.matching.reasons import Reasons, WhyNot, reasons_near
from cunjing.planning.matching.solve import solve
from cunjing.planning.matching.verify import verified
from cunjing.planning.matching.weighed import Weighed, weigh
from cunjing.policy.enums import Role
from cunjing.policy.errors import RequestError
from cunjing.policy.loader import load_policy
from cunjing.policy.opening import facts_at
from cunjing.policy.output import aligned
from cunjing.policy.periods import local_date
from cunjing.policy.requests import read_as_of

_BY_FACTS = {"facts": "--facts", "policy": "--policy", "role": "--role"}
_BY_PRICES = {"pairs": "--pairs", "slots": "--slots", "vacant": "--vacant"}
_MORE_PRICES = {"villages": "--villages", "pins": "--pins", "current": "--current"}
_VACANT = "（空缺）"
_OF_BALANCED = "这个结果是按均衡排的；下面比的是不讲均衡的最低分方案"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A problem, with what it was weighed from where it came from facts."""

    problem: Problem
    weighed: Weighed | None
    about: dict[str, str]


def match(arguments: Namespace) -> str:
    """`match`: write the folder, say what is in it; with `--frontier` what each price of moving
    would move."""
    _check(arguments)
    asked = _from_facts(arguments) if arguments.facts is not None else _from_prices(arguments)
    problem = asked.problem.without(arguments.without) if arguments.without else asked.problem
    lines = list(asked.weighed.notes) if asked.weighed else []
    if arguments.out is not None:
        plan = _planned(problem, asked, balance=arguments.balance)
        write_match(Path(arguments.out), plan)
        lines += _summary(plan, arguments.out)
    if arguments.frontier is not None:
        lines += _frontier_lines(problem, arguments.frontier or PRICES_OF_MOVING)
    return "".join(f"{line}\n" for line in lines)


def why(arguments: Namespace) -> str:
    """`match why`: what every other holder of a village would cost, or one, with the moves."""
    folder = Path(arguments.folder)
    if not folder.is_dir():
        raise RequestError(f"没有“{folder}”这个文件夹")
    found = verified(folder)
    problem = found.problem
    if arguments.village not in problem.villages:
        raise RequestError(f"没有 {arguments.village} 这个村")
    if arguments.staff is not None and arguments.staff not in problem.staff:
        raise RequestError(f"没有 {arguments.staff} 这个人")
    balanced = found.certificate.balance is not None
    solution = solve(problem) if balanced else found.solution
    near = reasons_near(problem, solution, village=arguments.village)
    lines = [_OF_BALANCED] if balanced else []
    if arguments.staff is None:
        lines += _every_other(near, arguments.village, staff=len(problem.staff))
    else:
        lines += _one_other(_cell(near, staff=arguments.staff, village=arguments.village))
    return "".join(f"{line}\n" for line in lines)


def _cell(near: Reasons, *, staff: str, village: str) -> WhyNot:
    if staff not in near.problem.staff:
        return WhyNot(staff, village, None, allowed=False, chosen=False, extra=None)
    return near.why_not(staff=staff, village=village)


def _check(arguments: Namespace) -> None:
    def given(options: dict[str, str]) -> bool:
        return any(getattr(arguments, name) is not None for name in options)

    facts = given(_BY_FACTS)
    if facts == given(_BY_PRICES | _MORE_PRICES):
        raise RequestError("请给 --facts、--policy、--role，或者给 --pairs、--slots、--vacant")
    needed = _BY_FACTS if facts else _BY_PRICES
    if lacking := [option for name, option in needed.items() if getattr(arguments, name) is None]:
        raise RequestError(f"缺少 {'、'.join(lacking)}")
    if arguments.out is None and arguments.frontier is None:
        raise RequestError("缺少 --out")
    if arguments.balance and not facts:
        raise RequestError("--balance 要有村情，只能和 --facts 一起用")
    moving = [arguments.stability, *(arguments.frontier or [])]
    if min(moving) < 0:
        raise RequestError("换人的分值不能为负")
    if max(*moving, abs(arguments.vacant or 0)) > MOST_POINTS:
        raise RequestError(f"分值应在 -{MOST_POINTS} 至 {MOST_POINTS} 之间")


def _from_facts(arguments: Namespace) -> _Asked:
    try:
        role = Role(arguments.role)
    except ValueError:
        known = "、".join(Role)
        raise RequestError(f"--role “{arguments.role}”不认识，应为以下之一：{known}") from None
    day = local_date(read_as_of(arguments.as_of))
    policy = load_policy(arguments.policy)
    with facts_at(arguments.facts) as facts:
        inputs = read_inputs(facts)
    weighed = weigh(inputs, policy, role=role, day=day, stability=arguments.stability)
    about = {"policy": policy.id, "policy_digest": policy.digest, "role": role}
    return _Asked(weighed.problem, weighed, {**about, "as_of": day.isoformat()})


def _from_prices(arguments: Namespace) -> _Asked:
    given = {
        PAIRS: arguments.pairs,
        SLOTS: arguments.slots,
        VILLAGES: arguments.villages,
        PINS: arguments.pins,
        CURRENT: arguments.current,
    }
    files = {name: Path(path) for name, path in given.items() if path is not None}
    problem = read_priced(files, vacant=arguments.vacant, stability=arguments.stability)
    return _Asked(problem, None, {})


def _planned(problem: Problem, asked: _Asked, *, balance: bool) -> Plan:
    solution = solve(problem)
    balanced: Balanced | None = None
    if balance and asked.weighed is not None:
        from cunjing.planning.matching.balance import (  # noqa: PLC0415 - its solver takes half a
            solve_balanced,  # second to load
        )

        balanced = solve_balanced(
            problem,
            solution,
            workload=asked.weighed.workload(),
            price=asked.weighed.scales.matching.balance,
        )
    return Plan(problem, solution, weighed=asked.weighed, about=asked.about, balanced=balanced)


def _summary(plan: Plan, out: str) -> Iterator[str]:
    villages, vacant = len(plan.problem.villages), len(plan.vacant)
    yield f"{out}：{villages}个村，{villages - vacant}个有人，{vacant}个空缺，换人{plan.moved}个"
    if plan.balanced is None:
        yield f"总分 {plan.primal}，证明不能更低（差距 {plan.solution.gap}）"
        return
    proven = "已证明最优" if plan.balanced.proven else f"最多还能低 {plan.balanced.slack}"
    highest = plan.balanced.highest
    yield f"总分 {plan.primal}，最忙的人工作量 {highest}，两者合计{proven}"


def _frontier_lines(problem: Problem, prices: list[int] | tuple[int, ...]) -> Iterator[str]:
    rows: list[tuple[str, ...]] = [("每换一村的分值", "换人的村", "空缺", "总分（不含换人）")]
    for option in frontier(problem, prices):
        cells = (option.stability, len(option.moved), len(option.vacant), option.points)
        rows.append(tuple(map(str, cells)))
    yield from aligned(rows)


def _every_other(reasons: Reasons, village: str, *, staff: int) -> Iterator[str]:
    problem = reasons.problem
    place = problem.villages.index(village)
    start, stop = int(problem.first_pair[place]), int(problem.first_pair[place + 1])
    people = [problem.staff[one] for one in problem.pair_staff[start:stop]]
    cells = [reasons.why_not(staff=one, village=village) for one in people]
    cells.append(reasons.left_vacant(village=village))
    ranked = sorted(cells, key=lambda cell: (cell.extra is None, cell.extra, cell.staff or ""))
    rows = [("人员", "分值", "换成他整个方案多多少")]
    rows += [(cell.staff or _VACANT, str(cell.points), _said(cell)) for cell in ranked]
    yield from aligned(rows)
    others = staff - len(people)
    yield f"另有 {others} 人不能去这个村" if others else "所有的人都可以去这个村"


def _one_other(cell: WhyNot) -> Iterator[str]:
    yield f"{cell.staff} 去 {cell.village}：{_said(cell)}"
    for move in cell.moves:
        yield f"  {move.village}：{move.before or _VACANT} → {move.after or _VACANT}"


def _said(cell: WhyNot) -> str:
    if not cell.allowed:
        return "不允许"
    if cell.chosen:
        return "就是现在的方案"
    if cell.extra is None:
        return "办不到：他没有名额，或者名额和村已被指定占住"
    return "一样好（并列）" if cell.tie else f"多 {cell.extra}"
