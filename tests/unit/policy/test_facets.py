"""Everything a policy says is said by some facet, in words."""

from dataclasses import fields, replace
from typing import Any

import pytest

from cunjing.policy.enums import (
    Disposition,
    Exemption,
    MemberPost,
    Missing,
    Operator,
    Role,
    RuleKind,
)
from cunjing.policy.facets import (
    DISPOSITIONS,
    SECTIONS,
    Facet,
    clause_facets,
    head_facets,
    listing_facets,
    matching_facets,
    number_text,
    parameter_facets,
    parts_of,
    rule_facets,
)
from cunjing.policy.loader import load_policy, shipped_policies
from cunjing.policy.matching import Matching
from cunjing.policy.model import (
    Between,
    ByGrade,
    Clause,
    DaysOfPeriod,
    Item,
    Listing,
    Parameter,
    Policy,
    Rule,
    ThresholdValue,
)
from cunjing.policy.revision import FIELDS

BOZHOU = load_policy("bozhou-2014")
SUZHOU = load_policy("suzhou-2021")
JILIN = load_policy("jilin-2019")


def firsts(facets: list[Facet]) -> set[str]:
    """The first parts of the facets' names."""
    return {facet.name.partition(".")[0] for facet in facets}


def texts(facets: list[Facet]) -> dict[str, str]:
    """Name -> words."""
    return {facet.name: facet.text for facet in facets}


@pytest.mark.parametrize(
    ("kind", "said", "elsewhere"),
    [
        (Rule, firsts(rule_facets(BOZHOU.rules[0])), {"id", "thresholds", "changed"}),
        (Clause, firsts(clause_facets(BOZHOU.clauses[0])), {"number", "origin"}),
        (Parameter, firsts(parameter_facets(SUZHOU.parameters[0])), {"id"}),
        (Listing, firsts(listing_facets(BOZHOU.role_sets[0])), {"id"}),
        (Matching, firsts(matching_facets(SUZHOU.matching[0])), {"id", "line", "file"}),
        (Policy, firsts(head_facets(JILIN)) | set(SECTIONS), {"digest", "matching_weights"}),
    ],
)
def test_no_field_of_the_model_is_left_out(kind: Any, said: set[str], elsewhere: set[str]) -> None:
    assert {field.name for field in fields(kind)} - said == elsewhere - said


def test_every_field_has_a_chinese_name() -> None:
    for policy in (load_policy(name) for name in shipped_policies()):
        for section in SECTIONS:
            for _title, facets in parts_of(policy, section).values():
                assert firsts(list(facets)) <= FIELDS.keys()


def test_a_rule_is_said_in_words() -> None:
    said = texts(rule_facets(BOZHOU.rule("visit-days")))
    assert said["subject"] == "每名包村民警，在几个村任职就按几个村分别算"
    assert said["measure"] == "有进村工作的天数，同一天几次只算一天"
    assert (said["period"], said["operator"], said["kind"]) == ("每月", "不少于", "数量")
    assert (said["as_a_rule"], said["advice_above"]) == ("没有做到就是未达标", "多了也按规定判断")
    assert (said["exemptions"], said["missing"]) == ("在岗短的免考或者折算", "记为数据未齐")
    assert (said["grace_days"], said["parameter"], said["unit"]) == ("", "", "天")
    assert (said["clause"], said["title"]) == ("2.4-1", BOZHOU.rule("visit-days").title)


def test_a_facet_holds_the_value_beside_its_words() -> None:
    rule = SUZHOU.rule("auxiliary-rotation")
    held = {facet.name: facet.value for facet in rule_facets(rule)}
    same = ("title", "clause", "kind", "subject", "measure", "period", "operator", "as_a_rule")
    also = ("advice_above", "grace_days", "exemptions", "missing", "unit", "message")
    assert held == {
        "parameter": "rotation-months",
        **{name: getattr(rule, name) for name in (*same, *also)},
    }
    plain = {facet.name: facet.value for facet in rule_facets(BOZHOU.rule("visit-days"))}
    assert plain["parameter"] is None
    assert plain["period"] == BOZHOU.rule("visit-days").period
    said = texts(rule_facets(rule))
    for name in ("title", "clause", "unit", "message"):
        assert said[name] == held[name]


def test_parameters_lists_and_clauses_hold_what_they_say() -> None:
    parameter = SUZHOU.parameters[0]
    assert [(one.name, one.value) for one in parameter_facets(parameter)] == [
        (name, getattr(parameter, name)) for name in ("title", "default", "dated", "note", "unit")
    ]
    assert texts(parameter_facets(parameter))["note"] == parameter.note
    assert texts(parameter_facets(parameter))["unit"] == parameter.unit
    assert texts(parameter_facets(parameter))["title"] == parameter.title
    roles = (Role.BEAT_OFFICER, Role.LIAISON_OFFICER)
    posts = (MemberPost.MEMBER, MemberPost.COMMANDER)
    listing = Listing("a", "五", "名", roles, (Item("x", "甲"),), posts)
    assert listing_facets(listing) == [
        Facet("title", "名", "名"),
        Facet("clause", "五", "五"),
        Facet("roles", roles, "责任区民警、包村民警"),
        Facet("posts", posts, "民兵、连长"),
        Facet("items.x", "甲", "甲"),
    ]
    clause = Clause("一", "甲", Disposition.NONE, "乙", "每月2天", ("二",))
    names = ("paraphrase", "disposition", "note", "figure", "same_as")
    assert [(one.name, one.value) for one in clause_facets(clause)] == [
        (name, getattr(clause, name)) for name in names
    ]
    assert texts(clause_facets(clause))["figure"] == "每月2天"


