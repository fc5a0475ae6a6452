"""Every worked case of every shipped policy, on both engines."""

import hashlib
import re
from collections.abc import Iterator

import pytest
from tests.support.console_places import KINDS, LEDGERS, PAGES, PERSON_FIELDS
from tests.support.engines import AT_ONCE

from cunjing.policy.cases import Case, CaseFile, agrees, check_cases, load_cases, run_case
from cunjing.policy.engines import load_engine
from cunjing.policy.enums import Disposition
from cunjing.policy.loader import SHIPPED, find_policy, load_policy, shipped_policies
from cunjing.policy.model import Clause


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


WHO = re.compile("由.*(判断|考评|决定|审核|核实|办理|核定|核对|抽查|安排|遵守)")
NOT_HELD = re.compile("本系统(?:暂未|不)登记")
NAMED = re.compile("“([^”]+)”(页|台账|清单|一类)")
# A place not named as it is on screen: nobody would find it there.
LOOSE = re.compile("(?<!”)(?:页|台账|清单)|(?<!户政)(?<!本)系统|模块|名册|履历|纪要|档案|账号")
PLACES = {"页": PAGES, "台账": LEDGERS, "一类": KINDS}


def _notes(name: str, *kinds: Disposition) -> Iterator[Clause]:
    for clause in load_policy(name).clauses:
        if clause.note and clause.disposition in kinds:
            yield clause


@pytest.mark.parametrize("name", shipped_policies())
def test_a_note_names_pages_ledgers_and_lists_as_they_are_on_screen(name: str) -> None:
    policy = load_policy(name)
    places = {**PLACES, "清单": {listing.title for listing in policy.listings}}
    for clause in _notes(name, *Disposition):
        for word, kind in NAMED.findall(clause.note):
            assert word in places[kind], (clause.number, word, kind)
        for word in re.findall("“人员”页的(.+?)栏", clause.note):
            assert word in PERSON_FIELDS, (clause.number, word)


@pytest.mark.parametrize("name", shipped_policies())
def test_a_note_sends_nobody_to_a_place_there_is_not(name: str) -> None:
    kept = Disposition.HUMAN, Disposition.STRUCTURAL, Disposition.EXECUTABLE
    for clause in _notes(name, *kept):
        found = LOOSE.search(clause.note)
        assert not found, (clause.number, found)


@pytest.mark.parametrize("name", shipped_policies())
def test_what_the_product_holds_is_named_with_its_place(name: str) -> None:
    for clause in _notes(name, Disposition.STRUCTURAL):
        assert NAMED.search(clause.note), clause.number


@pytest.mark.parametrize("name", shipped_policies())
def test_what_a_person_judges_says_who_and_where_or_that_it_is_not_held(name: str) -> None:
    for clause in _notes(name, Disposition.HUMAN):
        assert WHO.search(clause.note), clause.number
        outside = "户政系统" in clause.note or "列在附2各条" in clause.note
        assert outside or NAMED.search(clause.note) or NOT_HELD.search(clause.note), clause.number


@pytest.mark.parametrize("name", shipped_policies())
def test_what_is_declined_points_to_the_bounds(name: str) -> None:
    for clause in _notes(name, Disposition.DECLINED):
        assert clause.note.endswith("见产品边界"), clause.number


def test_a_place_nobody_finds_would_be_found_out() -> None:
    for text in ("巡逻台账", "监督模块", "人员履历", "志愿者名册", "辅警账号", "监督系统"):
        assert LOOSE.search(text), text
    for text in ("“进村工作”台账的日志", "户政系统", "本系统暂未登记", "“六大员”清单"):
        assert not LOOSE.search(text), text
    assert {"人员", "进村简报", "匹配条件"} <= PAGES
    assert {"进村工作", "矛盾纠纷"} <= LEDGERS
    assert "巡逻" not in PAGES | LEDGERS


@pytest.mark.parametrize("name", shipped_policies())
def test_a_note_on_the_countys_number_leaves_the_number_to_the_county(name: str) -> None:
    """A county's own stands beside the note, wherever the note is shown."""
    policy = load_policy(name)
    stated = {number for clause in policy.clauses for number in re.findall(r"\d+", clause.figure)}
    for parameter in policy.parameters:
        assert "默认" not in parameter.note, parameter.id
        assert set(re.findall(r"\d+", parameter.note)) <= stated, parameter.id
        assert not re.search("[一二两三四五六七八九十]+(?:次|个月)", parameter.note), parameter.id


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


def test_nobody_is_called_an_informer() -> None:
    for name in shipped_policies():
        for listing in load_policy(name).listings:
            assert not [item.id for item in listing.items if "informant" in item.id]


def test_no_household_question_asks_for_suspects() -> None:
    (questions,) = load_policy("suzhou-2021").questions
    assert len(questions.items) == 6
    assert questions.items[-1].id == "help"
