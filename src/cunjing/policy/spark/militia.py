"""Measures of groups and of those who belong to them: sizes, ages, hamlets."""

import ibis.expr.types as ir

from cunjing.policy.measures import AgeViolations, HamletViolations
from cunjing.policy.spark.look import month_number
from cunjing.policy.spark.part import Part, with_evidence


def group_count(part: Part) -> ir.Table:
    """GroupCount."""
    asked = _kinds(part)
    seated = part.trees.seated
    there = seated.inner_join(asked, seated.kind == asked.group_kind)
    found = there.group_by(of_rule="asked_id", of_subject="village_code").agg(
        value=there.count(), ids=there.group_id.collect()
    )
    return with_evidence(part.with_found(found))


def member_count(part: Part) -> ir.Table:
    """MemberCount."""
    within = _members(part)
    found = within.group_by(of_rule="rule_id", of_subject="subject").agg(
        value=within.person_id.nunique(), ids=within.member_id.collect()
    )
    return with_evidence(part.with_found(found))


def subgroup_count(part: Part) -> ir.Table:
    """SubgroupCount."""
    subjects = part.subjects_with(_kinds(part))
    branching = part.trees.branching
    below = subjects.inner_join(
        branching,
        [
            subjects.subject == branching.root,
            subjects.group_kind == branching.kind,
            subjects.subject != branching.group_id,
        ],
    )
    found = below.group_by(of_rule="rule_id", of_subject="subject").agg(
        value=below.count(), ids=below.group_id.collect()
    )
    return with_evidence(part.with_found(found))


def age_violations(part: Part) -> ir.Table:
    """AgeViolations. Months against whole years, so that nothing is divided."""

    def bounds(_: object, measure: AgeViolations) -> dict[str, int]:
        return {"youngest": measure.low * 12, "too_old": (measure.high + 1) * 12}

    asked = part.asked({"youngest": "int64", "too_old": "int64"}, bounds)
    within = _members(part).inner_join(asked, [("rule_id", "asked_id")])
    year = within.birth_month.substr(0, 4).cast("int64")
    month = within.birth_month.substr(5, 2).cast("int64")
    age = month_number(part.ground.look.day) - (year * 12 + month)
    outside = within.filter((age < within.youngest) | (age >= within.too_old))
    found = outside.group_by(of_rule="rule_id", of_subject="subject").agg(
        value=outside.person_id.nunique(), ids=outside.member_id.collect()
    )
    return with_evidence(part.with_found(found))


def hamlet_violations(part: Part) -> ir.Table:
    """HamletViolations."""

    def bounds(_: object, measure: HamletViolations) -> dict[str, str | int]:
        return {"group_kind": measure.group_kind.value, "low": measure.low, "high": measure.high}

    asked = part.asked({"group_kind": "string", "low": "int64", "high": "int64"}, bounds)
    lived = _hamlets(part, part.subjects_with(asked))
    each = lived.group_by("rule_id", "subject", "hamlet_id", "low", "high").agg(
        people=lived.person_id.nunique(), members=lived.member_id.collect(distinct=True)
    )
    wrong = ((each.people < each.low) | (each.people > each.high)).cast("int64")
    found = (
        each.mutate(wrong=wrong)
        .group_by(of_rule="rule_id", of_subject="subject")
        .agg(value=lambda t: t.wrong.sum(), ids=lambda t: t.members.collect().flatten())
    )
    subjects = part.subjects
    joined = subjects.inner_join(
        found, [subjects.rule_id == found.of_rule, subjects.subject == found.of_subject]
    )
    return with_evidence(joined)


def _hamlets(part: Part, subjects: ir.Table) -> ir.Table:
    """The villages that have such a group, with each hamlet and whoever of the groups is of it."""
    seated, belonging = part.trees.seated, part.trees.belonging
    militia = seated.inner_join(belonging, seated.group_id == belonging.root).select(
        "member_id",
        "person_id",
        group_kind="kind",
        their_village="village_code",
        their_hamlet="hamlet_id",
    )
    hamlets = part.ground.views.fact("hamlets").select("hamlet_id", hamlet_village="village_code")
    with_group = subjects.semi_join(
        seated, [subjects.subject == seated.village_code, subjects.group_kind == seated.kind]
    )
    places = with_group.inner_join(hamlets, with_group.subject == hamlets.hamlet_village)
    return places.left_join(
        militia,
        [
            places.subject == militia.their_village,
            places.hamlet_id == militia.their_hamlet,
            places.group_kind == militia.group_kind,
        ],
    )


def _kinds(part: Part) -> ir.Table:
    return part.asked(
        {"group_kind": "string"}, lambda _, measure: {"group_kind": measure.group_kind.value}
    )


def _members(part: Part) -> ir.Table:
    """The subjects, each with every member in its tree."""
    belonging = part.trees.belonging
    return part.subjects.inner_join(belonging, part.subjects.subject == belonging.root)
