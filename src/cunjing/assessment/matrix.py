"""The matrix of a run: villages by rules, counts per rule, one village's or one officer's rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from cunjing.assessment.access import (
    holds_whole,
    own_results,
    readable_run,
    reading,
    results_for,
    results_of,
)
from cunjing.assessment.models import Result, RevisionDiff, Run
from cunjing.assessment.revisions import question_of
from cunjing.assessment.storage import kept_policy
from cunjing.kernel.access import Actor
from cunjing.kernel.paging import nearest_page, page_count
from cunjing.places.models import Unit, Village, VillageUnit
from cunjing.policy.enums import SubjectKind, VerdictKind
from cunjing.policy.model import Policy, Rule
from cunjing.staffing.models import Staff

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class RuleHead:
    """What stands above a column: the rule, its clause and where the number comes from.

    `county_note` is set where the document leaves the number open and the county sets it.
    """

    id: str
    title: str
    clause: str
    paraphrase: str
    unit: str
    as_a_rule: bool
    county_note: str
    counts_events: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One verdict with the names of what it is about (empty where of none)."""

    result: Result
    staff_name: str = ""
    village_name: str = ""
    unit_name: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """What a verdict is about, by name; empty where it is about none of the kind."""

    staff: str
    village: str
    unit: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One village and its verdicts by rule id; a rule without verdict here has no entry."""

    village: Village
    cells: Mapping[str, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """One page of villages; `total` counts villages that match, `page` starts at 1."""

    run: Run
    rules: Sequence[RuleHead]
    rows: Sequence[MatrixRow]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return page_count(total=self.total, size=self.size)


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many verdicts of each kind a rule has."""

    rule: RuleHead
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All verdicts of the rule."""
        return sum(self.counts.values())


def rule_heads(run: Run) -> list[RuleHead]:
    """The rules of a run in the order of the policy's ids, from the policy as it was kept."""
    question = question_of(run)
    return [_head(question.policy, rule) for rule in question.policy.rules_for(question.period)]


def left_out(run: Run) -> list[RuleHead]:
    """The rules of the run's period that were not judged, see `collecting`."""
    policy = kept_policy(digest=run.policy_digest, policy_id=run.policy_id)
    return [_head(policy, policy.rule(rule_id)) for rule_id in run.left_out]


def matrix(
    *,
    actor: Actor,
    run_id: UUID,
    page: int = 1,
    size: int = PAGE_SIZE,
    rule: str = "",
    verdict: str = "",
    unit_code: str = "",
) -> MatrixPage:
    """A page of villages with all their verdicts.

    `rule` and `verdict` keep villages having such a verdict (of that rule), `unit_code` those the
    unit answers for on the period's last day.
    """
    run = readable_run(actor=actor, run_id=run_id)
    readable = results_for(actor=actor, run=run)
    chosen = readable.exclude(village_code="")
    if rule:
        chosen = chosen.filter(rule=rule)
    if verdict:
        chosen = chosen.filter(verdict=verdict)
    if unit_code:
        chosen = chosen.filter(village_code__in=_villages_of(unit_code, run=run))
    codes = list(chosen.order_by("village_code").values_list("village_code", flat=True).distinct())
    page = nearest_page(page, total=len(codes), size=size)
    shown = codes[(page - 1) * size : page * size]
    cells = _cells(readable.filter(village_code__in=shown).order_by("rule", "subject"))
    villages = Village.objects.in_bulk(shown)
    rows = [
        MatrixRow(village=villages[code], cells=_by_rule(cells[code]))
        for code in shown
        if code in villages
    ]
    return MatrixPage(
        run=run, rules=rule_heads(run), rows=rows, total=len(codes), page=page, size=size
    )


def verdict_counts(*, actor: Actor, runs: Sequence[Run]) -> dict[UUID, dict[str, int]]:
    """Per run, how many verdicts of each kind the actor's villages have; one query at most."""
    held = reading(actor)
    parts = [run.pk for run in runs if not holds_whole(held, scope=run.scope)]
    counted: dict[UUID, dict[str, int]] = {run.pk: run.counts for run in runs}
    counted |= {run_id: {} for run_id in parts}
    if parts:
        rows = Result.objects.filter(own_results(held), run__in=parts).values("run", "verdict")
        for row in rows.annotate(n=Count("id")).order_by("run", "verdict"):
            counted[row["run"]][row["verdict"]] = row["n"]
    return counted


