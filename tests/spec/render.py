"""Writes the reference pages that follow from policies and specs: `python -m tests.spec.render`.

`docs/reference/rules.md` shows every rule of the shipped policies and every spec;
`docs/reference/policy-tests.md` the faults sown in the engine and the spec that catches each;
`docs/reference/clauses.md` every clause, `docs/reference/policy-traps.md` traps and refusals.
"""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from tests.spec.faults import FAULTS
from tests.spec.faults_of_phones import PHONE_FAULTS
from tests.spec.render_coverage import coverage_page
from tests.spec.render_traps import traps_page

from cunjing.policy.cases import Case, load_cases
from cunjing.policy.loader import find_policy, load_policy, shipped_policies
from cunjing.policy.measures import EventMeasure, Measure
from cunjing.policy.model import Between, ByGrade, DaysOfPeriod, Policy, Rule, Subject

SPECS = Path(__file__).parent
REFERENCE = SPECS.parents[1] / "docs" / "reference"
_NOTE = "<!-- Written by `python -m tests.spec.render`; a test compares. -->"


def pages() -> dict[str, str]:
    """File name in `docs/reference` -> its text."""
    return {
        "rules.md": rules_page(),
        "policy-tests.md": faults_page(),
        "clauses.md": f"{_NOTE}\n{coverage_page()}",
        "policy-traps.md": f"{_NOTE}\n{traps_page()}",
    }


def rules_page() -> str:
    """The rules of the shipped policies with their cases, then the specs both engines answer."""
    lines = [
        _NOTE,
        "# The rules",
        "",
        "Every rule of the five policies: what it counts, what it asks for, and the worked cases",
        "that show it. Then the specs: small worlds with what every engine must answer, by a",
        "made-up policy that has each kind of measure, subject and period. Those of rules about",
        "postings, and the cases of such rules, the phone's verdict stage answers too: whether the",
        "server knows all the work, none of it, or not yet of what was taken back. The words are",
        "those of [the policy file](policy-file.md) and [facts](facts.md).",
    ]
    for name in shipped_policies():
        lines += _policy_lines(load_policy(name), find_policy(name) or Path())
    lines += ["", "## Specs"]
    for path in sorted(SPECS.glob("*.txt")):
        lines += _spec_lines(path.read_text("utf-8"), path.stem)
    return "\n".join(lines) + "\n"


_GENERATED = (
    "",
    "## Worlds made up by the hundred",
    "",
    "`tests/generative` has Hypothesis make up worlds full of edges and holds the engines, and the",
    "phone's stage, against the reference interpreter, verdicts and explanations. Every test run",
    "looks at a few of them; more are looked at with",
    "",
    "```",
    "CUNJING_EXAMPLES=10000 ./run test tests/generative/test_engines_agree.py",
    "CUNJING_EXAMPLES=1000 ./run test tests/generative/test_phones_agree.py",
    "CUNJING_SPARK_EXAMPLES=500 ./run test tests/generative/test_spark_agrees.py",
    "```",
    "",
    "The number is that of worlds of work, the most of any; the others follow it. Ten thousand",
    "take two hours. On 1 December 2026 ten times a thousand worlds of work were looked at",
    "(`--hypothesis-seed` 101 to 110): no difference.",
)


def faults_page() -> str:
    """The faults, by file and statement, each with its spec."""
    lines = [
        _NOTE,
        "# Faults the specs catch",
        "",
        f"{len(FAULTS)} faults sown by hand in the SQL of the DuckDB engine. The test run applies",
        "each in memory, one at a time, and fails unless the engine then answers the named spec",
        "wrongly: with rows, not with an SQL error. In brackets: the engine is not asked for the",
        "one rule alone, but in another way that must give the same verdicts. The specs stand in",
        "[the rules](rules.md).",
        "",
        "| statement | instead of | stands | why it is wrong | caught by |",
        "|---|---|---|---|---|",
    ]
    for fault in FAULTS:
        statement = f"{fault.file} {fault.part}".strip()
        caught = fault.spec if fault.way == "alone" else f"{fault.spec} ({fault.way})"
        cells = (statement, _code(fault.old), _code(fault.new), fault.why, caught)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, *_phone_fault_lines(), *_GENERATED]) + "\n"


