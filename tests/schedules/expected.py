"""What a phone must hold, asked of the domains' own tables, not of what sync keeps ready."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.schedules.tables import table

from cunjing.base.clock import today
from cunjing.briefings.models import Briefing
from cunjing.coverage.models import Posting
from cunjing.fieldwork.models import WorkRecord
from cunjing.matters.models import Matter
from cunjing.places.models import Hamlet, Household
from cunjing.questions.models import Question
from cunjing.sync.models import Decision, FieldConflict, Mutation

Said = Mapping[str, Any]
Rows = dict[tuple[str, str, str], Said]
HOUSE = ("village_id", "pk", "address", "visit_priority", "hamlet_id", "retired_on")
MATTER = ("village_id", "pk", "summary", "place", "subkind", "closed_at")
QUESTION = ("record__village_id", "pk", "answer", "closed_at", "staff_id")
CLASH = ("village_code", "pk", "state", "station", "said", "device__user__staff", "device", "n")
LINE = ("pk", "device", "n", "mutation_id", "village_code", "device__user__staff")
RECENT = timedelta(days=62)


def expected(villages: set[str], staff: Any) -> Rows:
    """By scope, type and id: some fields of each row that must be there."""
    rows: Rows = {(code, "village", code): {} for code in villages}
    rows |= _places() | _work(staff) | _of_station(staff) | _of_lines(staff)
    return {key: said for key, said in rows.items() if key[0] in villages}


def _places() -> Rows:
    rows: Rows = {}
    recent = today() - RECENT
    for village, key, until in table(Posting, "village_id", "pk", "valid_to"):
        if until is None or until > recent:
            rows[village, "posting", str(key)] = {"valid_to": until.isoformat() if until else None}
    for village, key, name, retired in table(Hamlet, "village_id", "pk", "name", "retired_on"):
        if retired is None:
            rows[village, "hamlet", str(key)] = {"name": name}
    for house in table(Household, *HOUSE):
        if house.retired_on is None:
            hamlet = str(house.hamlet_id) if house.hamlet_id else None
            rows[house.village_id, "household", str(house.pk)] = {
                "address": house.address, "visit_priority": house.visit_priority, "hamlet": hamlet,
            }  # fmt: skip
    return rows


def _work(staff: Any) -> Rows:
    rows: Rows = {}
    for record in table(WorkRecord, "village_id", "pk", "staff_id", "voided_at"):
        if record.staff_id == staff:
            said = {} if record.voided_at is not None else {"state": "valid"}
            rows[record.village_id, "record", str(record.pk)] = said
    for matter in table(Matter, *MATTER):
        if matter.closed_at is None:
            said = {"summary": matter.summary, "place": matter.place, "subkind": matter.subkind}
            rows[matter.village_id, "matter", str(matter.pk)] = said
    return rows


def _of_station(staff: Any) -> Rows:
    """What the station says and asks."""
    rows: Rows = {}
    for briefing in table(Briefing, "village_id", "pk", "text", "ended_at", "valid_until"):
        if briefing.ended_at is None and briefing.valid_until >= today():
            rows[briefing.village_id, "briefing", str(briefing.pk)] = {"text": briefing.text}
    for village, key, answer, closed, asked in table(Question, *QUESTION):
        if asked == staff:
            said = {"answer": answer, "closed": closed is not None}
            rows[village, "question", str(key)] = said
    return rows


def _of_lines(staff: Any) -> Rows:
    """What people at the station have said about the lines of the person, by the lines' ids."""
    rows: Rows = {}
    lines = [line for line in table(Mutation, *LINE) if line.device__user__staff == staff]
    ids = {(line.device, line.n): str(line.mutation_id) for line in lines}
    for clash in table(FieldConflict, *CLASH):
        if clash.device__user__staff == staff:
            rows[clash.village_code, "conflict", str(clash.pk)] = {
                "line": ids[clash.device, clash.n],
                "state": clash.state, "station": clash.station, "device": clash.said,
            }  # fmt: skip
    decided = {line.pk: line for line in lines}
    for key, mutation, outcome, reason in table(Decision, "pk", "mutation", "outcome", "reason"):
        if (line := decided.get(mutation)) is not None:
            rows[line.village_code, "decision", str(key)] = {
                "line": str(line.mutation_id), "outcome": outcome, "reason": reason,
            }  # fmt: skip
    return rows
