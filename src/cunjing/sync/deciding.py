"""A person decides about what was not done: apply it, say it was entered otherwise, dismiss it."""

from collections.abc import Sequence
from contextlib import nullcontext
from uuid import UUID

from pydantic import BaseModel

from cunjing.base.errors import FieldFault, conflict, forbidden, invalid, not_found
from cunjing.kernel.access import Actor
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import Write, writing
from cunjing.photos.store import exclusive
from cunjing.places.access import check_unit, check_village, why_not
from cunjing.sync.acts import ACTS, mended_by
from cunjing.sync.bodies import read_body, upcast
from cunjing.sync.holding import let_go
from cunjing.sync.lines import line_of
from cunjing.sync.mending import (
    keep_decision,
    lines_named,
    lines_of_author,
    lines_replaced,
    settle_replaced,
)
from cunjing.sync.merging import Change
from cunjing.sync.models import (
    NOT_DONE,
    STATIONS_WORD,
    Decision,
    DecisionOutcome,
    Device,
    Mutation,
    Quarantine,
)
from cunjing.sync.schemas import check_schema
from cunjing.sync.twins import check_none_taken, check_not_done, same_words, twins_in, undecided
from cunjing.sync.waiting import MANAGE, line_of_device, push_of

REASON_LENGTH = 200
ERASED = "这一条的内容已经删除，不能采纳。"
# Nobody says in another's place that all is recorded, or how something came about.
TO_APPLY = frozenset(ACTS) - {"seen", "answer"}


def decide_line(
    *, actor: Actor, device_id: UUID, n: int, outcome: DecisionOutcome, reason: str
) -> Decision:
    """Settle a line that was not done, once, with a reason.

    To apply it is to do what it says with the rights of whoever decides (RECORD_WRITE_FOR and the
    like): what those refuse is raised, and the line waits on. A photo that came with it is kept or
    goes. What another phone of the person brought under the same id is settled with it where it
    says the same; applied or entered, so is what it was mended from. Their phones are told at the
    next pull. Raises 40401 for a stranger's line, 40301 without the right, 40901 where it was
    decided, or is at the station by another phone.
    """
    why = _reason(reason)
    _check_stations(outcome)
    found = line_of_device(actor=actor, device_id=device_id, n=n)
    _check_may_decide(actor=actor, line=found)
    read = _read(found) if outcome is DecisionOutcome.APPLIED else None
    # Contents of photos are locked before rows, here as everywhere.
    with (
        exclusive() if found.type == "photo" else nullcontext(),
        writing(actor=actor, permission=MANAGE) as write,
    ):
        ids = {found.mutation_id, *lines_named(found)}
        held = lines_of_author(author_id=found.device.user_id, ids=ids)
        line = next(one for one in held if one.pk == found.pk)
        if line.result not in NOT_DONE or Decision.objects.filter(mutation=line).exists():
            raise conflict(_settled_words(line))
        twins = twins_in(line, held)
        if read is not None:
            check_none_taken(line, twins=twins)
        rows = [] if read is None else _applied(line, read=read, actor=actor)
        if outcome is DecisionOutcome.ENTERED:
            _entered(line, held=held, actor=actor)
        same = [twin for twin in undecided(twins) if same_words(line, twin)]
        decision, *_ = [
            _settled(one, outcome=outcome, rows=rows, reason=why, write=write)
            for one in (line, *same)
        ]
    return decision


def decide_push(*, actor: Actor, push_id: UUID, outcome: DecisionOutcome, reason: str) -> Decision:
    """Settle a push that was kept whole. It cannot be applied: its chain does not hold."""
    why = _reason(reason)
    found = push_of(actor=actor, push_id=push_id)
    check_may_manage(actor=actor, device=found.device)
    if outcome is DecisionOutcome.APPLIED:
        raise conflict("整体留存的推送不能直接采纳，请另行登记后再处理。")
    with writing(actor=actor, permission=MANAGE) as write:
        push = Quarantine.objects.select_for_update().get(pk=found.pk)
        if Decision.objects.filter(quarantine=push).exists():
            raise conflict("这一次推送已经有人处理过。")
        decision = Decision(quarantine=push, outcome=outcome)
        return keep_decision(decision, write=write, reason=why)


