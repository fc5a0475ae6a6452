"""What a phone tells its person of the lines that were not done, against what was decided there."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tests.schedules.bodies import ids_of
from tests.schedules.tables import column, table
from tests.schedules.violations import ViolationError

from cunjing.fieldwork.models import WorkRecord
from cunjing.matters.models import Matter
from cunjing.sync.models import NOT_DONE, Decision, DecisionOutcome, Mutation

LINE = ("pk", "device", "n", "mutation_id", "type", "result", "content", "village_code",
        "device__user__staff")  # fmt: skip
CREATIONS = {"visit_entry", "work_record", "matter"}


def check_told(device: UUID, dump: Mapping[str, Any], *, villages: set[str], staff: UUID) -> None:
    """A line somebody took is told as received, one that was not taken as refused and by whom; and
    what nobody has decided is told, unless what it was to make is there."""
    told = {one["n"]: one for one in dump["untaken"]}
    here = {one["n"] for one in dump["outbox"] if one["mutation"] is not None}
    decided = _decided(villages=villages, staff=staff)
    there = {str(key) for key in column(WorkRecord, "pk") + column(Matter, "pk")}
    for line in table(Mutation, *LINE):
        # What was decided about a village the person does not have stays at the station.
        heard = line.device == device and line.village_code in villages
        listed = line.n in here and line.type != "photo"
        if not (heard and listed) or line.result not in NOT_DONE:
            continue
        outcomes, one = decided.get(line.mutation_id, set()), told.get(line.n)
        if DecisionOutcome.APPLIED in outcomes:
            if one is not None:
                raise ViolationError(f"line {line.n} was taken, and is told as {one}")
        elif outcomes:
            if one is None or one["fate"] != "refused" or one["outcome"] not in outcomes:
                raise ViolationError(f"line {line.n} is {outcomes}, and is told as {one}")
        elif line.type in CREATIONS:
            works, matters = ids_of(line.type, json.loads(bytes(line.content))["body"])
            if (one is None) != bool((works | matters) & there):
                raise ViolationError(f"line {line.n} was not done, and is told as {one}")


def _decided(*, villages: set[str], staff: UUID) -> dict[UUID, set[str]]:
    """What was decided about the person's lines in these villages, by the lines' ids."""
    mine = [line for line in table(Mutation, *LINE) if line.device__user__staff == staff]
    lines = {line.pk: line for line in mine if line.village_code in villages}
    found: dict[UUID, set[str]] = {}
    for mutation, outcome in table(Decision, "mutation", "outcome"):
        if (line := lines.get(mutation)) is not None:
            found.setdefault(line.mutation_id, set()).add(outcome)
    return found