def test_an_entry_of_matching_holds_what_it_says() -> None:
    officers, auxiliaries = SUZHOU.matching
    for entry in (officers, auxiliaries):
        held = {facet.name: facet.value for facet in matching_facets(entry)}
        names = [field.name for field in fields(entry)]
        kept = [name for name in names if name not in {"id", "line", "file"}]
        assert held == {name: getattr(entry, name) for name in kept}
    said = texts(matching_facets(officers))
    assert (said["clause"], said["note"]) == (officers.clause, officers.note)
    assert said["roles"] == "驻村民警、包村民警、责任区民警"
    assert (said["slots"], said["vacancy"], said["leader_in_disputed"]) == (
        "0、15、40、80",
        "5000",
        "",
    )
    assert (said["own_village"], said["near_township"], said["tenure"]) == ("不限", "否", "")
    strict = texts(matching_facets(auxiliaries))
    assert (strict["own_village"], strict["no_return"]) == ("不能去本人的村", "是")


def test_the_head_holds_what_it_says() -> None:
    weighted = replace(SUZHOU, matching_weights={"wish": 3}, valid_to=None, scope=("34", "35"))
    held = {facet.name: facet for facet in head_facets(weighted)}
    assert held["matching_weights.wish"] == Facet("matching_weights.wish", 3, "3")
    assert held["valid_to"] == Facet("valid_to", None, "")
    assert held["scope"] == Facet("scope", ("34", "35"), "34、35")
    assert held["issuer"] == Facet("issuer", SUZHOU.issuer, SUZHOU.issuer)
    assert held["issued_on"].value == SUZHOU.issued_on
    assert held["minimum_days.year"] == Facet("minimum_days.year", 90, "每年90天")
    paid = {facet.name: facet for facet in head_facets(JILIN)}
    assert paid["grades"].value == JILIN.grades
    assert [paid[f"pay.{name}"].value for name in JILIN.pay] == list(JILIN.pay.values())
    graded = texts(head_facets(replace(JILIN, grades=("excellent", "五星"))))
    assert graded["grades"] == "优秀、五星"
    assert parts_of(JILIN, "document") == {"": (JILIN.title, head_facets(JILIN))}


def test_a_state_rule_an_advice_and_a_parameter_are_said_in_words() -> None:
    rotation = texts(rule_facets(SUZHOU.rule("auxiliary-rotation")))
    assert (rotation["period"], rotation["operator"]) == ("随时", "不超过")
    assert rotation["parameter"] == "rotation-months"
    assert texts(rule_facets(SUZHOU.rule("visit-spread")))["as_a_rule"] == "没有做到只作提示"
    coverage = texts(rule_facets(BOZHOU.rule("coverage")))
    assert (coverage["advice_above"], coverage["kind"]) == ("多了只作提示", "覆盖")
    assert texts(rule_facets(JILIN.rule("quarter-summary")))["grace_days"] == "31天"


def test_parameters_clauses_and_lists_are_said_in_words() -> None:
    (rotation,) = (one for one in SUZHOU.parameters if one.id == "rotation-months")
    assert texts(parameter_facets(rotation))["default"] == "24个月"
    clause = Clause("一", "每天一次", Disposition.HUMAN, "所里看", same_as=("二", "三"))
    assert texts(clause_facets(clause)) == {
        "paraphrase": "每天一次",
        "disposition": "人工判断",
        "note": "所里看",
        "figure": "",
        "same_as": "二、三",
    }
    listing = Listing("six", "五", "六问", (), (Item("help", "问困难"),))
    assert texts(listing_facets(listing)) == {
        "title": "六问",
        "clause": "五",
        "roles": "",
        "posts": "",
        "items.help": "问困难",
    }


def test_the_head_is_said_in_words() -> None:
    said = texts(head_facets(JILIN))
    assert said["minimum_days.month"] == "每月7天"
    assert said["grades"] == "优秀、称职、不称职"
    assert "优秀3600.00元" in next(text for name, text in said.items() if name[:4] == "pay.")
    assert (said["issued_on"], said["scope"]) == (JILIN.issued_on.isoformat(), "2202")
    assert said["supersedes"] == ""


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (2, "天", "2天"),
        (360000, "分", "3600.00元"),
        (Between(7, 11), "人", "7至11人"),
        (Between(100000, 200000), "分", "1000.00元至2000.00元"),
        (Between(10, 10), "人", "10人"),
        (DaysOfPeriod(), "天", "周期的天数"),
        (ByGrade({"excellent": 100, "其他": 0}), "分", "优秀1.00元、其他0.00元"),
    ],
)
def test_a_number_carries_its_measure_word(value: ThresholdValue, unit: str, text: str) -> None:
    assert number_text(value, unit=unit) == text


def test_every_choice_has_a_word() -> None:
    rule = BOZHOU.rules[0]
    for kind in RuleKind:
        assert texts(rule_facets(replace(rule, kind=kind)))["kind"]
    for operator in Operator:
        assert texts(rule_facets(replace(rule, operator=operator)))["operator"]
    for missing in Missing:
        assert texts(rule_facets(replace(rule, missing=missing)))["missing"]
    assert texts(rule_facets(replace(rule, exemptions=tuple(Exemption))))["exemptions"]
    assert DISPOSITIONS.keys() == set(Disposition)
