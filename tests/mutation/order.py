"""Which tests of a mutant run, and in which order."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

SECONDS = 2
"""Of tests for a mutant: what survives them counts as not caught, whatever the rest would say. All
the tests of what everything calls would take minutes for each."""


def in_order(tests: Iterable[str], *, mutant: str, took: Mapping[str, float]) -> list[str]:
    """Those of the mutant's own module before the others, and the shorter before the longer.

    `took`: seconds each took when it was last run.
    """
    parts = mutant.rpartition(".")[0].split(".")[2:]
    own = f"/test_{'_'.join(parts)}"
    return sorted(tests, key=lambda test: (own not in test, took.get(test, 0), test))


def within(tests: Sequence[str], *, seconds: float, took: Mapping[str, float]) -> list[str]:
    """As many of the tests, in their order, as take so long."""
    ends = accumulate(took.get(test, 0) for test in tests)
    return [test for test, end in zip(tests, ends, strict=True) if end <= seconds]
