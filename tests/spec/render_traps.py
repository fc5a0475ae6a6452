"""The page of traps and refusals: what misleads, what is refused, and what is said then."""

from collections.abc import Iterator, Sequence

from tests.spec.refusals import Refusal, case_refusals, facts_refusals, policy_refusals
from tests.spec.traps import TRAPS

_LONGEST = 90


def traps_page() -> str:
    """The tables of the page, each counted."""
    lines = [
        "# Traps and refusals",
        "",
        "Each trap with the example that holds the right answer; each kind of bad file with the",
        "sentence it is refused with. Tests make every one of these files and compare.",
        "",
        "## Traps",
        "",
        "| trap | right is | shown by |",
        "|---|---|---|",
    ]
    for trap in TRAPS:
        names = "; ".join(_shown(name) for name in trap.shown_by)
        lines.append(f"| {trap.trap} | {trap.answer} | {names} |")
    lines += ["", "A *spec* stands in [the rules](rules.md), a *folder* in"]
    lines += ["`tests/unit/policy/contract`; both are run on every engine."]
    lines += _table("Bad policies", list(policy_refusals()))
    lines += _table("Bad cases", list(case_refusals()))
    lines += _table("Bad facts", list(facts_refusals()))
    return "\n".join(lines) + "\n"


def _shown(name: str) -> str:
    kind, _, title = name.partition(" ")
    return f"*{kind}* `{title}`" if kind == "test" else f"*{kind}* {title}"


def _table(title: str, refusals: Sequence[Refusal]) -> Iterator[str]:
    yield from ("", f"## {title}", "", f"{len(refusals)} files, nothing done with any of them.", "")
    yield from ("| wrong | refused with |", "|---|---|")
    for wrong, said in refusals:
        short = said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
        cell = short.replace("|", "\\|")
        yield f"| {wrong} | {cell} |"