def unknown_of(*, actor: Actor, runs: Sequence[Run], staff_id: UUID) -> dict[UUID, int]:
    """Per run, how many verdicts on a person are open because not all of their data came."""
    found = results_of(held=reading(actor), runs=runs)
    own = found.filter(staff_id=str(staff_id), verdict=VerdictKind.UNKNOWN)
    return {row["run"]: row["n"] for row in own.values("run").annotate(n=Count("id")).order_by()}


def rule_counts(*, actor: Actor, run_id: UUID) -> list[RuleCount]:
    """Per rule, how many verdicts of each kind the actor's villages have."""
    run = readable_run(actor=actor, run_id=run_id)
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    rows = results_for(actor=actor, run=run).values("rule", "verdict").annotate(n=Count("id"))
    for row in rows.order_by("rule", "verdict"):
        counted[row["rule"]][row["verdict"]] = row["n"]
    return [RuleCount(rule=head, counts=counted.get(head.id, {})) for head in rule_heads(run)]


def village_results(*, actor: Actor, run_id: UUID, village_code: str) -> list[Cell]:
    """The verdicts on one village and on those posted there."""
    return _listed(actor=actor, run_id=run_id, only=Q(village_code=village_code))


def staff_results(*, actor: Actor, run_id: UUID, staff_id: UUID) -> list[Cell]:
    """The verdicts on one person, in all villages the actor may read."""
    return _listed(actor=actor, run_id=run_id, only=Q(staff_id=str(staff_id)))


def unit_results(*, actor: Actor, run_id: UUID) -> list[Cell]:
    """The verdicts that name no village: on units and on staff as such."""
    return _listed(actor=actor, run_id=run_id, only=Q(village_code=""))


def named(results: Iterable[Result]) -> list[Cell]:
    """Results with the names of the people, villages and units they are about; three queries."""
    listed = list(results)
    return [
        Cell(
            result=result,
            staff_name=names.staff,
            village_name=names.village,
            unit_name=names.unit,
        )
        for result, names in zip(listed, names_of(listed), strict=True)
    ]


def _head(policy: Policy, rule: Rule) -> RuleHead:
    return RuleHead(
        id=rule.id,
        title=rule.title,
        clause=rule.clause,
        paraphrase=policy.clause(rule.clause).paraphrase,
        unit=rule.unit,
        as_a_rule=rule.as_a_rule,
        county_note=_county_note(rule),
        counts_events=rule.counts_events,
    )


def names_of(rows: Sequence[Result | RevisionDiff]) -> list[Names]:
    """The names of what each row is about; three queries."""
    ids = {row.staff_id for row in rows if row.staff_id}
    staff = {
        str(identifier): name
        for identifier, name in Staff.objects.filter(id__in=ids).values_list("id", "name")
    }
    codes = {row.village_code for row in rows if row.village_code}
    villages = dict(Village.objects.filter(code__in=codes).values_list("code", "name"))
    units = Unit.objects.filter(code__in={_unit(row) for row in rows} - {""})
    unit_names = dict(units.values_list("code", "name"))
    return [
        Names(
            staff=staff.get(row.staff_id, ""),
            village=villages.get(row.village_code, ""),
            unit=unit_names.get(_unit(row), ""),
        )
        for row in rows
    ]


def _unit(result: Result | RevisionDiff) -> str:
    return result.subject if result.subject_kind == SubjectKind.UNIT else ""


def _listed(*, actor: Actor, run_id: UUID, only: Q) -> list[Cell]:
    run = readable_run(actor=actor, run_id=run_id)
    found = results_for(actor=actor, run=run).filter(only)
    return named(found.order_by("rule", "village_code", "subject"))


def _cells(results: Iterable[Result]) -> Mapping[str, list[Cell]]:
    grouped: dict[str, list[Cell]] = defaultdict(list)
    for cell in named(results):
        grouped[cell.result.village_code].append(cell)
    return grouped


def _by_rule(cells: Iterable[Cell]) -> dict[str, tuple[Cell, ...]]:
    grouped: dict[str, tuple[Cell, ...]] = {}
    for cell in cells:
        grouped[cell.result.rule] = (*grouped.get(cell.result.rule, ()), cell)
    return grouped


def _villages_of(unit_code: str, *, run: Run) -> list[str]:
    found = VillageUnit.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=run.period_end),
        unit_id=unit_code,
        valid_from__lt=run.period_end,
    )
    return list(found.values_list("village_id", flat=True))


def _county_note(rule: Rule) -> str:
    return rule.parameter.note if rule.parameter else ""
