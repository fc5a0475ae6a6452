"""Everything a policy says is said by some facet, in words."""

from dataclasses import fields, replace
from typing import Any

import pytest

from cunjing.policy.enums import Disposition, Exemption, Missing, Operator, RuleKind
from cunjing.policy.facets import (
    DISPOSITIONS,
    SECTIONS,
    Facet,
    clause_facets,
    head_facets,
    listing_facets,
    number_text,
    parameter_facets,
    parts_of,
    rule_facets,
)
from cunjing.policy.loader import load_policy, shipped_policies
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
        (Rule, firsts(rule_facets(BOZHOU.rules[0])), {"id", "thresholds"}),
        (Clause, firsts(clause_facets(BOZHOU.clauses[0])), {"number"}),
        (Parameter, firsts(parameter_facets(SUZHOU.parameters[0])), {"id"}),
        (Listing, firsts(listing_facets(BOZHOU.role_sets[0])), {"id"}),
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
