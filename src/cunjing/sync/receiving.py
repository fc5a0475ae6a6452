"""Receiving a push: the device's row locked, the chain followed, every new line with its result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from cunjing.accounts.queries import actor_for
from cunjing.base.clock import now
from cunjing.base.errors import Problem, ProblemKind
from cunjing.kernel.inserting import insert_values, save_columns
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.prepared import prepared
from cunjing.kernel.writing import writing
from cunjing.sync import chain
from cunjing.sync.acts import Rows
from cunjing.sync.applying import Apply, Done, Evidence, ready_to_apply, set_aside
from cunjing.sync.header import PushHeader, check_signature, read_public_key
from cunjing.sync.keys import Anchor, ServerKey
from cunjing.sync.lines import Line, UnreadableLinesError, inners, read_lines, unpacked
from cunjing.sync.merging import keep_conflicts
from cunjing.sync.models import (
    NOT_DONE,
    Decision,
    Device,
    DeviceProgress,
    Mutation,
    Quarantine,
)
from cunjing.sync.resent import (
    done_before,
    erased_before,
    forgotten,
    not_tried,
    other_phones,
    settle_waiting,
)
from cunjing.sync.schemas import check_schema
from cunjing.sync.settled import carry, settled_before, told
from cunjing.sync.whereabouts import villages_of

LEASE = timedelta(hours=72)
RECEIVED = (
    "last_n", "head", "signed_header", "anchor_n", "contacts", "last_contact_at", "schema"
)  # fmt: skip


class Stored(NamedTuple):
    """What is kept of a line that was received and its sender is told again."""

    n: int
    mutation_id: UUID
    hash: str
    result: str
    problem: dict[str, object] | None
    rows: Rows


_COLUMNS = (
    "device_id", "received_at", *Stored._fields,
    "type", "schema", "inner", "anchor_at", "content", "village_code",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contact:
    """What every answered contact gives a device: a signed time, and how long pulled rows live."""

    anchor: Anchor
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class Received:
    """The stored results of the lines sent, in order; `last` and `head` of all ever received."""

    results: Sequence[Mapping[str, object]]
    last: int
    head: str
    contact: Contact


def receive_push(
    *,
    device: Device,
    header: PushHeader,
    header_text: str,
    body: bytes,
    key: ServerKey,
    handed_over: bool = False,
) -> Received:
    """Take the lines of a push whose body is whole and whose sender is known, each exactly once.

    `handed_over`: they come from a withdrawn device; all are kept for a person and none is done.
    Raises 40004, 40902, 40001, 41301, 40903 and 40904, in this order; then nothing was applied. A
    push that no sound device sends is kept whole for a person to look at.
    """
    check_signature(header=header, key=read_public_key(device.public_key))
    check_schema(header.schema_)
    try:
        lines = read_lines(header=header, text=unpacked(body))
        do = set_aside if handed_over else ready_to_apply(lines)
        with transaction.atomic():
            return _received(device, header=header, text=header_text, lines=lines, key=key, do=do)
    except UnreadableLinesError as error:
        _quarantine(device, reason=str(error), header=header, text=header_text, body=body)
        detail = "推送的内容读不出来，已整体留存，没有采纳。请更新应用，并联系管理人员。"
        raise Problem(ProblemKind.BAD_REQUEST, detail) from error
    except Problem as problem:
        if problem.kind is ProblemKind.FORK:
            _quarantine(device, reason="fork", header=header, text=header_text, body=body)
        raise


def first_contact(*, device: Device, key: ServerKey) -> Contact:
    """The contact that an enrolment is."""
    with transaction.atomic():
        progress = locked_progress(device)
        contact = note_contact(progress, key=key)
        save_columns(progress, "contacts", "last_contact_at")
    return contact


def locked_progress(device: Device) -> DeviceProgress:
    """The row that a push and a pull of a device lock, inside the caller's transaction."""
    (progress,) = _progress(device_id=device.pk)
    return progress


