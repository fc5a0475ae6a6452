"""Stage 1: from records to the state, one row per subject, source of events and month.

A source is what a rule asks of events: for which kind of subject, which kind and subkinds, what
may be lacking. Rules that ask the same share one.
"""

from collections.abc import Sequence
from functools import cached_property

import ibis
import ibis.expr.types as ir

from cunjing.policy.enums import EventKind, SubjectKind
from cunjing.policy.measures import EventMeasure, Tally
from cunjing.policy.model import Rule
from cunjing.policy.periods import SubPeriodKind
from cunjing.policy.spark.functions import bit_count, bit_or, digest, union
from cunjing.policy.spark.ground import Ground
from cunjing.policy.spark.look import day_masks
from cunjing.policy.spark.views import Row

_NAME_A_PERIOD = (EventKind.REPORT, EventKind.SUMMARY, EventKind.MEETING)
_SOURCE = {
    "source_id": "int64",
    "subject_kind": "string",
    "wanted_kind": "string",
    "wanted_subkind": "string",
    "lacking": "string",
    "keeps_objects": "boolean",
}
_Key = tuple[SubjectKind, EventKind, frozenset[str], str | None, bool]


class Events:
    """The events the rules ask for. `around` also reads those near the period, to explain."""

    def __init__(self, *, ground: Ground, rules: Sequence[Rule], around: bool) -> None:
        self._ground = ground
        self._around = around
        self._keys: dict[_Key, int] = {}
        for rule in rules:
            if isinstance(rule.measure, EventMeasure):
                self._keys.setdefault(_key(rule), len(self._keys))

    def source_of(self, rule: Rule) -> int:
        """The number of the rule's source."""
        return self._keys[_key(rule)]

    @cached_property
    def read(self) -> ir.Table:
        """Every event with each source that asks for it, and what watermark and period say of it:
        is_void, is_late, in_period."""
        look = self._ground.look
        sources, events = self._sources, self._scanned
        asked = events.inner_join(
            sources,
            [
                events.kind == sources.wanted_kind,
                sources.wanted_subkind.isnull() | (events.subkind == sources.wanted_subkind),
            ],
        )
        received = ibis.coalesce(asked.received_at, asked.occurred_at)
        voided = asked.voided_at.isnull() | (asked.voided_at <= look.as_of)
        dated = (asked.local_date >= look.period.start) & (asked.local_date < look.period.end)
        names_one = asked.kind.isin(_NAME_A_PERIOD) & asked.for_period.notnull()
        return asked.mutate(
            is_void=asked.void.fill_null(False) & voided,
            is_late=ibis.ifelse(
                received.isnull(), asked.local_date > look.as_of_day, received > look.as_of
            ),
            in_period=ibis.ifelse(names_one, asked.for_period.isin(look.names_within()), dated),
        )

    @cached_property
    def answering(self) -> ir.Table:
        """unit_code, local_date, village_code: whom units answered for when they named nobody."""
        read = self.read
        nameless = read.filter(
            read.subject_kind == SubjectKind.VILLAGE,
            read.village_code.isnull(),
            read.unit_code.notnull(),
        )
        return self._ground.answering_on(nameless.select("unit_code", "local_date").distinct())

    def concerning(self, kind: SubjectKind, read: ir.Table) -> ir.Table:
        """The events of `read` with the subjects of one kind they are about."""
        own = read.filter(read.subject_kind == kind)
        if kind is SubjectKind.POSTING:
            spans = self._ground.postings.select(
                "valid_from",
                "open_to",
                subject="posting_id",
                post_village="village_code",
                post_staff="staff_id",
            )
            return own.inner_join(
                spans,
                [
                    own.village_code == spans.post_village,
                    own.staff_id == spans.post_staff,
                    own.local_date >= spans.valid_from,
                    own.local_date < spans.open_to,
                ],
            ).select(*own.columns, "subject")
        if kind is SubjectKind.UNIT:
            return own.filter(own.unit_code.notnull()).mutate(subject=own.unit_code)
        answering = self.answering.rename(subject="village_code")
        nameless = own.filter(own.village_code.isnull())
        return union(
            [
                own.filter(own.village_code.notnull()).mutate(subject=own.village_code),
                nameless.inner_join(answering, ["unit_code", "local_date"]).select(
                    *own.columns, "subject"
                ),
            ]
        )

    @cached_property
    def state(self) -> ir.Table:
        """source_id, subject, month; n, missing, day_mask, objects, ids. Rows of one key merge by
        adding n and missing, or-ing day_mask and joining the lists."""
        read = self.read
        hit = read.filter(read.in_period, ~read.is_void, ~read.is_late)
        kinds = sorted({key[0] for key in self._keys})
        credited = union(self.concerning(kind, hit) for kind in kinds)
        day = credited.local_date.day().cast("int64") - 1
        lacks = [
            (credited.lacking == name, credited[name].isnull().cast("int64"))
            for name in sorted({key[3] for key in self._keys if key[3] is not None})
        ]
        kept = ibis.ifelse(credited.keeps_objects, credited.object_id, ibis.null("string"))
        month = credited.local_date.year() * 12 + credited.local_date.month()
        seen = credited.mutate(
            month=month.cast("int64"),
            day_bit=ibis.literal(1, type="int64") << day,
            lack=ibis.cases(*lacks, else_=0) if lacks else ibis.literal(0),
            kept=kept,
        )
        return seen.group_by("source_id", "subject", "month").agg(
            n=seen.count(),
            missing=seen.lack.sum(),
            day_mask=bit_or(seen.day_bit),
            objects=seen.kept.collect(distinct=True),
            ids=seen.event_id.collect(),
        )

    @cached_property
    def total(self) -> ir.Table:
        """The state of the whole period: source_id, subject; a column per tally; n, digest, ids.

        An event that names its period may lie outside it; parts of the period count within.
        """
        first, last = self._ground.look.months
        state = self.state
        within = state.month.between(first, last)
        parts = {
            kind.value: sum(
                ((state.day_mask & mask) != 0).cast("int64") for mask in day_masks(kind)
            )
            for kind in SubPeriodKind
        }
        merged = state.group_by("source_id", "subject").agg(
            n=state.n.sum(),
            missing=state.missing.sum(),
            days=bit_count(state.day_mask).sum(),
            objects=state.objects.collect().flatten().unique().length(),
            ids=state.ids.collect().flatten().sort(),
            **{name: part.sum(where=within).fill_null(0) for name, part in parts.items()},
        )
        return merged.mutate(digest=digest(merged.ids))

    @cached_property
    def _scanned(self) -> ir.Table:
        """The events read: of the kinds asked for, near the period unless they may name it."""
        kinds = sorted({key[1] for key in self._keys})
        events = self._ground.views.fact("events")
        events = events.filter(events.kind.isin(kinds))
        if not set(kinds).isdisjoint(_NAME_A_PERIOD):
            return events
        period = self._ground.look.period
        start, end = self._ground.look.window if self._around else (period.start, period.end)
        return events.filter(events.local_date >= start, events.local_date < end)

    @cached_property
    def _sources(self) -> ir.Table:
        rows: list[Row] = []
        for (subject, kind, subkinds, lacking, keeps_objects), number in self._keys.items():
            row: Row = {
                "source_id": number,
                "subject_kind": subject.value,
                "wanted_kind": kind.value,
                "lacking": lacking,
                "keeps_objects": keeps_objects,
            }
            rows += [{**row, "wanted_subkind": name} for name in sorted(subkinds)] or [row]
        return self._ground.views.rows("source", _SOURCE, rows)


def _key(rule: Rule) -> _Key:
    measure = rule.measure
    if not isinstance(measure, EventMeasure):
        raise TypeError(rule.id)
    keeps_objects = measure.tally is Tally.DISTINCT_OBJECTS
    subkinds = frozenset(measure.event.subkinds)
    return rule.subject.kind, measure.event.kind, subkinds, measure.lacking, keeps_objects
