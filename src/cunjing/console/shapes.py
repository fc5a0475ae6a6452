"""Shapes of domain reads for templates: aligned rows, chart data. No reads of their own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from cunjing.assessment.matrix import Cell, MatrixPage, Names, RuleCount, RuleHead
from cunjing.assessment.models import RevisionDiff
from cunjing.assessment.revised import ChangedVerdict
from cunjing.console.templatetags.console import VERDICTS, tiles_setting
from cunjing.fieldwork.models import RecordKind
from cunjing.places.models import Village


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """One village with one group of cells for every rule, in the order of the columns."""

    village: Village
    groups: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One changed verdict with its rule's title, the names of what it is about, and why.

    `opens` where its evidence are work records.
    """

    diff: RevisionDiff
    names: Names
    reasons: Sequence[str]
    rule_title: str
    clause: str
    opens: bool


def matrix_rows(page: MatrixPage) -> list[MatrixLine]:
    """The rows of a matrix page, cells aligned with its rules."""
    return [
        MatrixLine(village=row.village, groups=[row.cells.get(rule.id, ()) for rule in page.rules])
        for row in page.rows
    ]


def verdict_totals(counts: Sequence[RuleCount]) -> list[tuple[str, int]]:
    """How many verdicts of each kind there are, in the order of `VERDICTS`, zeros left out."""
    totals = {
        verdict: sum(count.counts.get(verdict, 0) for count in counts) for verdict in VERDICTS
    }
    return [(verdict, total) for verdict, total in totals.items() if total]


def count_chart(counts: Sequence[RuleCount]) -> dict[str, object]:
    """A stacked bar a rule: how many villages or people stand where."""
    return {
        "kind": "rows",
        "categories": [count.rule.title for count in counts],
        "series": [
            {
                "name": _(label),
                "values": [count.counts.get(verdict, 0) for count in counts],
                "tone": colour,
            }
            for verdict, (label, _sign, colour) in VERDICTS.items()
            if any(count.counts.get(verdict) for count in counts)
        ],
    }


def changes(changed: Sequence[ChangedVerdict], *, heads: Sequence[RuleHead]) -> list[DiffLine]:
    """The rows of a revision with what their rules are called."""
    titles: Mapping[str, RuleHead] = {head.id: head for head in heads}
    return [
        DiffLine(
            diff=one.diff,
            names=one.names,
            reasons=one.reasons,
            rule_title=titles[one.diff.rule].title,
            clause=titles[one.diff.rule].clause,
            opens=titles[one.diff.rule].counts_events and bool(one.diff.added or one.diff.removed),
        )
        for one in changed
    ]


def village_places(
    villages: Iterable[Village], *, serving: Mapping[str, Sequence[str]]
) -> dict[str, object] | None:
    """The map of villages that have coordinates; None where none has, so that no map is drawn."""
    places = [
        {
            "latitude": village.latitude,
            "longitude": village.longitude,
            "name": village.name,
            "state": "、".join(serving.get(village.code, ())) or _("没有安排"),
            "tone": "good" if serving.get(village.code) else "plain",
            "href": reverse("village", args=[village.code]),
        }
        for village in villages
        if village.latitude is not None
    ]
    if not places:
        return None
    tiles = tiles_setting()
    return {"places": places, **({"tiles": tiles} if tiles else {})}


def day_chart(
    days: Mapping[date, Mapping[RecordKind, int]], *, first: date, last: date
) -> dict[str, object]:
    """Records a day by kind, from `first` to `last`, days without any as 0."""
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {
        "kind": "stacked-bar",
        "categories": [f"{day:%m-%d}" for day in span],
        "series": [
            {
                "name": _(kind.label),
                "values": [days.get(day, {}).get(kind, 0) for day in span],
            }
            for kind in RecordKind
            if any(kind in counts for counts in days.values())
        ],
        "unit": _("条"),
    }
