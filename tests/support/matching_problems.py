"""Small random matching problems, and what they cost by looking at every possibility."""

import itertools
import random
from collections.abc import Iterator

from cunjing.planning.matching.problem import NOBODY, Problem, make_problem


def random_problem(number: int, *, villages: int = 4, staff: int = 3) -> Problem:
    """Always the same for the same number; with pins, holders and a price of moving at times."""
    dice = random.Random(number)  # noqa: S311 - reproducible, not secret
    codes = [f"41000000000{place}" for place in range(dice.randint(1, villages))]
    people = [f"P{place}" for place in range(dice.randint(1, staff))]
    span = dice.choice([2, 10, 1000])
    pairs = [
        (one, code, dice.randint(-span, span))
        for one in people
        for code in codes
        if dice.random() < 0.75
    ]
    slots = {
        one: sorted(dice.randint(0, span) for _ in range(dice.randint(0, 3))) for one in people
    }
    pins = [(dice.choice(people), dice.choice(codes))] if dice.random() < 0.2 else []
    current = {code: dice.choice(people) for code in codes if dice.random() < 0.5}
    return make_problem(
        pairs=pairs,
        slots=slots,
        vacant=dice.choice([0, 1, span, 3 * span]),
        villages=codes,
        pins=pins,
        current=current,
        stability=dice.choice([0, 0, 1, span]),
    )


def every_plan(problem: Problem) -> Iterator[tuple[tuple[int, ...], int]]:
    """Every allowed plan with its cost, counted out one village at a time."""
    pinned = dict(problem.pins)
    choices = []
    for village in range(len(problem.villages)):
        allowed = [
            one for one in range(len(problem.staff)) if problem.pair_of(village, one) is not None
        ]
        choices.append([*allowed, NOBODY])
    for plan in itertools.product(*choices):
        if any(plan[village] not in {one, NOBODY} for village, one in pinned.items()):
            continue
        cost = cost_of_plan(problem, plan)
        if cost is not None:
            yield plan, cost


def cost_of_plan(problem: Problem, plan: tuple[int, ...]) -> int | None:
    """What a plan costs by the definition; None where somebody has too many villages."""
    total = 0
    used = [0] * len(problem.staff)
    for village, one in enumerate(plan):
        before = int(problem.current[village])
        total += problem.stability if before not in {NOBODY, one} else 0
        if one == NOBODY:
            total += int(problem.vacancy[village])
            continue
        place = int(problem.first_slot[one]) + used[one]
        if place >= int(problem.first_slot[one + 1]):
            return None
        total += int(problem.slot_points[place])
        used[one] += 1
        pair = problem.pair_of(village, one)
        total += int(problem.pair_points[pair]) if pair is not None else 0
    return total
