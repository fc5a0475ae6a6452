"""Measures of posts: who holds them in companies and Party branches."""

import ibis
import ibis.expr.types as ir

from cunjing.policy.measures import CommitteeViolations, PairViolations, PostViolations
from cunjing.policy.spark.functions import union
from cunjing.policy.spark.part import Part, with_evidence

_WHOSE = {"of_rule": "rule_id", "of_subject": "subject"}


def post_violations(part: Part) -> ir.Table:
    """PostViolations: for each group that calls for a holder how far from one; and holders in no
    such group."""

    def posts(_: object, measure: PostViolations) -> list[dict[str, str]]:
        return [
            {"asked_post": asked.post.value, "called_kind": asked.group_kind.value}
            for asked in measure.posts
        ]

    asked = part.subjects_with(part.asked({"asked_post": "string", "called_kind": "string"}, posts))
    belonging = part.trees.belonging
    held = asked.inner_join(
        belonging, [asked.subject == belonging.root, asked.asked_post == belonging.post]
    )
    missing = _missing(part, asked, held)
    value = missing.group_by("of_rule", "of_subject").agg(value=missing.gap.sum())
    ids = held.group_by(**_WHOSE).agg(ids=held.member_id.collect(distinct=True))
    both = value.outer_join(ids, ["of_rule", "of_subject"])
    found = both.select(
        "value",
        "ids",
        of_rule=ibis.coalesce(both.of_rule, both.of_rule_right),
        of_subject=ibis.coalesce(both.of_subject, both.of_subject_right),
    )
    return with_evidence(part.with_found(found))


def _missing(part: Part, asked: ir.Table, held: ir.Table) -> ir.Table:
    """of_rule, of_subject, gap: a row for each group that calls for a holder, for each stray."""
    branching, belonging = part.trees.branching, part.trees.belonging
    seat = ("rule_id", "subject", "asked_post", "called_kind")
    called = asked.inner_join(
        branching, [asked.subject == branching.root, asked.called_kind == branching.kind]
    ).select(*seat, called="group_id")
    sitting = called.left_join(
        belonging, [called.called == belonging.root, called.asked_post == belonging.post]
    )
    each = sitting.group_by(*seat, "called").agg(holders=sitting.person_id.nunique())
    strays = held.anti_join(sitting, [*seat, "person_id"]).select(*seat, "person_id").distinct()
    return union(
        [
            each.select(**_WHOSE, gap=(each.holders - 1).abs()),
            strays.select(**_WHOSE, gap=ibis.literal(1, type="int64")),
        ]
    )


def pair_violations(part: Part) -> ir.Table:
    """PairViolations: pairs of posts nobody holds both of."""

    def pairs(_: object, measure: PairViolations) -> list[dict[str, str]]:
        kind = measure.group_kind.value
        return [
            {"asked_post": pair.post.value, "same_as": pair.same_as.value, "other_kind": kind}
            for pair in measure.pairs
        ]

    columns = {"asked_post": "string", "same_as": "string", "other_kind": "string"}
    asked = part.subjects_with(part.asked(columns, pairs))
    belonging, others = part.trees.belonging, _holders_by_village(part)
    held = asked.left_join(
        belonging, [asked.subject == belonging.root, asked.asked_post == belonging.post]
    ).select(*asked.columns, "member_id", "person_id")
    paired = held.left_join(
        others,
        [
            held.village_code == others.held_village,
            held.other_kind == others.held_kind,
            held.same_as == others.held_post,
            held.person_id == others.holder,
        ],
    )
    each = paired.group_by("rule_id", "subject", "asked_post", "same_as").agg(
        met=paired.holder.count(), members=paired.member_id.collect(distinct=True)
    )
    found = (
        each.mutate(unmet=(each.met == 0).cast("int64"))
        .group_by(**_WHOSE)
        .agg(value=lambda t: t.unmet.sum(), ids=lambda t: t.members.collect().flatten().unique())
    )
    return with_evidence(part.with_found(found))


def _holders_by_village(part: Part) -> ir.Table:
    """held_village, held_kind, held_post, holder: who holds what in the groups of a village."""
    seated, belonging = part.trees.seated, part.trees.belonging
    return (
        seated.inner_join(belonging, seated.group_id == belonging.root)
        .select(held_village="village_code", held_kind="kind", held_post="post", holder="person_id")
        .distinct()
    )


def committee_violations(part: Part) -> ir.Table:
    """CommitteeViolations: Party members posted there without a seat."""

    def posts(_: object, measure: CommitteeViolations) -> list[dict[str, str]]:
        return [{"asked_post": post.value} for post in measure.posts]

    roles = part.asked(
        {"role": "string"},
        lambda rule, _: [{"role": role.value} for role in sorted(set(rule.subject.roles))],
        name="role",
    )
    seats = part.subjects_with(part.asked({"asked_post": "string"}, posts))
    belonging = part.trees.belonging
    seated = (
        seats.inner_join(
            belonging, [seats.subject == belonging.root, seats.asked_post == belonging.post]
        )
        .select(seat_rule="rule_id", seat_subject="subject", seat_person="person_id")
        .distinct()
    )
    officers = _party_members(part, part.subjects_with(roles))
    met = officers.left_join(
        seated,
        [
            officers.rule_id == seated.seat_rule,
            officers.subject == seated.seat_subject,
            officers.officer_id == seated.seat_person,
        ],
    )
    found = met.group_by(**_WHOSE).agg(
        value=met.officer_id.nunique(where=met.seat_person.isnull()),
        ids=met.posting_id.collect(distinct=True),
    )
    return with_evidence(part.with_found(found))


def _party_members(part: Part, wanted: ir.Table) -> ir.Table:
    """rule_id, subject, posting_id, officer_id: posted in the group's village that day."""
    spans, staff = part.ground.postings, part.ground.views.fact("staff")
    posted = (
        spans.filter(spans.on_day)
        .semi_join(staff.filter(staff.party_member), "staff_id")
        .select(
            "posting_id", officer_id="staff_id", posted_role="role", posted_village="village_code"
        )
    )
    return (
        wanted.inner_join(
            posted,
            [wanted.role == posted.posted_role, wanted.village_code == posted.posted_village],
        )
        .select("rule_id", "subject", "posting_id", "officer_id")
        .distinct()
    )
