"""The contract's closed lists in Chinese: none is left out, none differs from the product's own."""

import pytest

from cunjing.fieldwork.models import RecordKind, SessionKind
from cunjing.matters.models import MatterKind as ProductMatterKind
from cunjing.matters.rules import SUBKINDS as PRODUCT_SUBKINDS
from cunjing.places.models import UnitKind as ProductUnitKind
from cunjing.policy.enums import (
    EventKind,
    GroupKind,
    MatterKind,
    MemberPost,
    Reason,
    Role,
    SubjectKind,
    UnitKind,
    VerdictKind,
)
from cunjing.policy.loader import load_policy, shipped_policies
from cunjing.policy.measures import EventMeasure, MoneyValue
from cunjing.policy.tables import LACKABLE, TABLES
from cunjing.policy.words import (
    COLUMNS,
    EVENTS,
    GRADES,
    GROUPS,
    MATTER_SUBKINDS,
    MATTERS,
    MONEY,
    POSTS,
    REASONS,
    ROLES,
    SUBJECTS,
    SUBKINDS,
    UNITS,
    VERDICTS,
    amount,
    any_of,
    between,
    matter_name,
)
from cunjing.staffing.models import StaffRole


@pytest.mark.parametrize(
    ("words", "listed"),
    [
        (VERDICTS, VerdictKind),
        (REASONS, Reason),
        (SUBJECTS, SubjectKind),
        (ROLES, Role),
        (EVENTS, EventKind),
        (MATTERS, MatterKind),
        (GROUPS, GroupKind),
        (POSTS, MemberPost),
        (UNITS, UnitKind),
    ],
)
def test_every_member_has_a_word_of_its_own(words: dict[str, str], listed: type) -> None:
    assert set(words) == set(listed)
    assert len(set(words.values())) == len(words)


def test_the_product_and_the_policies_call_things_alike() -> None:
    assert {role.value: role.label for role in StaffRole} == {**ROLES}
    assert {kind.value: kind.label for kind in ProductUnitKind} == {**UNITS}
    assert {kind.value: kind.label for kind in RecordKind} == {
        kind.value: EVENTS[EventKind(kind.value)] for kind in RecordKind
    }
    assert {kind.value: kind.label for kind in ProductMatterKind} == {**MATTERS}
    assert {
        (MatterKind(kind.value), subkind.value): subkind.label
        for kind, subkinds in PRODUCT_SUBKINDS.items()
        for subkind in subkinds
    } == MATTER_SUBKINDS
    sessions = {name: word for (kind, name), word in SUBKINDS.items() if kind is EventKind.SESSION}
    assert sessions == {name: SessionKind(name).label for name in sessions}


def test_whatever_an_event_may_lack_has_a_word() -> None:
    optional = {column.name for column in TABLES["events"].columns if not column.required}
    assert set(COLUMNS) == optional & LACKABLE


def test_every_subkind_item_and_grade_of_the_shipped_policies_has_a_word() -> None:
    policies = [load_policy(name) for name in shipped_policies()]
    subkinds = {
        (rule.measure.event.kind, name)
        for policy in policies
        for rule in policy.rules
        if isinstance(rule.measure, EventMeasure)
        for name in rule.measure.event.subkinds
    }
    assert subkinds <= set(SUBKINDS)
    money = {
        rule.measure.item
        for policy in policies
        for rule in policy.rules
        if isinstance(rule.measure, MoneyValue)
    }
    assert money == set(MONEY)
    assert {grade for policy in policies for grade in policy.grades} == set(GRADES)


def test_alternatives_and_amounts_are_written_as_people_write_them() -> None:
    assert any_of(["甲"]) == "甲"
    assert any_of(["甲", "乙"]) == "甲或乙"
    assert any_of(["甲", "乙", "丙"]) == "甲、乙或丙"
    assert amount(3, unit="天") == "3天"
    assert amount(360005, unit="分") == "3600.05元"
    assert amount(-5, unit="分") == "-0.05元"
    assert amount(-360005, unit="分") == "-3600.05元"
    assert between(7, 11, unit="人") == "7至11人"
    assert between(-5, 360000, unit="分") == "-0.05元至3600.00元"


def test_matters_are_named_by_kind_and_subkind() -> None:
    assert matter_name(MatterKind.HAZARD, []) == "安全隐患"
    assert matter_name(MatterKind.DISPUTE, ["neighbour"]) == "矛盾纠纷（邻里）"
    assert matter_name(MatterKind.HAZARD, ["fire", "shed"]) == "安全隐患（消防或shed）"
