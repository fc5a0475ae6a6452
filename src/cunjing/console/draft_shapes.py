"""Shapes of trials and versions for templates: bars, lines, pages. No reads of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from cunjing.assessment.collecting import is_collected
from cunjing.assessment.whatif import PeriodTrial, SubjectTrial, Trial
from cunjing.console.templatetags.console import VERDICTS
from cunjing.kernel.paging import nearest_page, page_count
from cunjing.policy.enums import VerdictKind
from cunjing.policy.facets import number_text
from cunjing.policy.model import Rule, ThresholdValue
from cunjing.policy.revision import FIELDS, LABELS, ChangeKind, FieldChange, PartChange
from cunjing.policy.whatif import NewThreshold

PAGE_SIZE = 50
SIGNS = {
    ChangeKind.ADDED: ("＋", "新增", "green"),
    ChangeKind.REMOVED: ("－", "删去", "red"),
    ChangeKind.CHANGED: ("～", "改动", "blue"),
}


@dataclass(frozen=True, slots=True)
class Segment:
    """One verdict in a bar: `start` and `width` in percent of the longest bar of the page."""

    verdict: str
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """The verdicts of one period under one threshold."""

    threshold: str
    segments: Sequence[Segment]

    @property
    def says(self) -> str:
        """The bar in words."""
        return "，".join(f"{_(VERDICTS[one.verdict][0])} {one.count}" for one in self.segments)


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """One period of a trial: before and after as bars of the same scale."""

    trial: PeriodTrial
    before: Bar
    after: Bar


@dataclass(frozen=True, slots=True)
class TrialPage:
    """A trial as a page shows it; `page` starts at 1."""

    trial: Trial
    lines: Sequence[PeriodLine]
    subjects: Sequence[SubjectTrial]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One changed field: its name, the dates it changed for, both sides in words."""

    label: str
    detail: str
    since: date | None
    until: date | None
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PartLines:
    """One changed part with its fields."""

    key: str
    title: str
    kind: ChangeKind
    fields: Sequence[FieldLine]


def triable_rules(rules: Sequence[Rule]) -> list[Rule]:
    """The rules that past months were judged by: those the product has the records for."""
    return [rule for rule in rules if is_collected(rule)]


def trial_page(trial: Trial, *, rule: Rule, threshold: NewThreshold, page: int) -> TrialPage:
    """Bars for every period and one page of what flips."""
    longest = max((sum(one.before.values()) for one in trial.periods), default=0) or 1
    new = number_text(threshold, unit=rule.unit)
    total = len(trial.subjects)
    shown = nearest_page(page, total=total, size=PAGE_SIZE)
    return TrialPage(
        trial=trial,
        lines=[
            PeriodLine(
                trial=one,
                before=_bar(one.before, _number(rule, one.threshold), longest=longest),
                after=_bar(one.after, new, longest=longest),
            )
            for one in trial.periods
        ],
        subjects=trial.subjects[(shown - 1) * PAGE_SIZE : shown * PAGE_SIZE],
        page=shown,
        pages=page_count(total=total, size=PAGE_SIZE),
    )


def changed_sections(changes: Sequence[PartChange]) -> list[tuple[str, list[PartLines]]]:
    """Section names with their changed parts, in the order of a policy file."""
    sections: dict[str, list[PartLines]] = {}
    for part in changes:
        lines = [_field_line(field) for field in part.fields]
        one = PartLines(key=part.key, title=part.title, kind=part.kind, fields=lines)
        sections.setdefault(LABELS[part.section], []).append(one)
    return list(sections.items())


def _bar(counts: Mapping[VerdictKind, int], threshold: str, *, longest: int) -> Bar:
    segments, start = [], 0.0
    for verdict in VERDICTS:
        count = counts.get(VerdictKind(verdict), 0)
        if count:
            width = round(100 * count / longest, 2)
            segments.append(Segment(verdict=verdict, count=count, start=start, width=width))
            start = round(start + width, 2)
    return Bar(threshold=threshold, segments=segments)


def _number(rule: Rule, value: ThresholdValue | None) -> str:
    return "" if value is None else number_text(value, unit=rule.unit)


def _field_line(field: FieldChange) -> FieldLine:
    first, _dot, detail = field.name.partition(".")
    return FieldLine(
        label=FIELDS[first],
        detail=detail,
        since=field.since,
        until=field.until,
        before=field.before_text,
        after=field.after_text,
    )