@prepared
def _progress(*, device_id: UUID) -> QuerySet[DeviceProgress]:
    return DeviceProgress.objects.select_for_update().filter(pk=device_id)


def note_contact(progress: DeviceProgress, *, key: ServerKey) -> Contact:
    """Count a contact on the locked row (the caller saves it) and sign its time."""
    moment = now()
    progress.contacts += 1
    progress.last_contact_at = moment
    anchor = key.anchor(device_id=progress.device_id, n=progress.contacts, at=moment)
    return Contact(anchor=anchor, lease_until=moment + LEASE)


def _received(
    device: Device,
    *,
    header: PushHeader,
    text: str,
    lines: Sequence[Line],
    key: ServerKey,
    do: Apply,
) -> Received:
    progress = locked_progress(device)
    if header.first > progress.last_n + 1:
        raise _gap(progress)
    stored = _stored(device, first=header.first - 1, last=header.last)
    hashes = _followed(header, lines=lines, stored=stored, progress=progress)
    new = [line for line in lines if line.n > progress.last_n]
    if new:
        for part in _parts(new):
            made = _applied(part, device=device, progress=progress, hashes=hashes, key=key, do=do)
            stored |= {row.n: row for row in made}
        progress.last_n, progress.head = header.last, header.head
        progress.signed_header = text
    progress.schema = header.schema_
    contact = note_contact(progress, key=key)
    save_columns(progress, *RECEIVED)
    results = [_answer(stored[line.n]) for line in lines]
    return Received(results, last=progress.last_n, head=progress.head, contact=contact)


