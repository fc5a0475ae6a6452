"""The policy commands: `policy …`, `assess`, `explain`, `facts check`. No Django, no settings.

Each returns the text for standard output; whatever is wrong with the input is raised as InputError
before anything is printed or written.
"""

import json
import sys
from argparse import Namespace
from pathlib import Path

from cunjing.policy import output, wording
from cunjing.policy.cases import check_cases, run_cases
from cunjing.policy.duck.session import NAME as DUCKDB
from cunjing.policy.duck.session import Session
from cunjing.policy.engines import load_engine
from cunjing.policy.errors import Finding, InputError, RequestError
from cunjing.policy.loader import find_policy, load_policy, shipped_policies
from cunjing.policy.model import Policy
from cunjing.policy.opening import facts_at
from cunjing.policy.requests import check_marks, read_as_of, read_period, read_rules
from cunjing.policy.starter import STARTER

_NEVER_ONE_BY_ONE = frozenset({"parquet", "counts"})
"""Formats for which the DuckDB engine never holds the verdicts in Python: a nation's would not
fit."""


def list_policies(_: Namespace) -> str:
    """`policy list`: id, title and document number of the shipped policies."""
    policies = [load_policy(name) for name in shipped_policies()]
    return "".join(f"{item.id}\t{item.title}\t{item.document_number}\n" for item in policies)


def check_policies(arguments: Namespace) -> str:
    """`policy check`: every finding of every file, or one line a file when all are sound."""
    findings: list[Finding] = []
    lines = []
    for name in arguments.files:
        try:
            policy = load_policy(name)
            path = find_policy(name)
            findings += _check_cases(path, policy, run=arguments.run_cases) if path else []
        except InputError as error:
            findings += error.findings
            continue
        lines.append(f"{name}：没有问题，{len(policy.clauses)} 条条款，{len(policy.rules)} 条规则")
    if findings:
        raise InputError(findings)
    return "\n".join(lines) + "\n"


def new_policy(arguments: Namespace) -> str:
    """`policy new`: a policy of a county's own to start from, on standard output or in a file."""
    if arguments.out is None:
        return STARTER
    path = Path(arguments.out)
    if path.exists():
        raise RequestError(f"“{path}”已经存在，请换个名字")
    output.write_text(path, STARTER)
    return f"已写好 {path}，改好后用 cunjing policy check {path} 检查\n"


def assess(arguments: Namespace) -> str:
    """`assess`: all verdicts of a period."""
    if arguments.format == "parquet" and arguments.out is None:
        raise RequestError("parquet 是二进制文件，请用 --out 指定文件名")
    policy = load_policy(arguments.policy)
    period, as_of = read_period(arguments.period), read_as_of(arguments.as_of)
    rules = read_rules(policy, period, arguments.rule)
    names = [rule.id for rule in rules]
    engine = load_engine(arguments.engine)
    with facts_at(arguments.facts) as facts:
        check_marks(facts, rules)
        if arguments.engine == DUCKDB and arguments.format in _NEVER_ONE_BY_ONE:
            asked = Session(
                policy=policy,
                facts=facts,
                period=period,
                as_of=as_of,
                rules=names,
                digests=arguments.format == "parquet",
            )
            return _assess_large(asked, arguments)
        verdicts = engine.evaluate(
            policy=policy, facts=facts, period=period, as_of=as_of, rules=names
        )
    if arguments.format == "parquet":
        output.write_parquet(Path(arguments.out), verdicts)
        return ""
    if arguments.format == "counts":
        return _deliver(output.as_counts(output.counted(verdicts)), arguments.out)
    if arguments.format == "table":
        county = [rule.id for rule in rules if rule.parameter is not None]
        return _deliver(output.as_table(verdicts, county_rules=county), arguments.out)
    render = {"json": output.as_json, "csv": output.as_csv}
    return _deliver(render[arguments.format](verdicts), arguments.out)


def _assess_large(session: Session, arguments: Namespace) -> str:
    with session:
        if arguments.format == "counts":
            return _deliver(output.as_counts(session.counts(by_county=True)), arguments.out)
        with output.whole_file(Path(arguments.out)) as temporary:
            session.write(temporary)
    return ""


def explain(arguments: Namespace) -> str:
    """`explain`: one verdict with its reasons, for people or as JSON."""
    policy = load_policy(arguments.policy)
    period, as_of = read_period(arguments.period), read_as_of(arguments.as_of)
    (rule,) = read_rules(policy, period, [arguments.rule])
    engine = load_engine(arguments.engine)
    with facts_at(arguments.facts) as facts:
        check_marks(facts, (rule,))
        found = engine.explain(
            policy=policy,
            facts=facts,
            period=period,
            as_of=as_of,
            rule=rule.id,
            subject=arguments.subject,
        )
    if found is None:
        raise RequestError(
            f"规则“{rule.id}”在 {period.text} 没有对象“{arguments.subject}”，请检查 --subject"
        )
    if arguments.format == "text":
        lines = wording.explanation_lines(
            policy=policy, rule=rule, explanation=found, period=period
        )
        return _deliver("\n".join(lines) + "\n", arguments.out)
    content = found.verdict.as_dict() | {
        "message": wording.message(policy=policy, rule=rule, verdict=found.verdict, period=period),
        "clause_note": wording.clause_note(policy.clause(rule.clause), rule),
        "counted": list(found.counted),
        "rejected": [[item.id, item.reason] for item in found.rejected],
    }
    return _deliver(json.dumps(content, ensure_ascii=False) + "\n", arguments.out)


def check_facts(arguments: Namespace) -> str:
    """`facts check`: one line when the folder is sound; `--remember` notes it in the folder."""
    with facts_at(arguments.folder, anew=True) as facts:
        if arguments.remember:
            try:
                facts.remember()
            except OSError as error:
                raise RequestError(
                    f"写不了“{arguments.folder}”，请检查权限（{error.strerror}）"
                ) from error
        return f"{arguments.folder}：没有问题\n"


def _check_cases(path: Path, policy: Policy, *, run: bool) -> list[Finding]:
    findings = check_cases(path, policy)
    if run:
        sys.stderr.write(f"正在运行 {policy.id} 的用例……\n")
        findings += run_cases(path, policy, engine=load_engine("duckdb"))
    return findings


def _deliver(text: str, out: str | None) -> str:
    if out is None:
        return text
    output.write_text(Path(out), text)
    return ""
