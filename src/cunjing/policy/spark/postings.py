"""Measures of work and of postings: events, coverage, home, tenure, training."""

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from cunjing.policy.measures import EventMeasure, HomeRelation, HomeViolation, Tally
from cunjing.policy.spark.functions import NOTHING, union
from cunjing.policy.spark.look import month_number
from cunjing.policy.spark.part import SUBJECT, Part, with_evidence

_COLUMN = {
    Tally.COUNT: "n",
    Tally.DISTINCT_DAYS: "days",
    Tally.DISTINCT_OBJECTS: "objects",
    Tally.LACKING: "missing",
}
_TOWNSHIP_DIGITS = 9


def events(part: Part) -> ir.Table:
    """EventMeasure."""
    asked = part.asked(
        {"source": "int64", "tally": "string"},
        lambda rule, measure: {
            "source": part.events.source_of(rule),
            "tally": _column(measure),
        },
    )
    subjects = part.subjects_with(asked)
    total = part.events.total.rename(of_subject="subject")
    joined = subjects.left_join(
        total, [subjects.source == total.source_id, subjects.subject == total.of_subject]
    )
    names = sorted({_column(rule.measure) for rule in part.rules})
    value = ibis.cases(*((joined.tally == name, joined[name].cast("int64")) for name in names))
    return joined.select(
        *SUBJECT,
        "ids",
        value=value.fill_null(0),
        evidence_count=joined.n.fill_null(0),
        evidence_digest=joined.digest.fill_null(NOTHING),
    )


def _column(measure: object) -> str:
    """The column of the total that a tally is; sub-periods have one by their own name."""
    if not isinstance(measure, EventMeasure):
        raise TypeError(measure)
    return _COLUMN.get(measure.tally) or str(measure.sub_period)


def posting_count(part: Part) -> ir.Table:
    """PostingCount."""
    roles = part.asked(
        {"role": "string"},
        lambda rule, _: [{"role": role.value} for role in sorted(set(rule.subject.roles))],
    )
    spans = part.ground.postings
    posted = spans.filter(spans.on_day).inner_join(roles, "role")
    found = posted.group_by(of_rule="asked_id", of_subject="village_code").agg(
        value=posted.count(), ids=posted.posting_id.collect()
    )
    return with_evidence(part.with_found(found))


def home_violation(part: Part) -> ir.Table:
    """HomeViolation."""
    asked = part.asked(
        {"relation": "string"}, lambda _, measure: {"relation": measure.relation.value}
    )
    staff = part.ground.views.fact("staff").select(own_id="staff_id", home="home_village_code")
    homes = part.ground.townships
    villages = homes.rename(town_code="home_code", village_township="township_code")
    posted = part.subjects_with(asked).inner_join(staff, [("staff_id", "own_id")])
    placed = posted.left_join(homes, posted.home == homes.home_code)
    placed = placed.left_join(villages, placed.village_code == villages.town_code)
    placed = placed.mutate(
        home_town=ibis.coalesce(placed.township_code, placed.home.left(_TOWNSHIP_DIGITS)),
        village_town=ibis.coalesce(
            placed.village_township, placed.village_code.left(_TOWNSHIP_DIGITS)
        ),
    )
    if any(_relation(rule.measure) is HomeRelation.NEAR for rule in part.rules):
        beside = _neighbours(part)
        placed = placed.left_join(
            beside, [placed.home_town == beside.one, placed.village_town == beside.other]
        )
        near = (placed.home_town == placed.village_town) | placed.one.notnull()
    else:
        near = ibis.literal(False)
    kept = {
        HomeRelation.SAME: placed.home == placed.village_code,
        HomeRelation.DIFFERENT: placed.home != placed.village_code,
        HomeRelation.NEAR: near,
    }
    holds = ibis.cases(*((placed.relation == name.value, test) for name, test in kept.items()))
    value = ibis.ifelse(placed.home.isnull(), ibis.null("int64"), (~holds).cast("int64"))
    return _resting_on_itself(placed.mutate(value=value))


def _relation(measure: object) -> HomeRelation | None:
    return measure.relation if isinstance(measure, HomeViolation) else None


def _neighbours(part: Part) -> ir.Table:
    """one, other: adjacent townships, each pair both ways."""
    pairs = part.ground.views.fact("township_adjacency")
    there = pairs.select(one="township_code", other="adjacent_code")
    back = pairs.select(one="adjacent_code", other="township_code")
    return union([there, back]).distinct()


def tenure_months(part: Part) -> ir.Table:
    """TenureMonths."""
    after = part.ground.look.day + timedelta(days=1)
    tenures = part.ground.tenures
    held = part.subjects.inner_join(tenures, part.subjects.subject == tenures.posting_id)
    since = held.tenure_from
    months = month_number(after) - (since.year() * 12 + since.month())
    begun = (since.day() > after.day).cast("int64")
    return _resting_on_itself(held.mutate(value=months.cast("int64") - begun))


def untrained_violation(part: Part) -> ir.Table:
    """UntrainedViolation."""
    tenures = part.ground.tenures
    staff = part.ground.views.fact("staff").select("trained_on", own_id="staff_id")
    held = part.subjects.inner_join(tenures, part.subjects.subject == tenures.posting_id)
    held = held.inner_join(staff, held.staff_id == staff.own_id)
    untrained = held.trained_on.isnull() | (held.trained_on >= held.tenure_from)
    return _resting_on_itself(held.mutate(value=untrained.cast("int64")))


def _resting_on_itself(measured: ir.Table) -> ir.Table:
    """The posting is its own evidence."""
    return with_evidence(measured.mutate(ids=ibis.array([measured.subject])))
