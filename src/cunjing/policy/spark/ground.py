"""What the rules stand on: postings, villages and groups against the period and the day looked at.

Each table is an expression, made when first asked for.
"""

from datetime import date
from functools import cached_property

import ibis
import ibis.expr.types as ir

from cunjing.policy.spark.functions import holds_on, union
from cunjing.policy.spark.look import FOREVER, Look
from cunjing.policy.spark.views import Views

_LONGEST_PREFIX = 12


class Ground:
    """The facts seen from one period and watermark; only tables that are asked for are read."""

    def __init__(self, *, views: Views, look: Look) -> None:
        self.views = views
        self.look = look

    @cached_property
    def postings(self) -> ir.Table:
        """Postings: posting_id, village_code, staff_id, role, valid_from, open_to (no open end),
        on_day (valid on the day looked at), available (days of posting in the period less the
        union of absences; null without a day in the period)."""
        spanned = self._spanned
        absent = self._absent_days
        days = spanned.day_to.delta(spanned.day_from, unit="day")
        joined = spanned.left_join(absent, spanned.posting_id == absent.absent_id)
        return joined.select(
            "posting_id",
            "village_code",
            "staff_id",
            "role",
            "valid_from",
            "open_to",
            on_day=holds_on(start=spanned.valid_from, end=spanned.open_to, day=self.look.day),
            available=ibis.ifelse(
                spanned.day_from < spanned.day_to,
                days.cast("int64") - absent.absent_days.fill_null(0),
                ibis.null("int64"),
            ),
        )

    @cached_property
    def _spanned(self) -> ir.Table:
        period = self.look.period
        postings = self.views.fact("postings")
        opened = postings.mutate(open_to=postings.valid_to.fill_null(FOREVER))
        return opened.mutate(
            day_from=ibis.greatest(opened.valid_from, _day(period.start)),
            day_to=ibis.least(opened.open_to, _day(period.end)),
        )

    @property
    def _absent_days(self) -> ir.Table:
        """Days of the union of each posting's absences: absences in order, each less what the
        ones before it have covered."""
        spanned, absences = self._spanned, self.views.fact("absences")
        clipped = spanned.inner_join(
            absences,
            [
                spanned.staff_id == absences.staff_id,
                absences.date_from < spanned.day_to,
                absences.date_to > spanned.day_from,
                spanned.day_from < spanned.day_to,
            ],
        ).select(
            absent_id=spanned.posting_id,
            gone_from=ibis.greatest(absences.date_from, spanned.day_from),
            gone_to=ibis.least(absences.date_to, spanned.day_to),
        )
        earlier = ibis.window(
            group_by="absent_id", order_by=["gone_from", "gone_to"], preceding=(None, 1)
        )
        swept = clipped.mutate(covered_to=clipped.gone_to.max().over(earlier))
        first_new = ibis.greatest(swept.gone_from, swept.covered_to)
        fresh = swept.mutate(
            days=ibis.greatest(swept.gone_to.delta(first_new, unit="day").cast("int64"), 0)
        )
        return fresh.group_by("absent_id").agg(absent_days=fresh.days.sum())

    @cached_property
    def tenures(self) -> ir.Table:
        """posting_id, tenure_from: the start of the chain of touching postings of one person in
        one village and role."""
        spans = self.postings
        chain, order = ["staff_id", "village_code", "role"], ["valid_from", "posting_id"]
        earlier = ibis.window(group_by=chain, order_by=order, preceding=(None, 1))
        so_far = ibis.window(group_by=chain, order_by=order, preceding=(None, 0))
        held = spans.mutate(held_to=spans.open_to.max().over(earlier))
        begins = held.held_to.isnull() | (held.held_to < held.valid_from)
        marked = held.mutate(begun=ibis.ifelse(begins, held.valid_from, ibis.null("date")))
        return marked.select("posting_id", tenure_from=marked.begun.max().over(so_far))

    @cached_property
    def villages(self) -> ir.Table:
        """village_code, on_day, in_period: a row of the village is valid on the day looked at, on
        some day of the period."""
        rows, period = self.views.fact("villages"), self.look.period
        first = ibis.greatest(rows.valid_from, _day(period.start))
        last = ibis.least(rows.valid_to, _day(period.end))
        dated = rows.mutate(
            is_on_day=holds_on(start=rows.valid_from, end=rows.valid_to, day=self.look.day),
            is_in_period=first < last,
        )
        return dated.group_by("village_code").agg(
            on_day=dated.is_on_day.any(), in_period=dated.is_in_period.any()
        )

    @cached_property
    def townships(self) -> ir.Table:
        """home_code, township_code: of the village's version valid on the day looked at, else of
        any; the lowest. Null where the facts do not say."""
        rows = self.views.fact("villages")
        now = holds_on(start=rows.valid_from, end=rows.valid_to, day=self.look.day)
        return (
            rows.mutate(now_code=ibis.ifelse(now, rows.township_code, ibis.null("string")))
            .group_by(home_code="village_code")
            .agg(township_code=lambda t: ibis.coalesce(t.now_code.min(), t.township_code.min()))
        )

    @cached_property
    def answering(self) -> ir.Table:
        """unit_code, kind, valid_from, valid_to, village_code, named: which villages a unit may
        answer for. Named in `village_units` (then with dates), or by the prefix of its division."""
        named, units = self.views.fact("village_units"), self.views.fact("units")
        codes = self.views.fact("villages").select("village_code").distinct()
        lengths = range(1, _LONGEST_PREFIX + 1)
        prefixes = codes.mutate(
            prefix=ibis.array([codes.village_code.left(length) for length in lengths]).unnest()
        )
        by_name = named.left_join(units, named.unit_code == units.unit_code).select(
            unit_code=named.unit_code,
            kind=units.kind,
            valid_from=named.valid_from,
            valid_to=named.valid_to,
            village_code=named.village_code,
            named=ibis.literal(True),
        )
        by_prefix = units.inner_join(prefixes, units.division_code == prefixes.prefix).select(
            unit_code=units.unit_code,
            kind=units.kind,
            valid_from=ibis.null("date"),
            valid_to=ibis.null("date"),
            village_code=prefixes.village_code,
            named=ibis.literal(False),
        )
        return union([by_name, by_prefix])

    def answering_on(self, acted: ir.Table) -> ir.Table:
        """unit_code, local_date, village_code: for units and days of `acted`, which villages the
        unit answers for that day. A unit named for a village that day replaces the prefix for
        units of its kind."""
        answering = self.answering
        met = acted.inner_join(answering, "unit_code")
        held = met.filter(holds_on(start=met.valid_from, end=met.valid_to, day=met.local_date))
        prefixed, named = held.filter(~held.named), answering.filter(answering.named).view()
        replaced = prefixed.anti_join(
            named,
            [
                prefixed.village_code == named.village_code,
                prefixed.kind == named.kind,
                holds_on(start=named.valid_from, end=named.valid_to, day=prefixed.local_date),
            ],
        )
        columns = ["unit_code", "local_date", "village_code"]
        return union([held.filter(held.named).select(columns), replaced.select(columns)]).distinct()


def _day(day: date) -> ir.Value:
    return ibis.literal(day)
