"""What people at the station decide about what phones sent, and what must come of it: once, whole,
and by somebody with a name.
"""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from tests.schedules.bodies import FAR_AWAY, ids_of
from tests.schedules.merges import fields_now
from tests.schedules.steps import Step
from tests.schedules.tables import column, table
from tests.schedules.violations import ViolationError
from tests.schedules.wire import Known
from tests.schedules.world import user_of

from cunjing.accounts.queries import actor_for
from cunjing.base.errors import Problem
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.access import Actor
from cunjing.matters.models import Matter
from cunjing.sync.conflicts import conflicts, owners, settle_conflict
from cunjing.sync.deciding import decide_line
from cunjing.sync.models import (
    NOT_DONE,
    ConflictState,
    Decision,
    DecisionOutcome,
    FieldConflict,
    Mutation,
)
from cunjing.sync.waiting import waiting_lines

OUTCOMES = (DecisionOutcome.APPLIED, DecisionOutcome.APPLIED, DecisionOutcome.DISMISSED)
SIDES = (ConflictState.TAKEN, ConflictState.KEPT)
REASON = "现场核对"
CLASH = ("pk", "state", "village_code", "subject", "record_id", "field", "station", "said")
LINE = ("pk", "device_id", "n", "type", "result", "village_code", "content")
MOST = 3
"""How much of what waits is seen to at the end of a schedule."""


def chief_of(user_id: UUID) -> Actor:
    """The chief as they are now: what an actor may do is found out once."""
    return actor_for(user=user_of(user_id))


def clear(turn: int, *, chief_id: UUID, known: Known) -> bool:
    """Settle and decide some of what waits, in one way or the other; whether anything waited."""
    if not unsettled() and not undone():
        return False
    chief = chief_of(chief_id)
    for at in range(turn, turn + MOST):
        check_reached(chief_id)
        arbitrate({"pick": at, "side": at % len(SIDES)}, chief=chief)
        check_reached(chief_id)
        decide({"pick": at, "outcome": at % len(OUTCOMES)}, chief=chief, known=known)
    return True


def unsettled() -> list[Any]:
    """The conflicts that are open, oldest first."""
    rows = table(FieldConflict, *CLASH)
    return sorted((row for row in rows if row.state == ConflictState.OPEN), key=_age)


def undone() -> list[Any]:
    """The lines that were not done, and nobody has decided about; another county's aside."""
    decided = set(column(Decision, "mutation_id"))
    rows = [row for row in table(Mutation, *LINE) if row.result in NOT_DONE]
    rows = [row for row in rows if row.pk not in decided and row.village_code != FAR_AWAY]
    return sorted(rows, key=_age)


def _age(row: Any) -> Any:
    return row.pk


def check_reached(chief_id: UUID) -> None:
    """Everything that waits is seen by the chief, and each conflict names whose it is."""
    chief = chief_of(chief_id)
    if (open_ones := unsettled()) and (
        missed := {row.pk for row in open_ones} - {row.pk for row in conflicts(actor=chief)}
    ):
        raise ViolationError(f"{len(missed)} conflicts reach nobody at the station")
    codes = {row.village_code for row in open_ones}
    named = owners(village_codes=codes) if codes else {}
    if nobodys := codes - {code for code, names in named.items() if names}:
        raise ViolationError(f"the conflicts of {nobodys} are nobody's")
    if (waiting := undone()) and (
        lines := {row.pk for row in waiting} - {row.pk for row in waiting_lines(actor=chief)}
    ):
        raise ViolationError(f"{len(lines)} lines wait for nobody at the station")


def arbitrate(step: Step, *, chief: Actor) -> None:
    """Settle a conflict: the value chosen stands, nothing else has changed, and it is settled."""
    rows = unsettled()
    if not rows:
        return
    row, side = rows[step["pick"] % len(rows)], SIDES[step["side"]]
    wanted = fields_now()
    here = wanted[row.subject, str(row.record_id)]
    shown = here[row.field]
    said = {"actor": chief, "conflict_id": row.pk, "reason": REASON}
    try:
        settle_conflict(state=side, **said)
    except Problem as problem:
        if side is ConflictState.KEPT:
            raise ViolationError(f"the station's value cannot be kept: {problem}") from problem
        side = ConflictState.OPEN
    if side is ConflictState.TAKEN:
        if shown not in {row.station, row.said}:
            raise ViolationError(f"{row.said} is written over {shown}, which nobody looked at")
        here[row.field] = row.said
    if (after := fields_now()) != wanted:
        raise ViolationError(f"settled as {side}: {after} is not {wanted}")
    if (row.pk, side) not in table(FieldConflict, "pk", "state"):
        raise ViolationError(f"a conflict is not settled as {side}")
    if side is not ConflictState.OPEN:
        _refused_again(settle_conflict, state=ConflictState.KEPT, **said)


def decide(step: Step, *, chief: Actor, known: Known) -> None:
    """Decide about a line that was not done: applied it is done once, else nothing is."""
    rows = undone()
    if not rows:
        return
    line, outcome = rows[step["pick"] % len(rows)], OUTCOMES[step["outcome"]]
    before = _there()
    said = {"actor": chief, "device_id": line.device_id, "n": line.n, "reason": REASON}
    try:
        decide_line(outcome=outcome, **said)
    except Problem:
        if _there() != before:
            raise ViolationError("a decision that was refused has left something") from None
        return
    works, matters, fields = _there()
    made = _ids(line)
    new = (works | matters) - (before[0] | before[1])
    if outcome is DecisionOutcome.APPLIED:
        if not made <= works | matters or not new <= made:
            raise ViolationError(f"applied: {new} are new, of {made}")
        known.applied.add((line.device_id, line.n))
    elif new or fields != before[2]:
        raise ViolationError(f"{outcome}, and {new} are new")
    _refused_again(decide_line, outcome=DecisionOutcome.APPLIED, **said)


def _refused_again(act: Callable[..., object], **said: object) -> None:
    try:
        act(**said)
    except Problem:
        return
    raise ViolationError("what was decided is decided once more")


def _ids(line: Any) -> set[str]:
    works, matters = ids_of(line.type, json.loads(bytes(line.content or b""))["body"])
    return works | matters


def _there() -> tuple[set[str], set[str], object]:
    works = {str(key) for key in column(WorkRecord, "pk")}
    matters = {str(key) for key in column(Matter, "pk")}
    return works, matters, fields_now()
