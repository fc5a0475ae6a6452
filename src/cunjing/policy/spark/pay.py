"""Measures of marks and money. Sums in integers; a mean is never formed."""

import ibis
import ibis.expr.types as ir

from cunjing.policy.measures import MOST_PERCENT, MarkValue, MoneyRatio, MoneyValue
from cunjing.policy.spark.functions import union, whole_quotient, wide
from cunjing.policy.spark.part import SUBJECT, Part, with_evidence

_WHOSE = ("rule_id", "subject")


def mark_value(part: Part) -> ir.Table:
    """MarkValue; null without a mark."""

    def scale(_: object, measure: MarkValue) -> list[dict[str, str | int]]:
        return [
            {"item": measure.item, "mark": mark, "number": number}
            for mark, number in measure.scale.items()
        ]

    asked = part.asked({"item": "string", "mark": "string", "number": "int64"}, scale)
    marks = _of_period(part, "marks")
    subjects = part.subjects
    marked = subjects.inner_join(marks, subjects.subject == marks.subject_id)
    found = marked.inner_join(
        asked,
        [
            marked.rule_id == asked.asked_id,
            marked.item == asked.item,
            marked.value == asked.mark,
        ],
    ).select(of_rule="rule_id", of_subject="subject", number="number")
    return _resting_on_nothing(part, found)


def money_value(part: Part) -> ir.Table:
    """MoneyValue; where nothing was paid 0 with a grade to pay by, else null."""

    def items(_: object, measure: MoneyValue) -> dict[str, str | int | None]:
        return {"wanted": measure.item, "unpaid": 0 if measure.grade_item else None}

    asked = part.asked({"wanted": "string", "unpaid": "int64"}, items)
    subjects = part.subjects_with(asked)
    money = _of_period(part, "money")
    paid = subjects.left_join(
        money, [subjects.subject == money.subject_id, subjects.wanted == money.item]
    )
    number = ibis.coalesce(paid.fen, paid.unpaid)
    found = paid.select(of_rule="rule_id", of_subject="subject", number=number)
    return _resting_on_nothing(part, found)


def money_ratio(part: Part) -> ir.Table:
    """MoneyRatio; null where either mean is missing or the villages' sum is not above 0."""

    def items(_: object, measure: MoneyRatio) -> dict[str, str]:
        return {"staff_item": measure.staff_item, "village_item": measure.village_item}

    asked = part.asked({"staff_item": "string", "village_item": "string"}, items)
    served = _served(part)
    people = _sums(part, _employed(part, served), asked, item="staff_item", who="staff_id")
    villages = _sums(part, served, asked, item="village_item", who="village_code")
    both = people.inner_join(villages, ["of_rule", "of_subject"])
    both = both.filter(both.fen_right > 0)
    number = whole_quotient(
        wide(ibis.literal(100)) * both.fen * wide(both.heads_right),
        both.fen_right * wide(both.heads),
        within=MOST_PERCENT,
    )
    return _resting_on_nothing(part, both.select("of_rule", "of_subject", number=number))


def _served(part: Part) -> ir.Table:
    """rule_id, subject, village_code: what the unit answers for on the period's last day."""
    last_day = ibis.literal(part.ground.look.period.last_day)
    units = part.subjects.select("rule_id", "subject")
    acted = units.select(unit_code="subject", local_date=last_day).distinct()
    answering = part.ground.answering_on(acted)
    return units.inner_join(answering, units.subject == answering.unit_code).select(
        "rule_id", "subject", "village_code"
    )


def _employed(part: Part, served: ir.Table) -> ir.Table:
    """rule_id, subject, staff_id: of the rule's roles, posted in those villages in the period, or
    employed by the unit or one whose division lies within its own."""
    roles = part.asked(
        {"role": "string"},
        lambda rule, _: [{"role": role.value} for role in sorted(set(rule.subject.roles))],
        name="role",
    )
    views, spans = part.ground.views, part.ground.postings
    spans = spans.filter(spans.available.notnull())
    posted = (
        served.inner_join(roles, served.rule_id == roles.asked_id)
        .inner_join(spans, ["village_code", "role"])
        .select(*_WHOSE, "staff_id")
    )
    units = views.fact("units").select(own_unit="unit_code", own_division="division_code")
    subjects = part.subjects_with(roles).select(*_WHOSE, "role")
    subjects = subjects.inner_join(units, subjects.subject == units.own_unit)
    employers = units.rename(their_unit="own_unit", their_division="own_division")
    staff = views.fact("staff").select("staff_id", "role", staff_unit="unit_code")
    staff = staff.left_join(employers, staff.staff_unit == employers.their_unit)
    met = subjects.inner_join(staff, "role")
    own = met.staff_unit == met.subject
    within = met.their_division.startswith(met.own_division)
    employed = met.filter(own | within).select(*_WHOSE, "staff_id")
    return union([posted, employed]).distinct()


def _sums(part: Part, whose: ir.Table, asked: ir.Table, *, item: str, who: str) -> ir.Table:
    """of_rule, of_subject, fen, heads: the sum of an item, and of how many."""
    money = _of_period(part, "money")
    wanted = whose.inner_join(asked, whose.rule_id == asked.asked_id)
    paid = wanted.inner_join(money, [wanted[who] == money.subject_id, wanted[item] == money.item])
    return paid.group_by(of_rule="rule_id", of_subject="subject").agg(
        fen=wide(paid.fen).sum(), heads=paid.count()
    )


def _of_period(part: Part, table: str) -> ir.Table:
    rows = part.ground.views.fact(table)
    return rows.filter(rows.period == part.ground.look.period.text).drop("period")


def _resting_on_nothing(part: Part, found: ir.Table) -> ir.Table:
    """The subjects with their number, null where there is none; no evidence."""
    subjects = part.subjects
    joined = subjects.left_join(
        found, [subjects.rule_id == found.of_rule, subjects.subject == found.of_subject]
    )
    ids = ibis.null("array<string>")
    return with_evidence(joined.select(*SUBJECT, value=joined.number, ids=ids))
