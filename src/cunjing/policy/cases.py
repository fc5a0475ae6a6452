"""Worked cases of a policy: small worlds with the verdict the document calls for.

`cases/RULE.yaml` beside the policy holds for each executable rule at least a `pass`, a `fail` and a
`boundary`. A case's rows are added to the file's `world`. A row with `times: N` stands for N rows
in which `{n}` runs from 1 to N.
"""

import csv
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from cunjing.policy.case_rows import check_rows
from cunjing.policy.decode import BadValueError, Decoder, compose
from cunjing.policy.enums import VerdictKind
from cunjing.policy.errors import Finding, InputError
from cunjing.policy.facts import open_facts
from cunjing.policy.loader import find_parent, load_policy, rule_places
from cunjing.policy.model import Policy, Rule
from cunjing.policy.periods import parse_period, start_of_day
from cunjing.policy.tables import TABLES
from cunjing.policy.verdict import Engine, Verdict

Rows = Mapping[str, tuple[Mapping[str, str], ...]]
"""Table name -> rows as column -> cell."""


class CaseKind(StrEnum):
    """What a case shows."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    BOUNDARY = "boundary"
    OTHER = "other"


NEEDED = frozenset({CaseKind.PASS, CaseKind.FAIL, CaseKind.BOUNDARY})
"""The kinds every executable rule has a case of."""

_OUTCOMES = {
    CaseKind.PASS: (VerdictKind.PASS,),
    CaseKind.FAIL: (VerdictKind.FAIL, VerdictKind.ADVICE),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One case. `value` and `threshold` are checked when given; verdict always."""

    line: int
    kind: CaseKind
    name: str
    subject: str
    verdict: VerdictKind
    rows: Rows
    value: int | None = None
    threshold: int | None = None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All cases of one rule, in one period, seen from one day."""

    file: str
    line: int
    rule: str
    period: str
    as_of: date
    world: Rows
    cases: tuple[Case, ...]


def load_cases(policy_file: Path, rule: str) -> CaseFile | None:
    """The cases of a rule, None where there is no file. Raises InputError for a bad one."""
    path = _cases_path(policy_file, rule)
    if not path.is_file():
        return None
    decoder = Decoder()
    node = compose(path)
    try:
        loaded = decoder.record(node, CaseFile)
        check_rows(node, decoder)
    except BadValueError:
        raise InputError(decoder.findings) from None
    decoder.raise_findings()
    return loaded


def _cases_path(policy_file: Path, rule: str) -> Path:
    return policy_file.parent / "cases" / f"{rule}.yaml"


def find_cases(policy_file: Path, policy: Policy, rule: Rule) -> CaseFile | None:
    """The cases of a rule; its parent's where it is inherited as it stands. None where none are."""
    return load_cases(policy_file, rule.id) or _inherited_cases(policy_file, policy, rule)


def check_cases(policy_file: Path, policy: Policy) -> list[Finding]:
    """A finding for every rule that lacks a needed kind of case, and for every case out of place.

    A rule inherited as it stands is shown by its parent's cases.
    """
    findings: list[Finding] = []
    places = rule_places(policy_file)
    for rule in policy.rules:
        try:
            loaded = find_cases(policy_file, policy, rule)
        except InputError as error:
            findings += error.findings
            continue
        findings += _misplaced(policy, rule, loaded) if loaded else ()
        kinds = {case.kind for case in loaded.cases} if loaded else set()
        missing = "、".join(sorted(NEEDED - kinds))
        if missing:
            where = _cases_path(policy_file, rule.id)
            message = f"缺少这几类用例：{missing}，请写在 {where}"
            findings.append(Finding(*places[rule.id], rule.id, message, noun="规则"))
    return [*findings, *_strays(policy_file, policy)]


def _strays(policy_file: Path, policy: Policy) -> Iterator[Finding]:
    """Files of cases no rule is called by."""
    rules = {rule.id for rule in policy.rules}
    for path in sorted(policy_file.parent.glob("cases/*.yaml")):
        if path.stem not in rules:
            message = f"政策里没有规则“{path.stem}”，请改文件名，或删去这个文件"
            yield Finding(str(path), 1, None, message)


