"""Assessments: runs, their verdicts, and why a verdict is what it is."""

from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from cunjing.api.auth import ApiRequest, require
from cunjing.api.fields import PLAIN, RuleId, ShownMoment, VillageCode
from cunjing.api.paging import Page, PageQuery, cut
from cunjing.api.problems import READ_REFUSALS
from cunjing.assessment import queries
from cunjing.assessment.access import results_for
from cunjing.assessment.evidence import Evidence, explain_cell
from cunjing.assessment.matrix import Cell, named, verdict_counts
from cunjing.assessment.models import Run, RunState
from cunjing.base.clock import local_date
from cunjing.kernel.permissions import Permission
from cunjing.policy.enums import Operator, Reason, SubjectKind, VerdictKind

READ = Permission.ASSESSMENT_READ
router = Router(tags=["assessments"])
Subject = Annotated[str, Field(pattern=PLAIN, min_length=1, max_length=40)]
Period = Annotated[str, Field(pattern=r"^[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]|H[12]))?$")]


class RunOut(BaseModel):
    """One evaluation of a policy over a scope (code prefix) and period, as seen at `watermark`.

    Policy, facts and results are named by their digests. `counts` = results by verdict in
    the villages of the reader, `left_out` = rules not judged because the product keeps no records
    of what they ask for. A revision names the run it `revises` and the reason. `looked_at`: a
    frozen run was judged again then, and nothing differed.
    """

    id: UUID
    scope: str
    policy_id: str
    policy_digest: str
    period: str
    period_start: date
    period_end: date
    watermark: ShownMoment
    engine: str
    engine_version: str
    facts_digest: str
    results_digest: str
    counts: dict[str, int]
    villages: int
    left_out: list[str]
    state: RunState
    revision: int
    revises_id: UUID | None
    reason: str
    finished_at: ShownMoment
    frozen_at: ShownMoment | None
    looked_at: ShownMoment | None


class ResultOut(BaseModel):
    """One verdict: the fields of the facts contract, with the names of village and person.

    A threshold is a number, an inclusive range, or none where no grade is known.
    """

    rule: str
    clause: str
    subject_kind: SubjectKind
    subject: str
    village_code: str
    village_name: str
    staff_id: str
    staff_name: str
    value: int | None
    operator: Operator
    threshold: int | list[int] | None
    threshold_full: int | list[int] | None
    verdict: VerdictKind
    evidence_count: int
    evidence_digest: str


class EvidenceOut(BaseModel):
    """One id the verdict rests on. Fields stay empty where it lies outside the jurisdiction.

    `source` says whether it is a work record, a posting or a matter; other ids (group members) have
    none. `why` is the reason with the record's own dates and names.
    """

    id: str
    source: Annotated[str, Field(pattern="^(record|posting|matter|)$")]
    kind: str
    village_code: str
    village_name: str
    staff_id: UUID | None
    staff_name: str
    on: date | None
    reason: Reason | None
    reason_text: str
    why: str


class ToldOut(BaseModel):
    """The outcome part by part, in Chinese; a part that does not apply is empty.

    What is asked, how it is counted, what there is, what is short, by when; for a rule about a
    group, its members or matters each place that is amiss.
    """

    wanted: str
    way: str
    found: str
    short: str
    until: str
    amiss: list[str]


class ExplanationOut(BaseModel):
    """A verdict, its clause, the sentence about it, and every record counted and rejected."""

    result: ResultOut
    rule_title: str
    clause_note: str
    wanted: str
    message: str
    told: ToldOut
    counted: list[EvidenceOut]
    rejected: list[EvidenceOut]


class RunsQuery(PageQuery):
    """`period`: 2026-09, 2026-Q3, 2026-H1 or 2026."""

    period: Period | None = None


class ResultsQuery(PageQuery):
    """Which verdicts of the run."""

    rule: RuleId | None = None
    verdict: VerdictKind | None = None
    village_code: VillageCode | None = None
    staff_id: UUID | None = None


@router.get("/assessments", response={200: Page[RunOut], **READ_REFUSALS})
def list_runs(request: ApiRequest, query: Query[RunsQuery]) -> Page[RunOut]:
    """Runs that say something about the jurisdiction, newest period and revision first."""
    require(actor=request.auth, permission=READ)
    rows = queries.runs(actor=request.auth, period=query.period or "")
    order = ("-period_end", "-period_start", "scope", "-revision", "id")
    shown, next_cursor = cut(rows, order=order, of="runs", query=query)
    counts = verdict_counts(actor=request.auth, runs=shown)
    return Page(items=[_run(run, counts=counts[run.pk]) for run in shown], next_cursor=next_cursor)


