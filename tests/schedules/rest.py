"""What holds at rest: the phone against the server, the server against what was recorded."""

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.schedules.bodies import ids_of
from tests.schedules.desk import check_reached
from tests.schedules.expected import Said, expected
from tests.schedules.mending import check_mended
from tests.schedules.tables import column, table
from tests.schedules.telling import check_told
from tests.schedules.violations import ViolationError
from tests.schedules.world import user_of

from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.models import AuditEntry, Change
from cunjing.matters.models import Matter
from cunjing.photos.models import Photo
from cunjing.questions.models import Question
from cunjing.sync import chain
from cunjing.sync.header import read_header, read_public_key
from cunjing.sync.models import (
    EVERYBODY,
    Decision,
    DecisionOutcome,
    Device,
    DeviceProgress,
    HeldPhoto,
    Mutation,
    Quarantine,
    ScopeCursor,
    ScopeRow,
)
from cunjing.sync.scopes import scopes_of

if TYPE_CHECKING:
    from tests.schedules.handsets import Handset
    from tests.schedules.play import Game
    from tests.schedules.world import Person

DELIVERED = {"accepted", "merged", "conflict", "rejected", "quarantined"}
MADE = {"accepted", "merged"}
PROGRESS = ("pk", "last_n", "head", "signed_header", "device__public_key")
LINE = ("device_id", "n", "mutation_id", "type", "hash", "result", "problem", "rows", "content")
ROW = ("cursor_id", "row_type", "row_id", "version", "owner", "content")
"""Columns that are read of the tables."""


def check_phone(game: "Game", phone: "Handset", outcome: Said) -> None:
    """A phone that has come to rest."""
    dump = game.phones.act(phone.name, "dump")
    _check_kept(phone, dump)
    if outcome["kind"] != "done" or dump["state"]["status"] == "forked":
        _check_stopped(game, phone, dump, outcome)
        return
    known = game.wire.known
    if phone.device in known.revoked:
        raise ViolationError("a revoked device goes on")
    if dump["lease"] != "open":
        raise ViolationError(f"after an exchange the lease is {dump['lease']}")
    _check_delivered(game, phone, dump)
    _check_photos(game, phone, dump)
    person = game.person(phone)
    _check_rows(dump, villages=known.rights[phone.owner], staff=person.staff)
    check_told(phone.device, dump, villages=known.rights[phone.owner], staff=person.staff)
    _check_scopes(dump, person=person)


def mutations() -> set[str]:
    """The ids of all lines the server has."""
    return {str(key) for key in column(Mutation, "mutation_id")}


def _check_kept(phone: "Handset", dump: Said) -> None:
    """Nothing that was said to be saved is gone, nothing stands twice."""
    outbox, made = dump["outbox"], dump["state"]["made"]
    numbers = [one["n"] for one in outbox]
    # A withdrawn phone has let go of what it had delivered, and of nothing else.
    gone = made - len(numbers) if dump["state"]["status"] == "revoked" else 0
    if gone > dump["state"]["answered"] or numbers != list(range(1 + gone, made + 1)):
        raise ViolationError(f"the outbox has gaps: {numbers} of {made}")
    for one in outbox:
        # What was let go of with its village stops the phone where the server lacks it again.
        stopped = dump["state"]["status"] == "forked" and one["state"] == "waiting"
        if one["state"] not in DELIVERED and one["mutation"] is None and not stopped:
            raise ViolationError(f"line {one['n']} is gone before it was delivered")
        if one["state"] in {"waiting", "sent"} and not one["pending"]:
            raise ViolationError(f"line {one['n']} is not sent and no longer shown")
    ids = [one["id"] for one in outbox]
    if len(set(ids)) != len(ids):
        raise ViolationError("a mutation stands twice in the outbox")
    if lost := phone.acknowledged.keys() - set(ids) - mutations():
        raise ViolationError(f"saved and lost: {lost}")
    if len(dump["drafts"]) > phone.unfinished:
        raise ViolationError("a finished visit is still under way")
    unheard = set(ids) - phone.acknowledged.keys()
    if len(unheard) > phone.unsure:
        raise ViolationError(f"more lines than saves: {len(unheard)} of {phone.unsure}")


def _check_stopped(game: "Game", phone: "Handset", dump: Said, outcome: Said) -> None:
    """Only who was withdrawn, is an older copy, or lost its server to a backup, may stop."""
    status = dump["state"]["status"]
    if phone.copied and status == "forked":
        return
    if game.restored and (status == "revoked" or (status == "forked" and _let_go(phone, dump))):
        return
    if game.restored and phone.device not in column(Device, "pk"):
        return
    if phone.device not in game.wire.known.revoked and dump["state"]["enrolment"] is not None:
        raise ViolationError(f"the phone does not come to rest: {outcome}")
    if status == "revoked" and (dump["scopes"] or dump["stored"]):
        raise ViolationError("a revoked device keeps rows")
    # With its token it lets go of every line the server has, whatever became of it there.
    had = [one["n"] for one in dump["outbox"] if one["n"] <= dump["state"]["answered"]]
    if status == "revoked" and not dump["state"].get("withdrawn") and had:
        raise ViolationError("a withdrawn phone keeps what it has handed over")


