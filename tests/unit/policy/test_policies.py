"""Every worked case of every shipped policy, on both engines."""

import hashlib
import re
from collections.abc import Iterator

import pytest
from tests.support.engines import AT_ONCE

from cunjing.policy.cases import Case, CaseFile, agrees, check_cases, load_cases, run_case
from cunjing.policy.engines import load_engine
from cunjing.policy.enums import Disposition
from cunjing.policy.loader import SHIPPED, find_policy, load_policy, shipped_policies


def _all_cases() -> Iterator[object]:
    for name in shipped_policies():
        for rule in load_policy(name).rules:
            loaded = load_cases(SHIPPED / name / "policy.yaml", rule.id)
            for case in loaded.cases if loaded else ():
                yield pytest.param(name, loaded, case, id=f"{name}-{rule.id}-{case.name}")


@pytest.mark.parametrize("engine_name", AT_ONCE)
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


WHERE = {
    Disposition.HUMAN: re.compile("台账|履历|名册|监督模块|户政系统|清单|本政策的|纪要"),
    Disposition.STRUCTURAL: re.compile("台账|资料|本政策的|打印|账号|村情|名册|人员|任职|报告"),
    Disposition.DECLINED: re.compile("见产品边界$"),
}
WHO = re.compile("由.*(判断|考评|决定|审核|核实|办理|核定|核对|抽查|安排|遵守)")


@pytest.mark.parametrize("name", shipped_policies())
def test_what_no_rule_judges_says_who_does_and_where(name: str) -> None:
    for clause in load_policy(name).clauses:
        where = WHERE.get(clause.disposition)
        assert where is None or where.search(clause.note), clause.number
        human = clause.disposition is Disposition.HUMAN
        assert not human or WHO.search(clause.note), clause.number


@pytest.mark.parametrize("name", shipped_policies())
def test_the_digest_is_stable_and_of_the_right_shape(name: str) -> None:
    digest = load_policy(name).digest
    assert digest == load_policy(name).digest
    assert len(digest) == len(hashlib.sha256().hexdigest())


def test_the_joint_meeting_is_where_news_is_exchanged() -> None:
    policy = load_policy("huangchuan-2021")
    assert [rule.id for rule in policy.rules_of("二（二）-1")] == ["joint-meeting"]


def test_no_village_is_judged_by_what_the_bureau_holds_once_a_year() -> None:
    for name in ("suzhou-2021", "jilin-2019"):
        subject = load_policy(name).rule("yearly-commendation").subject
        assert (subject.kind, subject.unit_kind) == ("unit", "county")


def test_no_household_question_asks_for_suspects() -> None:
    (questions,) = load_policy("suzhou-2021").questions
    assert len(questions.items) == 6
    assert questions.items[-1].id == "help"
