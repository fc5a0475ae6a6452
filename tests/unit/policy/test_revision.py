"""Two versions of a policy side by side: what a person would call a change."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cunjing.policy.canonical import with_digest
from cunjing.policy.enums import Disposition, Operator, Role
from cunjing.policy.facets import SECTIONS
from cunjing.policy.loader import load_policy, shipped_policies
from cunjing.policy.model import (
    Between,
    Clause,
    DatedThreshold,
    Item,
    Listing,
    Policy,
    Rule,
    Subject,
)
from cunjing.policy.revision import (
    CHANGES,
    LABELS,
    ChangeKind,
    FieldChange,
    PartChange,
    differences,
    field_label,
)

OLD = load_policy("bozhou-2014")
TURN, LATER = date(2027, 1, 1), date(2028, 1, 1)


def with_rule(policy: Policy, name: str, **changed: Any) -> Policy:
    """The policy with one rule changed."""
    rules = [replace(one, **changed) if one.id == name else one for one in policy.rules]
    return replace(policy, rules=tuple(rules))


def only(found: tuple[PartChange, ...]) -> PartChange:
    """The one part that changed."""
    (part,) = found
    return part


def spans(before: tuple[DatedThreshold, ...], after: tuple[DatedThreshold, ...]) -> list[Any]:
    """How the threshold changed: since, until, old words, new words."""
    old, new = (with_rule(OLD, "visit-days", thresholds=one) for one in (before, after))
    fields = only(differences(old, new)).fields
    assert {field.name for field in fields} == {"threshold"}
    return [(field.since, field.until, field.before_text, field.after_text) for field in fields]


@pytest.mark.parametrize("name", shipped_policies())
def test_a_policy_does_not_differ_from_itself(name: str) -> None:
    assert differences(load_policy(name), load_policy(name)) == ()


def test_another_threshold_is_one_change_of_one_rule() -> None:
    new = with_rule(OLD, "visit-days", thresholds=(DatedThreshold(3),))
    part = only(differences(OLD, new))
    assert (part.section, part.key, part.kind) == ("rules", "visit-days", ChangeKind.CHANGED)
    assert part.title == OLD.rule("visit-days").title
    assert part.fields == (FieldChange("threshold", 2, 3, "2天", "3天"),)


def test_only_the_stretch_of_time_that_changed_is_named() -> None:
    two = (DatedThreshold(2),)
    from_turn = (DatedThreshold(2, None, TURN), DatedThreshold(3, TURN))
    assert spans(two, from_turn) == [(TURN, None, "2天", "3天")]
    assert spans(from_turn, two) == [(TURN, None, "3天", "2天")]
    between = (*from_turn[:1], DatedThreshold(3, TURN, LATER), DatedThreshold(2, LATER))
    assert spans(two, between) == [(TURN, LATER, "2天", "3天")]
    assert spans(from_turn, (DatedThreshold(4, None, TURN), DatedThreshold(3, TURN))) == [
        (None, TURN, "2天", "4天")
    ]


def test_stretches_with_the_same_change_are_joined() -> None:
    split = (DatedThreshold(2, None, TURN), DatedThreshold(2, TURN))
    assert spans(split, (DatedThreshold(3),)) == [(None, None, "2天", "3天")]
    three = (
        DatedThreshold(2, None, TURN),
        DatedThreshold(3, TURN, LATER),
        DatedThreshold(2, LATER),
    )
    assert spans(three, (DatedThreshold(4),)) == [
        (None, TURN, "2天", "4天"),
        (TURN, LATER, "3天", "4天"),
        (LATER, None, "2天", "4天"),
    ]


def test_the_same_change_after_a_stretch_without_one_stands_alone() -> None:
    middle = (
        DatedThreshold(2, None, TURN),
        DatedThreshold(3, TURN, LATER),
        DatedThreshold(2, LATER),
    )
    assert spans(middle, (DatedThreshold(3),)) == [
        (None, TURN, "2天", "3天"),
        (LATER, None, "2天", "3天"),
    ]


def test_a_rule_not_in_force_yet_has_no_threshold_before() -> None:
    late = (DatedThreshold(2, TURN),)
    assert spans((DatedThreshold(2),), late) == [(None, TURN, "2天", "")]
    assert spans(late, (DatedThreshold(2),)) == [(None, TURN, "", "2天")]


def test_a_rule_says_what_else_became_of_it() -> None:
    new = with_rule(
        OLD,
        "visit-days",
        operator=Operator.AT_MOST,
        subject=Subject(OLD.rule("visit-days").subject.kind, (Role.BEAT_OFFICER,)),
        grace_days=5,
    )
    part = only(differences(OLD, new))
    assert [(one.name, one.before_text, one.after_text) for one in part.fields] == [
        (
            "subject",
            "每名包村民警，在几个村任职就按几个村分别算",
            "每名责任区民警，在几个村任职就按几个村分别算",
        ),
        ("operator", "不少于", "不超过"),
        ("grace_days", "", "5天"),
    ]
    assert [(one.before, one.after) for one in part.fields[1:]] == [
        (Operator.AT_LEAST, Operator.AT_MOST),
        (0, 5),
    ]


def test_a_new_rule_and_a_withdrawn_one_tell_the_main_things() -> None:
    extra: Rule = replace(OLD.rule("visit-days"), id="extra", title="另一条")
    new = replace(OLD, rules=(*OLD.rules, extra))
    added, removed = only(differences(OLD, new)), only(differences(new, OLD))
    assert (added.key, added.title, added.kind) == ("extra", "另一条", ChangeKind.ADDED)
    assert (removed.key, removed.title, removed.kind) == ("extra", "另一条", ChangeKind.REMOVED)
    assert [one.name for one in added.fields] == ["clause", "subject", "measure", "threshold"]
    assert [(one.before_text, one.after_text) for one in added.fields[-1:]] == [("", "2天")]
    assert [(one.before_text, one.after_text) for one in removed.fields[-1:]] == [("2天", "")]


def test_a_clause_that_was_reworded_or_placed_elsewhere_is_found() -> None:
    first = Clause("一", "一种说法", Disposition.STRUCTURAL, "台账")
    other = replace(first, paraphrase="另一种说法", disposition=Disposition.NONE, note="")
    old, new = (replace(OLD, clauses=(one, *OLD.clauses)) for one in (first, other))
    part = only(differences(old, new))
    assert (part.section, part.key, part.title) == ("clauses", "一", "另一种说法")
    assert [(one.name, one.before_text, one.after_text) for one in part.fields] == [
        ("paraphrase", "一种说法", "另一种说法"),
        ("disposition", "系统登记", "无具体要求"),
        ("note", "台账", ""),
    ]


def test_a_new_clause_is_told_whole_but_for_what_it_does_not_say() -> None:
    new = replace(OLD, clauses=(*OLD.clauses, Clause("9", "新的", Disposition.NONE, "")))
    part = only(differences(OLD, new))
    assert (part.key, part.kind) == ("9", ChangeKind.ADDED)
    assert part.title == "新的"
    assert [one.name for one in part.fields] == ["disposition"]


def test_lists_change_item_by_item() -> None:
    first = OLD.role_sets[0]
    items = (*first.items[1:], Item("new", "新的"))
    new = replace(OLD, role_sets=(replace(first, items=items), *OLD.role_sets[1:]))
    part = only(differences(OLD, new))
    gone = first.items[0]
    assert (part.section, part.key) == ("role_sets", first.id)
    assert [(one.name, one.before_text, one.after_text) for one in part.fields] == [
        ("items.new", "", "新的"),
        (f"items.{gone.id}", gone.text, ""),
    ]


def test_a_new_list_is_told_with_its_items() -> None:
    listing = Listing("six", "2.1", "六问", (Role.LIAISON_OFFICER,), (Item("help", "问困难"),))
    part = only(differences(OLD, replace(OLD, questions=(*OLD.questions, listing))))
    assert (part.section, part.key, part.kind) == ("questions", "six", ChangeKind.ADDED)
    assert [(one.name, one.after_text) for one in part.fields] == [
        ("clause", "2.1"),
        ("items.help", "问困难"),
    ]


def test_the_document_itself_changes_under_no_key() -> None:
    days = {**OLD.minimum_days}
    days[next(iter(days))] = 10
    part = only(differences(OLD, replace(OLD, title="新名", minimum_days=days)))
    assert (part.section, part.key, part.title) == ("document", "", "新名")
    assert [(one.name, one.after_text) for one in part.fields] == [
        ("title", "新名"),
        ("minimum_days.month", "每月10天"),
    ]


def test_changed_parts_stand_in_the_order_of_the_file_and_gone_ones_last() -> None:
    swapped = (replace(OLD.rules[1], title="乙"), replace(OLD.rules[0], title="甲"))
    new = replace(OLD, rules=(*swapped, *OLD.rules[3:]), issuer="另一个局")
    assert [(part.section, part.key) for part in differences(OLD, new)] == [
        ("document", ""),
        ("rules", OLD.rules[1].id),
        ("rules", OLD.rules[0].id),
        ("rules", OLD.rules[2].id),
    ]


def test_sections_changes_and_fields_have_chinese_names() -> None:
    assert list(LABELS) == list(SECTIONS)
    assert CHANGES.keys() == set(ChangeKind)
    assert field_label("threshold") == "门槛"
    assert field_label("pay.yearly") == "绩效表 yearly"


def test_parameters_are_compared_by_id() -> None:
    old = load_policy("suzhou-2021")
    first = old.parameters[0]
    new = replace(old, parameters=(replace(first, default=Between(1, 2)), *old.parameters[1:]))
    part = only(differences(old, new))
    assert (part.section, part.key, part.fields[0].name) == ("parameters", first.id, "default")


SHIPPED = [load_policy(name) for name in shipped_policies()]


@given(st.sampled_from(SHIPPED), st.sampled_from(SHIPPED))
def test_another_digest_is_another_policy_seen_from_both_sides(one: Policy, other: Policy) -> None:
    forth, back = differences(one, other), differences(other, one)
    assert bool(forth) == (with_digest(one).digest != with_digest(other).digest)
    assert {(part.section, part.key) for part in forth} == {
        (part.section, part.key) for part in back
    }
    assert sum(part.kind is ChangeKind.ADDED for part in forth) == sum(
        part.kind is ChangeKind.REMOVED for part in back
    )