def _let_go(phone: "Handset", dump: Said) -> bool:
    """Whether the server lacks lines that were delivered, and then let go of with a village."""
    (last,) = [n for key, n in table(DeviceProgress, "pk", "last_n") if key == phone.device]
    return any(one["mutation"] is None for one in dump["outbox"] if one["n"] > last)


def check_lost(game: "Game", phone: "Handset") -> None:
    """After an exchange that broke off: what no pull has brought yet still lies over the rows."""
    dump = game.phones.act(phone.name, "dump")
    _check_kept(phone, dump)
    there = {(row["type"], row["id"]) for row in dump["stored"]}
    scopes = {scope["scope"] for scope in dump["scopes"]}
    for one in dump["outbox"]:
        if one["state"] == "accepted" and not one["pending"] and one["mutation"]:
            body = one["mutation"]["body"]
            works, matters = ids_of(one["mutation"]["type"], body)
            named = {("record", key) for key in works} | {("matter", key) for key in matters}
            village = body.get("village_code") or body.get("record", {}).get("village_code")
            if village in scopes and not named <= there:
                raise ViolationError(f"line {one['n']} is shown by nothing")


def _check_delivered(game: "Game", phone: "Handset", dump: Said) -> None:
    (progress,) = [one for one in table(DeviceProgress, *PROGRESS) if one.pk == phone.device]
    rows = lines_of(phone.device)
    outbox, state = dump["outbox"], dump["state"]
    if state["status"] != "enrolled":
        raise ViolationError(f"all is done, and the phone is {state['status']}")
    if not state["made"] == state["answered"] == progress.last_n == len(rows):
        raise ViolationError(
            f"not delivered: {state['made']}, {state['answered']}, {progress.last_n}, {len(rows)}"
        )
    previous = chain.genesis(phone.device)
    for n, (row, one) in enumerate(zip(rows, outbox, strict=True), start=1):
        line = bytes(row.content or b"")
        salt = bytes.fromhex(json.loads(line)["salt"])
        previous = chain.next_hash(
            previous=previous, inner=chain.inner_digest(salt=salt, line=line)
        )
        if not (row.n == n and row.hash == previous.hex() == one["hash"]):
            raise ViolationError(f"the chain does not hold at line {n}")
        if (str(row.mutation_id), row.result) != (one["id"], one["state"]):
            raise ViolationError(f"line {n}: {row.result} here, {one['state']} on the phone")
        if one["pending"]:
            raise ViolationError(f"line {n} still lies over the rows that speak for it")
        must = phone.acknowledged.get(one["id"])
        if must and (row.result in MADE) != (must == "accepted"):
            raise ViolationError(f"line {n} must be {must}, is {row.result}: {row.problem}")
    if not progress.head == previous.hex() == state["head"]:
        raise ViolationError("the heads differ")
    if rows:
        _check_signed(progress)


def lines_of(device: UUID) -> list[Any]:
    """The lines of a device at the server, in order."""
    return sorted((one for one in table(Mutation, *LINE) if one.device_id == device), key=_number)


def _number(line: Any) -> int:
    number: int = line.n
    return number


def _check_photos(game: "Game", phone: "Handset", dump: Said) -> None:
    """Each photo is at the server or, refused with a reason, on the phone; never at neither."""
    here = {one["id"]: one for one in dump["photos"]}
    photos = table(Photo, "pk", "sha256", "received_at") if phone.photos or here else []
    there = {str(one.pk): one for one in photos if one.received_at is not None}
    for key, digest in phone.photos.items():
        if key in there and there[key].sha256 != digest:
            raise ViolationError(f"photo {key} is another one at the server")
        anywhere = key in here or key in there or key in _left_at_station()
        if not anywhere and not game.restored:
            raise ViolationError(f"photo {key} is lost")
    for key, one in here.items():
        # It belongs to a visit that was taken up again and is not ended yet.
        if one["state"] == "draft" and phone.unfinished:
            continue
        # A decision about a village the phone no longer serves does not reach it.
        kept = key in there and not (one["decision"] is None and key in _applied_photos())
        if kept or one["state"] != "refused" or not one["reason"]:
            raise ViolationError(f"all is sent, and photo {key} is {one['state']} here")
    game.files.check_kept()


def _left_at_station() -> set[str]:
    """The photos a withdrawn phone has handed over: held there, or not taken by somebody."""
    held = set(column(HeldPhoto, "mutation_id"))
    decided = {one.mutation_id: one.outcome for one in table(Decision, "mutation_id", "outcome")}
    lines = table(Mutation, "pk", "type", "result", "content")
    left = [
        line
        for line in lines
        if (line.type, line.result) == ("photo", "quarantined")
        and (
            line.pk in held
            or decided.get(line.pk, DecisionOutcome.APPLIED) != DecisionOutcome.APPLIED
        )
    ]
    return {json.loads(bytes(line.content))["body"]["id"] for line in left if line.content}