def check_may_manage(*, actor: Actor, device: Device) -> None:
    """Raise unless the actor manages the phones of the unit the device's person belongs to."""
    if refusal := why_not(actor=actor, permission=MANAGE):
        raise forbidden(refusal)
    staff = getattr(device.user, "staff", None)
    unit_code = staff.unit_id if staff else device.user.unit_code
    check_unit(actor=actor, permission=Permission.DEVICE_MANAGE, unit_code=unit_code)


def _check_may_decide(*, actor: Actor, line: Mutation) -> None:
    if not line.village_code:
        check_may_manage(actor=actor, device=line.device)
        return
    if refusal := why_not(actor=actor, permission=MANAGE):
        raise forbidden(refusal)
    check_village(actor=actor, permission=MANAGE, village_code=line.village_code)


def _check_stations(outcome: DecisionOutcome) -> None:
    if outcome not in STATIONS_WORD:
        detail = "请选择采纳、已另行登记或者不采纳。"
        raise invalid(detail, FieldFault("outcome", detail))


def _read(line: Mutation) -> BaseModel:
    """What a line says, to be applied."""
    if line.content is None:
        raise not_found(ERASED)
    form = line_of(bytes(line.content)).form
    if form.type not in TO_APPLY:
        raise conflict("这一类记录不能代为采纳，请另行登记。")
    check_schema(form.schema_)
    body = upcast(form.body, type_name=form.type, schema=form.schema_)
    return read_body(body, type_name=form.type, saved_at=form.saved_at)


def _entered(line: Mutation, *, held: Sequence[Mutation], actor: Actor) -> None:
    """Settle those of some lines that a mended one, entered by hand, stands for. Raises 40901 where
    the line is done."""
    check_not_done(line, twins=twins_in(line, held))
    ids = lines_named(line)
    named = [one for one in held if one.mutation_id in ids and one.type == line.type]
    settle_replaced(undecided(named), actor=actor, permission=MANAGE, rows=[])


def _settled(
    line: Mutation,
    *,
    outcome: DecisionOutcome,
    rows: Sequence[Sequence[str]],
    reason: str,
    write: Write,
) -> Decision:
    let_go(line, actor=write.actor, rows=rows)
    decision = Decision(mutation=line, outcome=outcome, rows=rows)
    return keep_decision(decision, write=write, reason=reason, village_code=line.village_code)


def _settled_words(line: Mutation) -> str:
    decision = Decision.objects.filter(mutation=line).first()
    if decision is not None and decision.outcome == DecisionOutcome.REPLACED:
        return "这一条本人已经改好重新报上来，并且登记了，不能再处理，免得重复。"
    return "这一条已经有人处理过。"


def _applied(line: Mutation, *, read: BaseModel, actor: Actor) -> Sequence[Sequence[str]]:
    if line.content is None:
        raise not_found(ERASED)
    replaced = lines_replaced(mended_by(read), author_id=line.device.user_id)
    replaced = [one for one in replaced if one.mutation_id != line.mutation_id]
    made = ACTS[line.type](actor, [read])[0]
    if isinstance(made, Change):
        if made.clashes:
            raise conflict("站里已经改过同一栏，不能直接采纳。请核对现状后另行登记。")
        return made.rows
    settle_replaced(replaced, actor=actor, permission=MANAGE, rows=made)
    return made


def _reason(reason: str) -> str:
    why = reason.strip()
    if not why or len(why) > REASON_LENGTH:
        detail = f"请写明处理理由，不超过{REASON_LENGTH}字。"
        raise invalid(detail, FieldFault("reason", detail))
    return why
