"""A line that was refused, mended and sent anew: at most one of the two is ever done.

The mended line says which lines it stands for (`replaces`). They are locked before it is done, as a
decision about them is, so whoever comes second sees what the first has done: a line somebody has
taken keeps the mended one out, and a mended line that was done, or entered by hand at the station,
settles those it stands for. Only lines of the same person and type are looked at; any other id
there says nothing.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from cunjing.base.errors import conflict
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import Write, writing
from cunjing.sync.acts import Mended
from cunjing.sync.bodies import MOST_REPLACED
from cunjing.sync.holding import let_go
from cunjing.sync.lines import UnreadableLinesError, line_of
from cunjing.sync.models import NOT_DONE, Decision, DecisionOutcome, Mutation

REASON = "本人改好后重新报上来，那一次已经登记。"
_WHY = {
    DecisionOutcome.APPLIED: "改之前的那一条派出所已经采纳",
    DecisionOutcome.ENTERED: "改之前的那一条派出所已经另行登记",
    DecisionOutcome.REPLACED: "改之前的那一条已经另外改好登记过",
}
_ADVICE = "这一次没有再登记，免得重复。内容有出入的，请更正已登记的那一条。"


def lines_of_author(*, author_id: UUID, ids: Collection[UUID]) -> list[Mutation]:
    """The lines a person's phones brought under these ids, locked until the transaction ends; in
    one order, so that nobody waits for somebody who waits for them."""
    mine = Mutation.objects.select_for_update(of=("self",)).filter(device__user=author_id)
    return list(mine.filter(mutation_id__in=ids).order_by("pk"))


def lines_named(line: Mutation) -> set[UUID]:
    """The ids of the lines that a line says it stands for, also where the rest of it is wrong; none
    where it was erased or cannot be read."""
    try:
        said = line_of(bytes(line.content or b"")).form.body.get("replaces")
    except UnreadableLinesError:
        return set()
    named = said[:MOST_REPLACED] if isinstance(said, list) else []
    return {key for one in named if (key := _id(one))} - {line.mutation_id}


def _id(said: object) -> UUID | None:
    try:
        return UUID(said) if isinstance(said, str) else None
    except ValueError:
        return None


def lines_replaced(mended: Mended | None, *, author_id: UUID | None) -> list[Mutation]:
    """The waiting lines that a mended one stands for, locked until the transaction ends.

    Raises 40901 where one of them is at the station already; not where that is the doing of the
    same line, come once more by another phone.
    """
    if mended is None or author_id is None:
        return []
    lines = lines_of_author(author_id=author_id, ids=mended.ids)
    lines = [line for line in lines if line.type == mended.type_name]
    # Asked after they are locked: whoever held them before has decided by now.
    decided = {one.mutation_id: one for one in Decision.objects.filter(mutation__in=lines)}
    for line in lines:
        if line.result not in NOT_DONE:
            raise conflict(f"改之前的那一条后来已经登记。{_ADVICE}")
        decision = decided.get(line.pk)
        why = _WHY.get(DecisionOutcome(decision.outcome)) if decision else None
        if decision and why and mended.made not in decision.rows:
            raise conflict(f"{why}。{_ADVICE}")
    return [line for line in lines if line.pk not in decided]


def settle_replaced(
    lines: Sequence[Mutation],
    *,
    actor: Actor,
    permission: Permission,
    rows: Sequence[Sequence[str]],
) -> None:
    """Note that other rows stand in the place of these lines: nobody decides about them any more.

    Within the transaction that has locked them and has done the mended line.
    """
    settle(
        lines,
        actor=actor,
        permission=permission,
        outcome=DecisionOutcome.REPLACED,
        reason=REASON,
        rows=rows,
    )


def settle(
    lines: Sequence[Mutation],
    *,
    actor: Actor,
    permission: Permission,
    outcome: DecisionOutcome,
    reason: str,
    rows: Sequence[Sequence[str]],
) -> None:
    """Note what became of lines that waited by another line that was done, and that a photo held
    with them is not needed. Within the transaction that has locked them and has done that."""
    if not lines:
        return
    with writing(actor=actor, permission=permission) as write:
        for line in lines:
            let_go(line, actor=actor, rows=[])
            decision = Decision(mutation=line, outcome=outcome, rows=[list(row) for row in rows])
            keep_decision(decision, write=write, reason=reason, village_code=line.village_code)


def keep_decision(
    decision: Decision, *, write: Write, reason: str, village_code: str = ""
) -> Decision:
    """Keep what was decided, with who did so and why."""
    decision.reason = reason
    decision.decided_by, decision.decided_by_name = write.actor.user_id, write.actor.name
    decision.save(force_insert=True)
    write.note(decision, AuditVerb.CREATED, village_code=village_code, reason=reason)
    return decision
