"""Writes `docs/reference/policy-mutants.md` from what mutmut has found: `./run mutants`."""

import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from importlib.metadata import version

from tests.mutation.entries import Equivalent
from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.order import SECONDS
from tests.mutation.results import (
    RECORD,
    Measured,
    Mutant,
    found,
    modules,
    read_record,
    write_record,
)

PAGE = RECORD.with_suffix(".md")
HEAD = """\
<!-- Written by `./run mutants`. -->
# Mutants the tests catch

mutmut {version} changes one thing at a time in the functions of `src/cunjing/policy` and runs the
tests that reach the function: the unit tests of `policy`, and [the specs](rules.md) on the
reference interpreter and on DuckDB: those of its own module first, then the shortest, for
{seconds} seconds or more. A mutant is caught when a test fails; one that never ends is stopped and
counts as caught. All of them run first with nothing changed, and must pass. Left out, since a run
would take a day with them, are the worked cases of the shipped policies, all of these at once, the
golden county, the worlds of Hypothesis and the tests that start a process of their own. What is
wrong in the SQL is shown by [faults sown by hand](policy-tests.md). Modules of data only have no
functions and so no mutants.

A module keeps its row until it is measured again; `policy-mutants.json` beside this page says on
which state of its file that was. Spark's modules are not measured: each of their mutants would
take minutes in Java.

Equivalent mutants, named below, count as not caught; the last column leaves them out.

| module | mutants | killed | endless | survived | of them equivalent | caught | of the others |
|---|--:|--:|--:|--:|--:|--:|--:|"""
CHANGED = "Changed since they were measured: "
ALONE = (
    "Measured with the module's own tests alone, in forks of one pytest session and not by "
    "mutmut, so that others may catch some of what survived: "
)


def equivalent_of(module: str, mutant: Mutant) -> Equivalent | None:
    """Why no test can catch it, if none can."""
    return next((entry for entry in EQUIVALENT if _is(entry, module, mutant)), None)


def _is(entry: Equivalent, module: str, mutant: Mutant) -> bool:
    changed = {_tight(mutant.old.replace(old, new, 1)) for old, new in entry.changes}
    at_place = entry.module == module and entry.part in mutant.old
    return at_place and _tight(mutant.new) in changed


def _tight(code: str) -> str:
    """Code without what only formats it."""
    return "".join(code.split()).replace(",)", ")")


def page(measured: Collection[Measured], *, now: Mapping[str, str]) -> str:
    """The report: scores by module, then every mutant that was not caught.

    `now`: the modules with functions there are, and the state of each.
    """
    known = [one for one in measured if one.module in now]
    counts = {one.module: _count(one) for one in known}
    changed = [f"`{one.module}`" for one in known if one.code != now[one.module]]
    alone = [f"`{one.module}`" for one in known if one.alone and counts[one.module].total()]
    unrun = sorted(f"`{name}`" for name in now.keys() - counts if not name.startswith("spark."))
    lines = [
        *HEAD.format(version=version("mutmut"), seconds=SECONDS).splitlines(),
        *(_row(f"`{name}`", count) for name, count in counts.items() if count.total()),
        _row("all", sum(counts.values(), Counter())),
        f"\n{CHANGED}{', '.join(changed) or 'none'}.",
        f"\n{ALONE}{', '.join(alone) or 'none'}.",
        f"\nNot measured: {', '.join(unrun) or 'none'}.",
        *_equivalents(known),
        *_table("Not caught", [(one.module, mutant) for one in known for mutant in _missed(one)]),
        *_table(
            "Stopped after the time limit",
            [(one.module, mutant) for one in known for mutant in one.endless],
        ),
    ]
    return "\n".join(lines) + "\n"


def _count(one: Measured) -> Counter[str]:
    missed = len(_missed(one))
    return Counter(
        killed=one.killed,
        timeout=len(one.endless),
        survived=missed,
        equivalent=len(one.survived) - missed,
    )


def _missed(one: Measured) -> list[Mutant]:
    return [mutant for mutant in one.survived if equivalent_of(one.module, mutant) is None]


def _row(name: str, count: Mapping[str, int]) -> str:
    caught = count["killed"] + count["timeout"]
    could_be = caught + count["survived"]
    total = could_be + count["equivalent"]
    cells = (total, count["killed"], count["timeout"], total - caught, count["equivalent"])
    shares = (_share(caught, total), _share(caught, could_be))
    return f"| {name} | {' | '.join(map(str, (*cells, *shares)))} |"


def _share(part: int, whole: int) -> str:
    """Per cent with one decimal, rounded down; all of nothing."""
    if whole == 0:
        return "100.0 %"
    tenths = 1000 * part // whole
    return f"{tenths // 10}.{tenths % 10} %"


def _equivalents(measured: Collection[Measured]) -> Iterator[str]:
    found_ones = Counter(
        equivalent_of(one.module, mutant) for one in measured for mutant in one.survived
    )
    yield from ("", "## Equivalent", "")
    yield from ("| module | in the line | changes | mutants | why it is as good |",)
    yield "|---|---|---|--:|---|"
    for entry in EQUIVALENT:
        changes = ", ".join(f"{_code(old)} to {_code(new)}" for old, new in entry.changes)
        cells = (f"`{entry.module}`", _code(entry.part), changes, str(found_ones[entry]), entry.why)
        yield f"| {' | '.join(cells)} |"


def _table(title: str, mutants: Collection[tuple[str, Mutant]]) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    if not mutants:
        yield "None."
        return
    yield from ("| in | line | becomes |", "|---|---|---|")
    for module, mutant in mutants:
        place = f"`{module}.{mutant.function}`"
        yield f"| {place} | {_code(mutant.old)} | {_code(mutant.new)} |"


def _code(text: str) -> str:
    escaped = text.replace("|", "\\|")
    return f"`{escaped}`" if text else "nothing"


def main(names: list[str]) -> None:
    """Keep what the run of the modules named has found, and write the page."""
    now = modules()
    measured = {name: one for name, one in read_record().items() if name in now}
    measured |= {one.module: one for one in found(names)}
    write_record(measured)
    PAGE.write_text(page(sorted(measured.values(), key=_name), now=now), encoding="utf-8")


def _name(one: Measured) -> str:
    return one.module


if __name__ == "__main__":
    main(sys.argv[1:])
