"""The commands `policy list`, `policy check`, `policy new` and `facts check`.

No Django, no settings. Each returns the text for standard output; whatever is wrong with the input
is raised as InputError before anything is printed or written.
"""

import sys
from argparse import Namespace
from pathlib import Path

from cunjing.policy.cases import check_cases, run_cases
from cunjing.policy.engines import load_engine
from cunjing.policy.errors import Finding, InputError, RequestError
from cunjing.policy.loader import find_policy, load_policy, shipped_policies
from cunjing.policy.model import Policy
from cunjing.policy.opening import facts_at
from cunjing.policy.output import write_text
from cunjing.policy.starter import STARTER, still_to_fill


def list_policies(_: Namespace) -> str:
    """`policy list`: id, title and document number of the shipped policies."""
    policies = [load_policy(name) for name in shipped_policies()]
    return "".join(f"{item.id}\t{item.title}\t{item.document_number}\n" for item in policies)


def check_policies(arguments: Namespace) -> str:
    """`policy check`: every finding of every file, or one line a file when all are sound.

    What is still to be filled in is named, and is no fault: a policy may be tried before its paper
    has a number.
    """
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
        lines += map(str, still_to_fill(path, policy) if path else ())
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
    write_text(path, STARTER)
    return f"已写好 {path}，改好后用 cunjing policy check {path} 检查\n"


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
