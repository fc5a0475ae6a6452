"""A plan in which work is shared evenly, and how evenly."""

from dataclasses import dataclass

import numpy as np

from cunjing.planning.matching.problem import NOBODY, Indices, Ints, Problem


@dataclass(frozen=True, slots=True)
class Balanced:
    """holder: staff of each village. points: what the plan costs; highest: the highest workload;
    objective: both together; bound: what it is proven to be at least."""

    holder: Indices
    workload: Ints
    price: int
    points: int
    highest: int
    bound: int

    @property
    def objective(self) -> int:
        """Points plus the price of the highest workload."""
        return self.points + self.price * self.highest

    @property
    def slack(self) -> int:
        """How much lower the objective might still be."""
        return self.objective - self.bound

    @property
    def proven(self) -> bool:
        """Whether no plan is better."""
        return self.slack == 0

    def as_dict(self) -> dict[str, int]:
        """What a certificate says of the balance."""
        return {
            "price": self.price,
            "highest": self.highest,
            "objective": self.objective,
            "bound": self.bound,
        }


def highest_of(problem: Problem, holder: Indices, workload: Ints) -> int:
    """The highest workload of anybody; 0 where nobody has a village."""
    held = holder != NOBODY
    totals = np.zeros(len(problem.staff), dtype=np.int64)
    np.add.at(totals, holder[held], workload[held])
    return int(totals.max()) if len(totals) else 0