@router.get("/assessments/{run_id}", response={200: RunOut, **READ_REFUSALS})
def get_run(request: ApiRequest, run_id: UUID) -> RunOut:
    """One run."""
    require(actor=request.auth, permission=READ)
    run = queries.find_run(actor=request.auth, run_id=run_id)
    return _run(run, counts=verdict_counts(actor=request.auth, runs=[run])[run.pk])


@router.get("/assessments/{run_id}/results", response={200: Page[ResultOut], **READ_REFUSALS})
def list_results(request: ApiRequest, run_id: UUID, query: Query[ResultsQuery]) -> Page[ResultOut]:
    """The verdicts of a run that the reader may see, by rule and subject."""
    require(actor=request.auth, permission=READ)
    run = queries.find_run(actor=request.auth, run_id=run_id)
    wanted = {
        "rule": query.rule,
        "verdict": query.verdict.value if query.verdict else None,
        "village_code": query.village_code,
        "staff_id": str(query.staff_id) if query.staff_id else None,
    }
    rows = results_for(actor=request.auth, run=run).filter(
        **{name: value for name, value in wanted.items() if value}
    )
    shown, next_cursor = cut(rows, order=("rule", "subject"), of="results", query=query)
    return Page(items=[_result(cell) for cell in named(shown)], next_cursor=next_cursor)


@router.get(
    "/assessments/{run_id}/results/{rule}/{subject}",
    response={200: ExplanationOut, **READ_REFUSALS},
)
def explain_result(
    request: ApiRequest, run_id: UUID, rule: Path[RuleId], subject: Path[Subject]
) -> ExplanationOut:
    """Why a verdict is what it is, from the kept facts: what was counted, and what was not."""
    require(actor=request.auth, permission=READ)
    found = explain_cell(actor=request.auth, run_id=run_id, rule=rule, subject=subject)
    return ExplanationOut(
        result=_result(found.cell),
        rule_title=found.rule_title,
        clause_note=found.clause_note,
        wanted=found.wanted,
        message=found.message,
        told=ToldOut(
            wanted=found.told.wanted,
            way=found.told.way,
            found=found.told.found,
            short=found.told.short,
            until=found.told.until,
            amiss=list(found.told.amiss),
        ),
        counted=[_evidence(one) for one in found.counted],
        rejected=[_evidence(one) for one in found.rejected],
    )


def _run(run: Run, *, counts: dict[str, int]) -> RunOut:
    return RunOut(
        id=run.pk,
        scope=run.scope,
        policy_id=run.policy_id,
        policy_digest=run.policy_digest,
        period=run.period,
        period_start=run.period_start,
        period_end=run.period_end,
        watermark=run.watermark,
        engine=run.engine,
        engine_version=run.engine_version,
        facts_digest=run.facts_digest,
        results_digest=run.results_digest,
        counts=counts,
        villages=run.villages,
        left_out=run.left_out,
        state=RunState(run.state),
        revision=run.revision,
        revises_id=run.revises_id,
        reason=run.reason,
        finished_at=run.finished_at,
        frozen_at=run.frozen_at,
        looked_at=run.looked_at,
    )


def _result(cell: Cell) -> ResultOut:
    result = cell.result
    return ResultOut(
        rule=result.rule,
        clause=result.clause,
        subject_kind=SubjectKind(result.subject_kind),
        subject=result.subject,
        village_code=result.village_code,
        village_name=cell.village_name,
        staff_id=result.staff_id,
        staff_name=cell.staff_name,
        value=result.value,
        operator=Operator(result.operator),
        threshold=result.threshold,
        threshold_full=result.threshold_full,
        verdict=VerdictKind(result.verdict),
        evidence_count=result.evidence_count,
        evidence_digest=result.evidence_digest,
    )


def _source(one: Evidence) -> tuple[str, str, date | None]:
    """Where an id is from, of what kind it is, and its day where it has one."""
    if one.record:
        return "record", one.record.kind, one.record.local_date
    if one.matter:
        return "matter", one.matter.kind, local_date(one.matter.opened_at)
    return ("posting", one.posting.role, None) if one.posting else ("", "", None)


def _evidence(one: Evidence) -> EvidenceOut:
    source, kind, on = _source(one)
    done = one.record or one.posting
    row = done or one.matter
    staff = done.staff if done else one.matter.opened_by if one.matter else None
    return EvidenceOut(
        id=one.id,
        source=source,
        kind=kind,
        village_code=row.village_id if row else "",
        village_name=row.village.name if row else "",
        staff_id=staff.pk if staff else None,
        staff_name=staff.name if staff else "",
        on=on,
        reason=one.reason,
        reason_text=one.reason_text,
        why=one.why,
    )