def _parts(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines in runs: one that stands for others begins a run, so that what became of those is
    stored before it, also where they came with the same push."""
    parts: list[list[Line]] = []
    for line in lines:
        if not parts or line.form.body.get("replaces"):
            parts.append([])
        parts[-1].append(line)
    return parts


def _stored(device: Device, *, first: int, last: int) -> dict[int, Stored]:
    rows = Mutation.objects.filter(device=device, n__gte=first, n__lte=last)
    return {row.n: row for row in map(Stored._make, rows.values_list(*Stored._fields))}


def _followed(
    header: PushHeader,
    *,
    lines: Sequence[Line],
    stored: Mapping[int, Stored],
    progress: DeviceProgress,
) -> dict[int, str]:
    """The hash of each line, by its number. Raises 40904 where it is not the chain we know."""
    before = stored.get(header.first - 1)
    previous = bytes.fromhex(before.hash) if before else chain.genesis(header.device_id)
    found = [one.hex() for one in chain.hashes(previous=previous, inners=inners(lines))]
    hashes = {line.n: one for line, one in zip(lines, found, strict=True)}
    same = all(stored[n].hash == one for n, one in hashes.items() if n in stored)
    if not same or found[-1] != header.head:
        raise Problem(
            ProblemKind.FORK,
            "设备上的记录与已收到的前后不一致，已整体留存，没有采纳。请联系管理人员。",
            data={"last": progress.last_n, "head": progress.head},
        )
    return hashes


def _applied(
    lines: Sequence[Line],
    *,
    device: Device,
    progress: DeviceProgress,
    hashes: Mapping[int, str],
    key: ServerKey,
    do: Apply,
) -> list[Stored]:
    evidence = Evidence(key, device_id=device.pk, newest=progress.anchor_n)
    times = [evidence.time_of(line) for line in lines]
    others = other_phones(device)
    settled, done = _done(lines, times=times, device=device, others=others, do=do)
    villages = _villages(lines, done=done, device=device)
    kept = [_result(line, hashes=hashes, done=done[line.n]) for line in lines]
    common = device.pk, now()
    rows = [
        (
            *common,
            *row,
            line.form.type,
            line.form.schema_,
            line.inner.hex(),
            shown,
            None if done[line.n].erased else line.raw,
            villages.get(line.n, ""),
        )
        for row, line, shown in zip(kept, lines, times, strict=True)
    ]
    insert_values(Mutation, _COLUMNS, rows)
    carry(device=device, decisions=settled)
    settle_waiting(device=device, others=others, lines=lines, done=done)
    changes = [(n, one.change) for n, one in sorted(done.items()) if one.change is not None]
    keep_conflicts(actor=actor_for(user=device.user), device=device, changes=changes)
    progress.anchor_n = evidence.newest
    return kept


def _done(
    lines: Sequence[Line],
    *,
    times: Sequence[datetime | None],
    device: Device,
    others: Sequence[UUID],
    do: Apply,
) -> tuple[dict[int, Decision], dict[int, Done]]:
    """What becomes of each line, by number; first the decisions that stand for some of them."""
    known = _known(device, lines=lines)
    before = done_before(others=others, lines=lines, known=known)
    settled = _settled(lines, others=others, known=known)
    erased = erased_before(others=others, lines=lines)
    gone = not_tried(lines, erased=erased, known=known)
    over = before.keys() | settled.keys() | gone.keys()
    left = [(line, at) for line, at in zip(lines, times, strict=True) if line.n not in over]
    open_lines, shown = [line for line, _ in left], [at for _, at in left]
    done = do(open_lines, user=device.user, times=shown, known=known)
    done |= before | gone | {n: told(decision) for n, decision in settled.items()}
    return settled, forgotten(done, erased=erased)


def _known(device: Device, *, lines: Sequence[Line]) -> set[UUID]:
    return set(_sent(device_id=device.pk, ids=[line.id for line in lines]))


@prepared
def _sent(*, device_id: UUID, ids: list[UUID]) -> QuerySet[Mutation, UUID]:
    sent = Mutation.objects.filter(device_id=device_id, mutation_id__in=ids)
    return sent.values_list("mutation_id", flat=True)


def _settled(
    lines: Sequence[Line], *, others: Sequence[UUID], known: set[UUID]
) -> dict[int, Decision]:
    """What a person has decided before about lines of this push, by number; each id once."""
    before = settled_before(others=others, ids=[line.id for line in lines])
    found: dict[int, Decision] = {}
    for line in lines if before else ():
        if line.id in before and line.id not in known:
            found[line.n] = before[line.id]
            known.add(line.id)
    return found


def _villages(lines: Sequence[Line], *, done: Mapping[int, Done], device: Device) -> dict[int, str]:
    """The villages that the lines which wait for a person speak of."""
    if all(one.result not in NOT_DONE for one in done.values()):
        return {}
    places = villages_of([line.form.body for line in lines], device_id=device.pk)
    return {
        line.n: place
        for line, place in zip(lines, places, strict=True)
        if done[line.n].result in NOT_DONE
    }


def _result(line: Line, *, hashes: Mapping[int, str], done: Done) -> Stored:
    return Stored(line.n, line.id, hashes[line.n], done.result.value, done.problem, done.rows)


def _answer(row: Stored) -> dict[str, object]:
    return {
        "n": row.n,
        "id": str(row.mutation_id),
        "result": row.result,
        "problem": row.problem,
        "rows": row.rows,
    }


def _gap(progress: DeviceProgress) -> Problem:
    return Problem(
        ProblemKind.GAP,
        f"服务器收到第{progress.last_n}条为止，中间缺少记录，什么都没有保存。请从下一条起发送。",
        data={"last": progress.last_n, "head": progress.head},
    )


def _quarantine(device: Device, *, reason: str, header: PushHeader, text: str, body: bytes) -> None:
    """Keep a whole push, once however often it comes."""
    if Quarantine.objects.filter(device=device, sha256=header.sha256).exists():
        return
    actor = actor_for(user=device.user)
    with writing(actor=actor, permission=Permission.DEVICE_USE) as write:
        row, created = Quarantine.objects.get_or_create(
            device=device,
            sha256=header.sha256,
            defaults={"reason": reason, "header": text, "body": body},
        )
        write.note(row, AuditVerb.CREATED if created else AuditVerb.READ)
