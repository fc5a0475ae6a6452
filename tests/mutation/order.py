"""Which tests of a mutant run first."""

from collections.abc import Iterable, Mapping


def in_order(tests: Iterable[str], *, mutant: str, took: Mapping[str, float]) -> list[str]:
    """Those of the mutant's own module before the others, and the shorter before the longer.

    `took`: seconds each took when it was last run.
    """
    parts = mutant.rpartition(".")[0].split(".")[2:]
    own = f"/test_{'_'.join(parts)}"
    return sorted(tests, key=lambda test: (own not in test, took.get(test, 0), test))