def _misplaced(policy: Policy, rule: Rule, loaded: CaseFile) -> Iterator[Finding]:
    """What in a file of cases cannot be run with this rule, or says the opposite of its kind."""
    if loaded.rule != rule.id:
        yield Finding(loaded.file, loaded.line, "rule", f"应与文件同名：{rule.id}", noun="键")
    try:
        running = policy.rules_for(parse_period(loaded.period))
    except ValueError:
        message = f"“{loaded.period}”不是周期，写作 2026-09、2026-Q3、2026-H1 或 2026"
        yield Finding(loaded.file, loaded.line, "period", message, noun="键")
    else:
        if rule not in running:
            message = f"规则 {rule.id} 在“{loaded.period}”不算，请换一个它管的周期"
            yield Finding(loaded.file, loaded.line, "period", message, noun="键")
    for case in loaded.cases:
        if case.verdict not in _OUTCOMES.get(case.kind, VerdictKind):
            wanted = "或".join(_OUTCOMES[case.kind])
            message = f"kind 是 {case.kind}，verdict 应为 {wanted}"
            yield Finding(loaded.file, case.line, case.name, message, noun="用例")


def _inherited_cases(policy_file: Path, policy: Policy, rule: Rule) -> CaseFile | None:
    path = find_parent(policy_file, policy.inherits) if policy.inherits else None
    if path is None:
        return None
    parent = load_policy(str(path))
    if rule not in parent.rules:
        return None
    return find_cases(path, parent, rule)


def run_case(policy: Policy, case_file: CaseFile, case: Case, *, engine: Engine) -> Verdict | None:
    """The verdict the engine gives the case's subject, None when it has no row."""
    with tempfile.TemporaryDirectory(prefix="cunjing-case-") as folder:
        write_world(Path(folder), world=case_file.world, rows=case.rows)
        with open_facts(Path(folder)) as facts:
            verdicts = engine.evaluate(
                policy=policy,
                facts=facts,
                period=parse_period(case_file.period),
                as_of=start_of_day(case_file.as_of),
                rules=[case_file.rule],
            )
    return next((item for item in verdicts if item.subject == case.subject), None)


def run_cases(policy_file: Path, policy: Policy, *, engine: Engine) -> list[Finding]:
    """A finding for every case of the policy's own whose verdict is another than it says.

    What `check_cases` finds fault with is not run.
    """
    findings = []
    for rule in policy.rules:
        loaded = _runnable(policy_file, policy, rule)
        if loaded is None:
            continue
        for case in loaded.cases:
            message = _disagreement(policy, loaded, case, engine=engine)
            if message:
                findings.append(Finding(loaded.file, case.line, case.name, message, noun="用例"))
    return findings


def _runnable(policy_file: Path, policy: Policy, rule: Rule) -> CaseFile | None:
    try:
        loaded = load_cases(policy_file, rule.id)
    except InputError:
        return None
    return None if loaded and any(_misplaced(policy, rule, loaded)) else loaded


def _disagreement(policy: Policy, loaded: CaseFile, case: Case, *, engine: Engine) -> str:
    """What is wrong with a case once it is run; empty where it holds."""
    try:
        verdict = run_case(policy, loaded, case, engine=engine)
    except InputError as error:
        return f"数据不对：{error.findings[0]}"
    if agrees(case, verdict):
        return ""
    found = "没有结论"
    if verdict is not None:
        found = f"{verdict.verdict}，值 {verdict.value}，门槛 {verdict.threshold}"
    return f"应为 {case.verdict}，得到 {found}；请改用例，或改规则"


def agrees(case: Case, verdict: Verdict | None) -> bool:
    """Whether a verdict is what the case says; value and threshold where it says them."""
    return (
        verdict is not None
        and verdict.verdict is case.verdict
        and case.value in {None, verdict.value}
        and case.threshold in {None, verdict.threshold}
    )


def write_world(folder: Path, *, world: Rows, rows: Rows) -> None:
    """Write the tables of a case as a facts folder of CSV files; required tables always."""
    for table in TABLES.values():
        content = [*_expanded(world.get(table.name, ())), *_expanded(rows.get(table.name, ()))]
        if not content and not table.required:
            continue
        names = [name for name in table.names if any(name in row for row in content)]
        names += [
            column.name for column in table.columns if column.required and column.name not in names
        ]
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(content)


def _expanded(rows: tuple[Mapping[str, str], ...]) -> list[dict[str, str]]:
    expanded = []
    for row in rows:
        for number in range(1, int(row.get("times", "1")) + 1):
            cells = {name: cell.replace("{n}", str(number)) for name, cell in row.items()}
            cells.pop("times", None)
            expanded.append(cells)
    return expanded
