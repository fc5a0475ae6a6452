"""How much of what a document states in figures is judged: clauses with a number, a frequency or a
range, and how many of them have rules.

A figure is one a duty asks for. How many entries a list has (six questions), a date the document
tells of and the numbers of a story are none.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cunjing.policy.enums import Disposition
from cunjing.policy.model import Clause, Policy


@dataclass(frozen=True, slots=True)
class FigureShare:
    """Clauses that state a figure, how many of them are declined, how many executable."""

    stated: int
    declined: int
    executable: int

    @property
    def asked(self) -> int:
        """How many could be executable: those not declined."""
        return self.stated - self.declined

    @property
    def percent(self) -> int:
        """Whole percent of `asked` that are executable, rounded down; 100 where none are asked."""
        return 100 * self.executable // self.asked if self.asked else 100


def with_figure(policy: Policy) -> tuple[Clause, ...]:
    """The clauses that state a figure, in the document's order."""
    return tuple(clause for clause in policy.clauses if clause.figure)


def figure_share(policies: Iterable[Policy]) -> FigureShare:
    """The share over one policy or several."""
    kinds = [clause.disposition for policy in policies for clause in with_figure(policy)]
    return FigureShare(
        stated=len(kinds),
        declined=kinds.count(Disposition.DECLINED),
        executable=kinds.count(Disposition.EXECUTABLE),
    )
