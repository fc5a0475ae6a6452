"""One cell of the matrix opened: the clause, the sentence, the records counted and rejected."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

from cunjing.assessment.access import readable_run, results_for
from cunjing.assessment.evaluation import (
    Question,
    attendance_behind,
    breaches_behind,
    explain,
    verdict_of,
)
from cunjing.assessment.matrix import Cell, named
from cunjing.assessment.models import Run
from cunjing.assessment.outlook import Unsynced, silent_behind
from cunjing.assessment.revisions import question_of
from cunjing.base.clock import SHANGHAI
from cunjing.base.errors import conflict, not_found
from cunjing.coverage.models import Posting
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.matters.models import Matter
from cunjing.places.access import jurisdiction_of
from cunjing.policy.attendance import Attendance, worked_out
from cunjing.policy.enums import Reason
from cunjing.policy.model import Rule
from cunjing.policy.periods import parse_period
from cunjing.policy.verdict import Explanation, Verdict
from cunjing.policy.wording import Told, clause_note, message, period_name, told, wanted
from cunjing.policy.words import REASONS


@dataclass(frozen=True, slots=True)
class Evidence:
    """One id the verdict rests on, opened as far as the reader may see it.

    `record`, `posting` and `matter` are all None where the row lies outside the reader's
    jurisdiction.
    `reason`, `reason_text` and `why` are empty for what was counted; `why` is the reason with the
    record's own dates and names, as far as the reader may see them.
    """

    id: str
    record: WorkRecord | None = None
    posting: Posting | None = None
    matter: Matter | None = None
    reason: Reason | None = None
    why: str = ""

    @property
    def reason_text(self) -> str:
        """Why it was not counted, in Chinese."""
        return REASONS[self.reason] if self.reason else ""


@dataclass(frozen=True, slots=True)
class CellExplanation:
    """Why a verdict is what it is. `wanted` words the threshold, `message` the outcome.

    `told` is the outcome part by part. `there` is how long somebody was there where that decides
    what is asked, `worked_out` the sum, empty where nothing was taken off. `silent` are
    those whose records may not all have arrived, where that leaves the verdict unknown.
    `counts_events` tells whether records make the number.
    """

    run: Run
    cell: Cell
    told: Told
    there: Attendance | None
    worked_out: str
    silent: Sequence[Unsynced]
    counts_events: bool
    rule_title: str
    clause: str
    clause_note: str
    wanted: str
    message: str
    counted: Sequence[Evidence]
    rejected: Sequence[Evidence]


def explain_cell(*, actor: Actor, run_id: UUID, rule: str, subject: str) -> CellExplanation:
    """The explanation of one verdict from the run's kept facts.

    Raises 404 where the run has no such verdict for the reader, and 409 where the kept facts no
    longer give the stored verdict (somebody changed one of them).
    """
    run = readable_run(actor=actor, run_id=run_id)
    result = results_for(actor=actor, run=run).filter(rule=rule, subject=subject).first()
    if result is None:
        raise not_found("这次考评没有这一项，或者不在您的辖区内。")
    question = question_of(run)
    (explanation,) = explain(question, cells=[(rule, subject)])
    verdict = verdict_of(result, run=run)
    if explanation is None or explanation.verdict != verdict:
        raise conflict("保存的结果与保存的事实数据不一致，请用“重算核对”检查这次考评。")
    (cell,) = named([result])
    asked = question.policy.rule(rule)
    counted, rejected = _opened(actor=actor, explanation=explanation, run=run)
    amiss = breaches_behind(question, rule=asked, subject=subject)
    there = attendance_behind(question, rule=asked, subject=subject)
    days = _days(counted) if there is None or there.available == there.whole else None
    return CellExplanation(
        run=run,
        cell=cell,
        told=told(asked, verdict, period=question.period, days=days, breaches=amiss),
        there=there,
        worked_out=_worked_out(question, asked, verdict, there=there),
        silent=silent_behind(result, run=run) if asked.waits_for_records else (),
        counts_events=asked.counts_events,
        rule_title=asked.title,
        clause=asked.clause,
        clause_note=clause_note(question.policy.clause(asked.clause), asked),
        wanted=wanted(asked, verdict.threshold),
        message=message(
            policy=question.policy, rule=asked, verdict=verdict, period=question.period
        ),
        counted=counted,
        rejected=rejected,
    )


def _worked_out(
    question: Question, rule: Rule, verdict: Verdict, *, there: Attendance | None
) -> str:
    if there is None:
        return ""
    return worked_out(question.policy, rule, verdict, period=question.period, there=there)


def _days(counted: Sequence[Evidence]) -> list[date] | None:
    """The days of all that was counted; None where the reader may not see one of them."""
    days = [one.record.local_date for one in counted if one.record]
    return days if len(days) == len(counted) else None


def _opened(
    *, actor: Actor, explanation: Explanation, run: Run
) -> tuple[list[Evidence], list[Evidence]]:
    ids = [*explanation.counted, *(item.id for item in explanation.rejected)]
    records = _records(actor=actor, ids=ids)
    postings = _postings(actor=actor, ids=explanation.counted)
    matters = _matters(actor=actor, ids=explanation.counted)
    counted = [
        Evidence(
            id=one, record=records.get(one), posting=postings.get(one), matter=matters.get(one)
        )
        for one in explanation.counted
    ]
    rejected = [
        Evidence(
            id=item.id,
            record=records.get(item.id),
            reason=item.reason,
            why=_why(item.reason, record=records.get(item.id), run=run),
        )
        for item in explanation.rejected
    ]
    return _by_day(counted), _by_day(rejected)


def _why(reason: Reason, *, record: WorkRecord | None, run: Run) -> str:
    """Why a record was not counted, in Chinese, with what of the record makes it so."""
    text = REASONS[reason]
    if record is None:
        return text
    match reason:
        case Reason.VOID:
            return text + (f"：{record.void_reason}" if record.void_reason else "")
        case Reason.LATE:
            return f"{_moment(record.received_at)}才收到，晚于截止的{_moment(run.watermark)}"
        case Reason.OUT_OF_PERIOD:
            name = period_name(parse_period(run.period))
            return f"是{record.local_date.month}月{record.local_date.day}日的，不在{name}里"
        case Reason.WRONG_VILLAGE:
            return f"是{record.village.name}的记录，不是这个村的"
        case Reason.NOT_POSTED:
            return f"{record.local_date.month}月{record.local_date.day}日不在任职期内"
    assert_never(reason)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _records(*, actor: Actor, ids: Iterable[str]) -> dict[str, WorkRecord]:
    held = jurisdiction_of(actor=actor, permission=Permission.RECORD_READ)
    found = WorkRecord.objects.filter(held.q("village_id"), pk__in=list(ids)).select_related(
        "village", "staff", "household"
    )
    return {str(record.pk): record for record in found}


def _postings(*, actor: Actor, ids: Iterable[str]) -> dict[str, Posting]:
    held = jurisdiction_of(actor=actor, permission=Permission.POSTING_READ)
    found = Posting.objects.filter(held.q("village_id"), pk__in=list(ids)).select_related(
        "village", "staff"
    )
    return {str(posting.pk): posting for posting in found}


def _matters(*, actor: Actor, ids: Iterable[str]) -> dict[str, Matter]:
    held = jurisdiction_of(actor=actor, permission=Permission.MATTER_READ)
    found = Matter.objects.filter(held.q("village_id"), pk__in=list(ids)).select_related(
        "village", "opened_by"
    )
    return {str(matter.pk): matter for matter in found}


def _by_day(evidence: Iterable[Evidence]) -> list[Evidence]:
    return sorted(evidence, key=lambda one: (_begun(one), one.id))


def _begun(one: Evidence) -> str:
    if one.matter:
        return str(one.matter.opened_at)
    return str(one.record.occurred_at) if one.record else ""
