"""The page of clauses: every clause of every document, its figure, and what became of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tests.spec.no_figures import LISTED, NO_FIGURE

from cunjing.policy.enums import Disposition
from cunjing.policy.figures import figure_share, with_figure
from cunjing.policy.loader import load_policy, shipped_policies
from cunjing.policy.model import Clause, Policy

_INTRODUCTION = """\
# Clauses and figures

Every clause of the five documents, by its number, and what became of it: `executable` (rules judge
it), `human` (a person judges; the note says who, and where the product holds what they judge by, or
that it does not hold it yet: 本系统暂未登记),
`structural` (the product holds it as data), `declined` (not held, with the reason; see
[the bounds](../explanation/bounds.md)), `none` (asks for nothing).

A clause **states a figure** when a duty of it has a number, a frequency or a range; an open one
(定期) is one too, its rule takes a number the county sets. Clauses that repeat another one's duty
are counted each time and judged by its rules. What is declined cannot be executable and is left out
of the share. Not figures: how many entries a list has, and numbers of what the document tells."""


def coverage_page() -> str:
    """Shares, the clauses with a figure, what is not judged and why, then every clause."""
    policies = [load_policy(name) for name in shipped_policies()]
    lines = [_INTRODUCTION, "", *_shares(policies)]
    lines += ["", "## Figures that no rule judges", *_unjudged(policies)]
    lines += ["", "## Numbers that are no figures", *_no_figures()]
    for policy in policies:
        lines += _policy_lines(policy)
    return "\n".join(lines) + "\n"


def _shares(policies: Sequence[Policy]) -> Iterator[str]:
    kinds = " | ".join(kind.value for kind in Disposition)
    yield f"| document | clauses | {kinds} | figures | declined | asked | executable | share |"
    yield "|---|" + "---:|" * (len(Disposition) + 6)
    for policy in policies:
        yield _share_row(f"[{policy.id}](#{policy.id})", [policy])
    yield _share_row("**all five**", policies)
    share, once = figure_share(policies), figure_share(map(_without_repetitions, policies))
    whole = _percent(share.executable, share.stated)
    yield from ("", f"Held against all figures, the declined ones too: {whole}.")
    yield f"Each duty counted once: {_percent(once.executable, once.asked)}."


def _without_repetitions(policy: Policy) -> Policy:
    return replace(policy, clauses=tuple(one for one in policy.clauses if not one.same_as))


def _percent(part: int, whole: int) -> str:
    return f"{part} of {whole}, {100 * part / whole:.1f} %"


def _share_row(name: str, policies: Sequence[Policy]) -> str:
    found = [clause.disposition for policy in policies for clause in policy.clauses]
    share = figure_share(policies)
    numbers = [len(found), *(found.count(kind) for kind in Disposition)]
    numbers += [share.stated, share.declined, share.asked, share.executable]
    percent = _percent(share.executable, share.asked).split(", ")[1]
    return f"| {name} | {' | '.join(map(str, numbers))} | {percent} |"


def _unjudged(policies: Sequence[Policy]) -> Iterator[str]:
    yield from ("", "| clause | figure | | why |", "|---|---|---|---|")
    for policy in policies:
        for clause in with_figure(policy):
            if clause.disposition is not Disposition.EXECUTABLE:
                place = f"{policy.id} {clause.number}"
                yield f"| {place} | {clause.figure} | `{clause.disposition}` | {clause.note} |"


def _no_figures() -> Iterator[str]:
    yield from ("", "| clause | why |", "|---|---|")
    for name, reasons in NO_FIGURE.items():
        lists = {
            number: f"a list of {entries}, held entry by entry"
            for number, entries in LISTED[name].items()
        }
        for number, reason in {**reasons, **lists}.items():
            yield f"| {name} {number} | {reason} |"


def _policy_lines(policy: Policy) -> Iterator[str]:
    yield from ("", f"## {policy.id}", "", f"{policy.title}，{policy.document_number}")
    yield from ("", "| figure | clause | judged by |", "|---|---|---|")
    for clause in with_figure(policy):
        yield f"| {clause.figure} | {clause.number} | {_judged(policy, clause)} |"
    yield from ("", "| clause | | in our words | where, or why not |", "|---|---|---|---|")
    for clause in policy.clauses:
        judged = _judged(policy, clause) if policy.rules_of(clause.number) else ""
        rest = "; ".join(part for part in (judged, clause.note) if part)
        yield f"| {clause.number} | `{clause.disposition}` | {clause.paraphrase} | {rest} |"


def _judged(policy: Policy, clause: Clause) -> str:
    rules = policy.rules_of(clause.number)
    if not rules:
        return f"nobody: `{clause.disposition}`"
    links = ", ".join(f"[{rule.id}](rules.md#{policy.id}-{rule.id})" for rule in rules)
    repeated = f" (as {'、'.join(clause.same_as)})" if clause.same_as else ""
    return links + repeated
