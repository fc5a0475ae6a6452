"""What is still to do in a running period, and what cannot be known yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db.models import Case, When

from cunjing.assessment.access import readable_run, results_for
from cunjing.assessment.changes import kept_rows
from cunjing.assessment.evaluation import Question, verdict_of
from cunjing.assessment.matrix import Cell, RuleHead, named, rule_heads
from cunjing.assessment.models import Result, Run
from cunjing.assessment.revisions import question_of
from cunjing.base.clock import now
from cunjing.base.errors import Problem
from cunjing.fieldwork.models import SyncState
from cunjing.kernel.access import Actor
from cunjing.policy.enums import VerdictKind
from cunjing.policy.periods import start_of_day
from cunjing.policy.wording import told
from cunjing.staffing.models import Staff

_NEVER = datetime(1, 1, 1, tzinfo=UTC)
# The most pressing first, what is decided before what is still open.
_MISSED = (VerdictKind.FAIL, VerdictKind.ADVICE)
_UNMET = (*_MISSED, VerdictKind.NOT_DUE, VerdictKind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Unmet:
    """A verdict that is not met: `short` says in Chinese what is missing or too much."""

    cell: Cell
    rule: RuleHead
    short: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """Unmet duties of a run. `days_left` counts today; 0 when the period is over."""

    run: Run
    days_left: int
    unmet: Sequence[Unmet]

    @property
    def missed(self) -> list[Unmet]:
        """Those of which it is decided."""
        return [one for one in self.unmet if one.cell.result.verdict in _MISSED]

    @property
    def open(self) -> list[Unmet]:
        """Those of which it cannot be said yet: not due, or data missing."""
        return [one for one in self.unmet if one.cell.result.verdict not in _MISSED]


@dataclass(frozen=True, slots=True)
class Unsynced:
    """Somebody whose records may not all have arrived, so that verdicts are unknown.

    `last_sync_at` is the mark the run was computed by; None: nothing had ever arrived. `age_days` =
    whole days since then. `arrived_at`: since then everything of the period has, by this mark.
    """

    staff: Staff
    last_sync_at: datetime | None
    age_days: int | None
    arrived_at: datetime | None
    verdicts: int


def outlook(
    *, actor: Actor, run_id: UUID, on: date, staff_id: UUID | None = None, limit: int | None = None
) -> Outlook:
    """What is not met in a run, failed first, then by village; of one person if asked."""
    run = readable_run(actor=actor, run_id=run_id)
    found = results_for(actor=actor, run=run).filter(verdict__in=[kind.value for kind in _UNMET])
    if staff_id is not None:
        found = found.filter(staff_id=str(staff_id))
    heads = {head.id: head for head in rule_heads(run)}
    urgency = Case(*(When(verdict=kind.value, then=place) for place, kind in enumerate(_UNMET)))
    ordered = found.order_by(urgency, "village_code", "rule", "subject")
    cells = named(ordered[:limit] if limit is not None else ordered)
    question = question_of(run)
    return Outlook(
        run=run,
        days_left=max(0, (run.period_end - max(on, run.period_start)).days),
        unmet=[
            Unmet(
                cell=cell,
                rule=heads[cell.result.rule],
                short=_short(cell, run=run, question=question),
            )
            for cell in cells
        ],
    )


def has_passed(*, actor: Actor, run_id: UUID, staff_id: UUID) -> bool:
    """Whether a run found that somebody meets a rule; who is judged by none meets nothing."""
    run = readable_run(actor=actor, run_id=run_id)
    own = results_for(actor=actor, run=run).filter(staff_id=str(staff_id))
    return own.filter(verdict=VerdictKind.PASS).exists()


def unsynced(*, actor: Actor, run_id: UUID) -> list[Unsynced]:
    """Whose missing synchronisation leaves verdicts unknown, the longest silent first.

    A village's unknown verdict is laid at everybody posted there in the period.
    """
    run = readable_run(actor=actor, run_id=run_id)
    unknown = results_for(actor=actor, run=run).filter(verdict=VerdictKind.UNKNOWN)
    counts: dict[str, int] = {}
    bare_villages: list[str] = []
    for staff_id, village_code in unknown.values_list("staff_id", "village_code"):
        if staff_id:
            counts[staff_id] = counts.get(staff_id, 0) + 1
        elif village_code:
            bare_villages.append(village_code)
    try:
        for staff_id, village_code in _posted(run, sorted(set(bare_villages))):
            counts[staff_id] = counts.get(staff_id, 0) + bare_villages.count(village_code)
        return _silent(counts, run=run)
    except Problem:  # what was kept is gone; the page says so, and shows the results all the same
        return []


def silent_behind(result: Result, *, run: Run) -> list[Unsynced]:
    """Whose missing synchronisation leaves this verdict unknown; nobody where it is not."""
    if result.verdict != VerdictKind.UNKNOWN:
        return []
    people = [result.staff_id] if result.staff_id else []
    if not people and result.village_code:
        people = [staff_id for staff_id, _ in _posted(run, [result.village_code])]
    return _silent(dict.fromkeys(people, 1), run=run)


def _posted(run: Run, villages: Sequence[str]) -> list[tuple[str, str]]:
    """Who was posted there in the period, as the run knew it."""
    if not villages:
        return []
    return [
        (row["staff_id"], row["village_code"])
        for row in kept_rows(run.facts_digest, "postings")
        if row["village_code"] in villages
        and row["valid_from"] < run.period_end
        and (row["valid_to"] is None or row["valid_to"] > run.period_start)
    ]


def _silent(counts: dict[str, int], *, run: Run) -> list[Unsynced]:
    if not counts:
        return []
    ended, moment = start_of_day(run.period_end), now()
    synced = {row["staff_id"]: row["last_sync_at"] for row in kept_rows(run.facts_digest, "sync")}
    arrived = {
        str(staff_id): mark
        for staff_id, mark in SyncState.objects.filter(
            staff_id__in=sorted(counts), last_sync_at__gte=ended
        ).values_list("staff_id", "last_sync_at")
    }
    people = [
        Unsynced(
            staff=person,
            last_sync_at=synced.get(str(person.pk)),
            age_days=(moment - synced[str(person.pk)]).days if str(person.pk) in synced else None,
            arrived_at=arrived.get(str(person.pk)),
            verdicts=counts[str(person.pk)],
        )
        for person in Staff.objects.filter(id__in=sorted(counts)).select_related("unit")
        if str(person.pk) not in synced or synced[str(person.pk)] < ended
    ]
    return sorted(people, key=lambda one: (one.last_sync_at or _NEVER, one.staff.badge_number))


def _short(cell: Cell, *, run: Run, question: Question) -> str:
    """As the verdict's own page says it: 还差 of what is too little, 多 of what is too much."""
    rule = question.policy.rule(cell.result.rule)
    verdict = verdict_of(cell.result, run=run)
    return told(rule, verdict, period=question.period).short
