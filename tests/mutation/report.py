"""Writes `docs/reference/policy-mutants.md` from what mutmut has found: `./run mutants`."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from tests.mutation.equivalent import EQUIVALENT, Equivalent

ROOT = Path(__file__).resolve().parents[2]
POLICY = Path("src/cunjing/policy")
PAGE = ROOT / "docs/reference/policy-mutants.md"
HEAD = """\
<!-- Written by `./run mutants`. -->
# Mutants the tests catch

mutmut {version} changes one thing at a time in the functions of `src/cunjing/policy` and runs the
tests that reach the function: the unit tests of `policy`, and [the specs](rules.md) on the
reference interpreter and on DuckDB. A mutant is caught when a test fails; one that never ends is
stopped and counts as caught. Left out, because a run would take a day with them, are the worked
cases of the shipped policies, the golden county, the worlds of Hypothesis and the tests that start
a process of their own. What is wrong in the SQL is shown by
[faults sown by hand](policy-tests.md). Modules of data only have no functions and so no mutants.

Equivalent mutants, named below, count as not caught; the last column leaves them out.

| module | mutants | killed | endless | survived | of them equivalent | caught | of the others |
|---|--:|--:|--:|--:|--:|--:|--:|"""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one function: `old` and `new` are the lines that differ, in one line each."""

    module: str
    function: str
    status: str
    old: str = ""
    new: str = ""

    @property
    def equivalent(self) -> Equivalent | None:
        """Why no test can catch it, if none can."""
        return next((entry for entry in EQUIVALENT if _is(entry, self)), None)


def _is(entry: Equivalent, mutant: Mutant) -> bool:
    changed = {_tight(mutant.old.replace(old, new, 1)) for old, new in entry.changes}
    at_place = entry.module == mutant.module and entry.part in mutant.old
    return at_place and _tight(mutant.new) in changed


def _tight(code: str) -> str:
    """Code without what only formats it."""
    return "".join(code.split()).replace(",)", ")")


def found_mutants() -> Iterator[Mutant]:
    """Every mutant of the last run, with its lines where it was not caught."""
    for path in sorted((ROOT / "mutants" / POLICY).rglob("*.meta")):
        source = path.relative_to(ROOT / "mutants").with_suffix("")
        module = ".".join(source.relative_to(POLICY).with_suffix("").parts)
        content = json.loads(path.read_text("utf-8"))
        for name, code in content["exit_code_by_key"].items():
            status = status_by_exit_code[code]
            unseen = status in {"killed", "not checked"}
            lines = ("", "") if unseen else _lines(name, source)
            yield Mutant(module, _function(name), status, *lines)


def _function(name: str) -> str:
    """`Class.method` or `function` from mutmut's name of the mutant."""
    own = name.rpartition(".")[2].rpartition("__mutmut_")[0]
    return own[1:].strip("ǁ").replace("ǁ", ".") if "ǁ" in own else own[2:]


def _lines(name: str, source: Path) -> tuple[str, str]:
    lines = get_diff_for_mutant(name, path=source).splitlines()[2:]
    old, new = (
        " ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"
    )
    return old, new


def page(mutants: list[Mutant]) -> str:
    """The report: scores by module, then every mutant that was not caught."""
    names = sorted({mutant.module for mutant in mutants})
    counts = {name: Counter(_kind(one) for one in mutants if one.module == name) for name in names}
    unrun = [name for name in names if counts[name]["not checked"]]
    for name in unrun:
        del counts[name]
    run = [mutant for mutant in mutants if mutant.module in counts]
    lines = [
        *HEAD.format(version=version("mutmut")).splitlines(),
        *(_row(f"`{name}`", count) for name, count in counts.items()),
        _row("all", sum(counts.values(), Counter())),
        *([f"\nNot measured: {', '.join(unrun)}."] if unrun else []),
        *_equivalents(run),
        *_table("Not caught", [one for one in run if _kind(one) == "survived"]),
        *_table("Stopped after the time limit", [one for one in run if _kind(one) == "timeout"]),
    ]
    return "\n".join(lines) + "\n"


def _kind(mutant: Mutant) -> str:
    if mutant.status in {"killed", "timeout", "not checked"}:
        return mutant.status
    return "equivalent" if mutant.equivalent else "survived"


def _row(name: str, count: Mapping[str, int]) -> str:
    caught = count["killed"] + count["timeout"]
    could_be = caught + count["survived"]
    total = could_be + count["equivalent"]
    cells = (total, count["killed"], count["timeout"], total - caught, count["equivalent"])
    shares = (_share(caught, total), _share(caught, could_be))
    return f"| {name} | {' | '.join(map(str, (*cells, *shares)))} |"


def _share(part: int, whole: int) -> str:
    """Per cent with one decimal, rounded down."""
    tenths = 1000 * part // whole
    return f"{tenths // 10}.{tenths % 10} %"


def _equivalents(mutants: list[Mutant]) -> Iterator[str]:
    found = Counter(one.equivalent for one in mutants if _kind(one) == "equivalent")
    yield from ("", "## Equivalent", "")
    yield from ("| module | in the line | changes | mutants | why it is as good |",)
    yield "|---|---|---|--:|---|"
    for entry in EQUIVALENT:
        changes = ", ".join(f"{_code(old)} to {_code(new)}" for old, new in entry.changes)
        cells = (f"`{entry.module}`", _code(entry.part), changes, str(found[entry]), entry.why)
        yield f"| {' | '.join(cells)} |"


def _table(title: str, mutants: list[Mutant]) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    if not mutants:
        yield "None."
        return
    yield from ("| in | line | becomes |", "|---|---|---|")
    for mutant in mutants:
        place = f"`{mutant.module}.{mutant.function}`"
        yield f"| {place} | {_code(mutant.old)} | {_code(mutant.new)} |"


def _code(text: str) -> str:
    escaped = text.replace("|", "\\|")
    return f"`{escaped}`" if text else "nothing"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(list(found_mutants())), encoding="utf-8")


if __name__ == "__main__":
    main()