def _applied_photos() -> set[str]:
    """The photos that decisions about refused lines of theirs have made."""
    decided = table(Decision, "outcome", "rows")
    rows = [row for one in decided if one.outcome == DecisionOutcome.APPLIED for row in one.rows]
    return {key for kind, key in rows if kind == "photo"}


def _check_signed(progress: Any) -> None:
    header = read_header(progress.signed_header)
    signed = read_public_key(progress.device__public_key).holds(
        body=header.signed_bytes(), signature=header.signature
    )
    if not signed or (header.last, header.head) != (progress.last_n, progress.head):
        raise ViolationError("the last signature is not over all lines")


def _check_rows(dump: Said, *, villages: set[str], staff: Any) -> None:
    here = {(row["scope"], row["type"], row["id"]) for row in dump["stored"]}
    if len(here) != len(dump["stored"]):
        raise ViolationError("a row stands twice")
    wanted = expected(villages, staff)
    if here != wanted.keys():
        raise ViolationError(
            f"too much: {sorted(here - wanted.keys())}, missing: {sorted(wanted.keys() - here)}"
        )
    shown = {
        (row["village"], row["row"], row["id"]): row for row in dump["rows"] if "village" in row
    }
    for key, said in wanted.items():
        row = shown.get(key)
        if row and {name: row[name] for name in said} != said:
            raise ViolationError(f"{key}: {row} is not {said}")


def _check_scopes(dump: Said, *, person: "Person") -> None:
    owners = {EVERYBODY, person.staff}
    epochs = scopes_of(user=user_of(person.user), owner=person.staff)
    if {scope["scope"]: scope["epoch"] for scope in dump["scopes"]} != epochs:
        raise ViolationError("a scope of rights that are no longer those held")
    numbers = {one.pk: one.last for one in table(ScopeCursor, "pk", "last") if one.pk in epochs}
    if {scope["scope"]: scope["seq"] for scope in dump["scopes"]} != numbers:
        raise ViolationError("at rest, and the cursors are not those of the server")
    changes = table(Change, "scope", "number")
    if news := {one.scope for one in changes if one.scope in epochs and one.number is None}:
        raise ViolationError(f"at rest, and there is news of {news}")
    kept = {one[:4] for one in table(ScopeRow, *ROW) if one.content and one.owner in owners}
    here = {(row["scope"], row["type"], row["id"], row["version"]) for row in dump["stored"]}
    if here != (wanted := {one for one in kept if one[0] in epochs}):
        raise ViolationError(f"other versions here than kept ready: {here ^ wanted}")
    for scope in dump["scopes"]:
        names = [row for row in dump["stored"] if row["scope"] == scope["scope"]]
        digest = chain.scope_digest(
            chain.row_digest(row_type=row["type"], row_id=row["id"], version=row["version"])
            for row in names
        )
        if digest.hex() != scope["digest"]:
            raise ViolationError(f"the digest of {scope['scope']} is not that of its rows")


def check_server(game: "Game") -> None:
    """What was accepted is there once; what was not is not there; results are those answered."""
    copied = any(phone.copied for phone in game.handsets)
    reasons = set(column(Quarantine, "reason")) - ({"fork"} if copied else set())
    if not game.restored and reasons:
        raise ViolationError(f"a push of a sound phone is quarantined: {reasons.pop()}")
    made: set[str] = set()
    refused: set[str] = set()
    answers: dict[str, set[str]] = {}
    for row in table(Mutation, *LINE):
        if row.content is None:
            continue
        before = game.wire.known.results.get((row.device_id, row.n))
        if before and (row.result, row.rows) != (before["result"], before["rows"]):
            raise ViolationError(f"the stored result of line {row.n} has changed")
        line = json.loads(bytes(row.content or b""))
        works, matters = ids_of(row.type, line["body"])
        done = row.result in MADE or (row.device_id, row.n) in game.wire.known.applied
        (made if done else refused).update(works | matters)
        if row.type == "answer" and done:
            answers.setdefault(line["body"]["question_id"], set()).add(line["body"]["text"])
    there = {str(key) for key in column(WorkRecord, "pk") + column(Matter, "pk")}
    if there != made:
        raise ViolationError(f"accepted, not there: {made - there}; there: {there - made}")
    if wrong := (refused - made) & there:
        raise ViolationError(f"refused, and there: {wrong}")
    notes = table(AuditEntry, "record_id", "verb")
    times = [one for one, verb in notes if verb == "created" and one in made]
    if sorted(times) != sorted(made):
        raise ViolationError("an accepted record was not made exactly once")
    said = {str(key): {text} for key, text in table(Question, "pk", "answer") if text}
    if answers != said:
        raise ViolationError(f"questions are answered {said}, taken was {answers}")
    check_mended(game.mended)
    check_reached(game.world.chief)
