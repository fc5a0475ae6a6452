"""The rules about postings as plain data, for who judges without us."""

import json

import pytest
from tests.support.judging_phones import with_clauses
from tests.support.rulebook import OFFICERS, events, policy_of, posting, rule

from cunjing.policy.enums import EventKind, Operator, SubjectKind
from cunjing.policy.loader import load_policy, shipped_policies
from cunjing.policy.measures import Tally
from cunjing.policy.model import Between, ByGrade, DaysOfPeriod, ThresholdValue
from cunjing.policy.periods import PeriodKind
from cunjing.policy.rule_table import posting_rules, rule_table

VISITS = events(Tally.COUNT, EventKind.VILLAGE_VISIT)


@pytest.mark.parametrize("name", shipped_policies())
def test_a_table_is_plain_data_and_has_every_rule_about_postings(name: str) -> None:
    policy = load_policy(name)
    table = json.loads(json.dumps(rule_table(policy)))
    wanted = {one.id for one in policy.rules if one.subject.kind is SubjectKind.POSTING}
    assert [one["id"] for one in table["rules"]] == sorted(wanted)
    assert table["digest"] == policy.digest
    assert table["minimum_days"] == {kind.value: n for kind, n in policy.minimum_days.items()}
    for one in table["rules"]:
        assert all(one[name] for name in ("title", "way", "message", "thresholds"))


@pytest.mark.parametrize(
    ("value", "written"), [(2, 2), (Between(1, 3), [1, 3]), (DaysOfPeriod(), "every_day")]
)
def test_a_threshold_is_written_by_its_form(value: ThresholdValue, written: object) -> None:
    more = {"operator": Operator.BETWEEN if isinstance(value, Between) else Operator.AT_LEAST}
    made = rule("r", posting(*OFFICERS), VISITS, value, period=PeriodKind.MONTH, **more)
    (one,) = json.loads(json.dumps(rule_table(with_clauses(policy_of(made)))))["rules"]
    assert one["thresholds"] == [{"value": written, "valid_from": None, "valid_to": None}]


def test_a_table_says_whose_it_is_and_all_of_a_rule_that_judging_needs() -> None:
    policy = load_policy("suzhou-2021")
    table = json.loads(json.dumps(rule_table(policy)))
    rules = {one["id"]: one for one in table.pop("rules")}
    assert table == {
        "policy": "suzhou-2021",
        "title": policy.title,
        "document_number": policy.document_number,
        "digest": policy.digest,
        "minimum_days": {"month": 7, "quarter": 30, "half_year": 60, "year": 90},
    }
    assert rules["visit-log"] == {
        "id": "visit-log",
        "clause": "五（一）-3",
        "clause_note": "包村民警每次进村写日志并录入平台",
        "title": "包村民警进村有日志",
        "kind": "completeness",
        "roles": ["liaison_officer"],
        "period": "month",
        "event": {
            "kind": "village_visit",
            "subkinds": [],
            "name": "进村工作",
            "tally": "lacking",
            "sub_period": None,
            "lacking": "log_id",
        },
        "operator": "<=",
        "thresholds": [{"value": 0, "valid_from": None, "valid_to": None}],
        "prorated": True,
        "as_a_rule": False,
        "advice_above": False,
        "grace_days": 0,
        "of_the_county": False,
        "unit": "次",
        "message": "{period}有{value}次进村没有写日志",
        "way": "没有写日志的进村工作次数",
    }
    assert rules["auxiliary-rotation"]["period"] is None


def test_a_table_by_grades_is_no_postings() -> None:
    made = rule("r", posting(*OFFICERS), VISITS, ByGrade({"excellent": 1}))
    with pytest.raises(TypeError, match=r"^a grade is a person's, not a posting's$"):
        rule_table(with_clauses(policy_of(made)))


def test_a_rule_of_one_day_counts_no_events() -> None:
    table = rule_table(load_policy("suzhou-2021"))
    rules = {one["id"]: one for one in json.loads(json.dumps(table))["rules"]}
    assert rules["auxiliary-rotation"]["event"] is None
    assert rules["auxiliary-rotation"]["of_the_county"] is True
    assert rules["visit-spread"]["event"]["sub_period"] == "half_month"
    assert posting_rules(load_policy("suzhou-2021"))[0].id == min(rules)