def _phone_fault_lines() -> Iterator[str]:
    yield from (
        "",
        "## On the phone",
        "",
        f"{len(PHONE_FAULTS)} faults sown in the phone's verdict stage, in the bundle Node runs.",
        "In brackets: where the work stands when the phone is asked. The specs are the same.",
        "",
        "| instead of | stands | what is true | caught by |",
        "|---|---|---|---|",
    )
    for fault in PHONE_FAULTS:
        part = fault.part.replace("_", " ")
        caught = fault.spec if part == "all sent" else f"{fault.spec} ({part})"
        cells = (_code(fault.old), _code(fault.new), fault.why, caught)
        yield f"| {' | '.join(cells)} |"


def _policy_lines(policy: Policy, path: Path) -> Iterator[str]:
    yield from ("", f"## {policy.id}", "", f"{policy.title}，{policy.document_number}")
    for rule in policy.rules:
        yield from ("", f"### {policy.id}: {rule.id}", "")
        yield f"- {rule.title}，条款 {rule.clause}：{policy.clause(rule.clause).paraphrase}"
        yield f"- Subject: {_subject(rule.subject)}; {_when(rule)}."
        yield f"- Counts: {_counts(rule.measure)}."
        yield f"- Asks for: {_asks(rule)}."
        loaded = load_cases(path, rule.id)
        for case in loaded.cases if loaded else ():
            yield f"- {case.kind}: {case.name} → {_outcome(case)}"


def _subject(subject: Subject) -> str:
    narrowed = [subject.group_kind, subject.unit_kind, *subject.roles]
    names = ", ".join(f"`{item}`" for item in narrowed if item is not None)
    return f"`{subject.kind}` ({names})" if names else f"`{subject.kind}`"


def _when(rule: Rule) -> str:
    if rule.period is None:
        return "on the day looked at"
    grace = f", {rule.grace_days} days of grace" if rule.grace_days else ""
    prorated = ", prorated" if rule.prorated else ""
    return f"by {rule.period.replace('_', ' ')}{grace}{prorated}"


def _counts(measure: Measure) -> str:
    if isinstance(measure, EventMeasure):
        subkinds = "".join(f" `{name}`" for name in measure.event.subkinds)
        of = measure.sub_period or measure.lacking
        how = f"{measure.tally} `{of}`" if of else measure.tally
        return f"{how.replace('_', ' ', 1)} of `{measure.event.kind}`{subkinds}"
    first = (type(measure).__doc__ or "").split("Evidence")[0].removeprefix("Value")
    meaning = " ".join(first.split()).strip(": .")
    cells = ", ".join(
        f"{field.name} {_cell(getattr(measure, field.name))}" for field in fields(measure)
    )
    return f"{meaning} ({cells})" if cells else meaning


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_cell(item) for item in value)
    if hasattr(value, "__dataclass_fields__"):
        return " ".join(str(getattr(value, name)) for name in value.__dataclass_fields__)
    return f"`{value}`"


def _asks(rule: Rule) -> str:
    numbers = []
    for dated in rule.thresholds:
        since = f" from {dated.valid_from}" if dated.valid_from else ""
        until = f" until {dated.valid_to}" if dated.valid_to else ""
        numbers.append(f"{_threshold(dated.value)}{since}{until}")
    county = "; the county's number" if rule.parameter else ""
    advice = "; a miss is advice" if rule.as_a_rule else ""
    return f"`{rule.operator}` {', '.join(numbers)} {rule.unit}{county}{advice}"


def _threshold(value: object) -> str:
    match value:
        case Between(low=low, high=high):
            return f"{low} to {high}"
        case DaysOfPeriod():
            return "the days of the period"
        case ByGrade(table=table):
            return ", ".join(f"{grade} {number}" for grade, number in table.items())
        case _:
            return str(value)


def _outcome(case: Case) -> str:
    value = f", value {case.value}" if case.value is not None else ""
    threshold = f", threshold {case.threshold}" if case.threshold is not None else ""
    return f"`{case.verdict}`{value}{threshold}"


def _spec_lines(text: str, stem: str) -> Iterator[str]:
    head, *sections = text.split("\n== ")
    yield from ("", f"### {stem}: {head.strip()}")
    for section in sections:
        title, body = section.split(" ==\n", 1)
        yield from ("", f"#### {title}", "", "```text", body.strip(), "```")


def _code(text: str) -> str:
    """A piece of SQL in one line of a table."""
    line = " ".join(text.split()).replace("|", "\\|")
    return f"`{line}`" if line else "nothing"


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
