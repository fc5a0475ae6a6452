"""Every worked case of every shipped policy, on both engines."""

import hashlib
from collections.abc import Iterator

import pytest

from cunjing.policy.cases import Case, CaseFile, agrees, check_cases, load_cases, run_case
from cunjing.policy.engines import ENGINES, load_engine
from cunjing.policy.enums import Disposition
from cunjing.policy.loader import SHIPPED, find_policy, load_policy, shipped_policies


def _all_cases() -> Iterator[object]:
    for name in shipped_policies():
        for rule in load_policy(name).rules:
            loaded = load_cases(SHIPPED / name / "policy.yaml", rule.id)
            for case in loaded.cases if loaded else ():
                yield pytest.param(name, loaded, case, id=f"{name}-{rule.id}-{case.name}")


@pytest.mark.parametrize("engine_name", sorted(ENGINES))
@pytest.mark.parametrize(("policy_name", "case_file", "case"), list(_all_cases()))
def test_a_worked_case_gets_its_verdict(
    policy_name: str, case_file: CaseFile, case: Case, engine_name: str
) -> None:
    policy = load_policy(policy_name)
    verdict = run_case(policy, case_file, case, engine=load_engine(engine_name))
    assert verdict is not None
    shown = (verdict.verdict, verdict.value, verdict.threshold)
    assert agrees(case, verdict), shown


@pytest.mark.parametrize("name", shipped_policies())
def test_each_rule_has_a_pass_a_fail_and_a_boundary(name: str) -> None:
    path = find_policy(name)
    assert path is not None
    assert check_cases(path, load_policy(name)) == []


@pytest.mark.parametrize("name", shipped_policies())
def test_a_clause_says_where_it_went(name: str) -> None:
    for clause in load_policy(name).clauses:
        silent = clause.disposition in {Disposition.NONE, Disposition.EXECUTABLE}
        assert silent or clause.note, clause.number


@pytest.mark.parametrize("name", shipped_policies())
def test_the_digest_is_stable_and_of_the_right_shape(name: str) -> None:
    digest = load_policy(name).digest
    assert digest == load_policy(name).digest
    assert len(digest) == len(hashlib.sha256().hexdigest())


def test_no_household_question_asks_for_suspects() -> None:
    (questions,) = load_policy("suzhou-2021").questions
    assert len(questions.items) == 6
    assert questions.items[-1].id == "help"
