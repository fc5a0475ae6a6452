"""What holds at rest: the phone against the server, the server against what was recorded.

What a phone must hold is asked of the domains' own tables here, not of what sync keeps ready.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from tests.schedules.bodies import ids_of
from tests.schedules.desk import check_reached, chief_of
from tests.schedules.violations import ViolationError

from cunjing.accounts.models import User
from cunjing.accounts.queries import actor_for
from cunjing.base.clock import today
from cunjing.briefings.models import Briefing
from cunjing.coverage.models import Posting
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.changes import with_news
from cunjing.kernel.models import AuditEntry
from cunjing.matters.models import Matter
from cunjing.photos.models import Photo
from cunjing.places.models import Hamlet, Household
from cunjing.questions.models import Question
from cunjing.staffing.queries import own_entry
from cunjing.sync import chain
from cunjing.sync.header import read_header, read_public_key
from cunjing.sync.models import (
    Device,
    DeviceProgress,
    FieldConflict,
    Mutation,
    Quarantine,
    ScopeCursor,
)
from cunjing.sync.scopes import scopes_of

if TYPE_CHECKING:
    from tests.schedules.handsets import Handset
    from tests.schedules.play import Game

Said = Mapping[str, Any]
DELIVERED = {"accepted", "merged", "conflict", "rejected", "quarantined"}
MADE = {"accepted", "merged"}


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
    _check_scopes(dump, user=User.objects.get(pk=person.user))


def _check_kept(phone: "Handset", dump: Said) -> None:
    """Nothing that was said to be saved is gone, nothing stands twice."""
    outbox, made = dump["outbox"], dump["state"]["made"]
    numbers = [one["n"] for one in outbox]
    # A withdrawn phone has let go of what it had delivered, and of nothing else.
    gone = made - len(numbers) if dump["state"]["status"] == "revoked" else 0
    if gone > dump["state"]["answered"] or numbers != list(range(1 + gone, made + 1)):
        raise ViolationError(f"the outbox has gaps: {numbers} of {made}")
    for one in outbox:
        if one["state"] not in DELIVERED and one["mutation"] is None:
            raise ViolationError(f"line {one['n']} is gone before it was delivered")
    ids = [one["id"] for one in outbox]
    if len(set(ids)) != len(ids):
        raise ViolationError("a mutation stands twice in the outbox")
    stored = {str(key) for key in _stored_ids(phone)}
    if lost := phone.acknowledged.keys() - set(ids) - stored:
        raise ViolationError(f"saved and lost: {lost}")
    if len(dump["drafts"]) > phone.unfinished:
        raise ViolationError("a finished visit is still under way")
    unheard = set(ids) - phone.acknowledged.keys()
    if len(unheard) > phone.unsure:
        raise ViolationError(f"more lines than saves: {len(unheard)} of {phone.unsure}")


def _stored_ids(phone: "Handset") -> list[Any]:
    kept = Mutation.objects.filter(mutation_id__in=list(phone.acknowledged))
    return list(kept.values_list("mutation_id", flat=True))


def _check_stopped(game: "Game", phone: "Handset", dump: Said, outcome: Said) -> None:
    """Only who was withdrawn, is an older copy, or lost its server to a backup, may stop."""
    status = dump["state"]["status"]
    if phone.copied and status == "forked":
        return
    if game.restored and (status == "revoked" or (status == "forked" and _let_go(phone, dump))):
        return
    if game.restored and not Device.objects.filter(pk=phone.device).exists():
        return
    if phone.device not in game.wire.known.revoked and dump["state"]["enrolment"] is not None:
        raise ViolationError(f"the phone does not come to rest: {outcome}")
    if status == "revoked" and (dump["scopes"] or dump["stored"]):
        raise ViolationError("a revoked device keeps rows")


def _let_go(phone: "Handset", dump: Said) -> bool:
    """Whether the server lacks lines that were delivered, and then let go of with a village."""
    last = DeviceProgress.objects.get(pk=phone.device).last_n
    return any(one["mutation"] is None for one in dump["outbox"] if one["n"] > last)


def check_lost(game: "Game", phone: "Handset") -> None:
    """After an exchange that broke off: what no pull has brought yet still lies over the rows."""
    dump = game.phones.act(phone.name, "dump")
    there = {(row["type"], row["id"]) for row in dump["stored"]}
    scopes = {scope["scope"] for scope in dump["scopes"]}
    for one in dump["outbox"]:
        if one["state"] in {"waiting", "sent"} and not one["pending"]:
            raise ViolationError(f"line {one['n']} is not sent and no longer shown")
        if one["state"] == "accepted" and not one["pending"] and one["mutation"]:
            body = one["mutation"]["body"]
            works, matters = ids_of(one["mutation"]["type"], body)
            named = {("record", key) for key in works} | {("matter", key) for key in matters}
            village = body.get("village_code") or body.get("record", {}).get("village_code")
            if village in scopes and not named <= there:
                raise ViolationError(f"line {one['n']} is shown by nothing")


def _check_delivered(game: "Game", phone: "Handset", dump: Said) -> None:
    device = Device.objects.get(pk=phone.device)
    progress = DeviceProgress.objects.get(pk=device.pk)
    rows = list(Mutation.objects.filter(device=device).order_by("n"))
    outbox, state = dump["outbox"], dump["state"]
    if state["status"] != "enrolled":
        raise ViolationError(f"all is done, and the phone is {state['status']}")
    if not state["made"] == state["answered"] == progress.last_n == len(rows):
        raise ViolationError(
            f"not delivered: {state['made']}, {state['answered']}, {progress.last_n}, {len(rows)}"
        )
    previous = chain.genesis(device.pk)
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
        _check_signed(device, progress)


def _check_photos(game: "Game", phone: "Handset", dump: Said) -> None:
    """Each photo is at the server or, refused with a reason, on the phone; never at neither."""
    here = {one["id"]: one for one in dump["photos"]}
    found = Photo.objects.in_bulk(list(phone.photos))
    there = {str(key): one for key, one in found.items() if one.received_at is not None}
    for key, digest in phone.photos.items():
        if key in there and there[key].sha256 != digest:
            raise ViolationError(f"photo {key} is another one at the server")
        if key not in here and key not in there and not game.restored:
            raise ViolationError(f"photo {key} is lost")
    for key, one in here.items():
        if key in there or one["state"] != "refused" or not one["reason"]:
            raise ViolationError(f"all is sent, and photo {key} is {one['state']} here")
    game.files.check_kept()


def _check_signed(device: Device, progress: DeviceProgress) -> None:
    header = read_header(progress.signed_header)
    signed = read_public_key(device.public_key).holds(
        body=header.signed_bytes(), signature=header.signature
    )
    if not signed or (header.last, header.head) != (progress.last_n, progress.head):
        raise ViolationError("the last signature is not over all lines")


def _check_rows(dump: Said, *, villages: set[str], staff: Any) -> None:
    here = {(row["scope"], row["type"], row["id"]) for row in dump["stored"]}
    if len(here) != len(dump["stored"]):
        raise ViolationError("a row stands twice")
    wanted = _expected(villages, staff)
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


def _check_scopes(dump: Said, *, user: User) -> None:
    owner = own_entry(actor=actor_for(user=user))
    epochs = scopes_of(user=user, owner=owner.pk if owner else None)
    if {scope["scope"]: scope["epoch"] for scope in dump["scopes"]} != epochs:
        raise ViolationError("a scope of rights that are no longer those held")
    numbers = dict(ScopeCursor.objects.filter(pk__in=epochs).values_list("pk", "last"))
    if {scope["scope"]: scope["seq"] for scope in dump["scopes"]} != numbers:
        raise ViolationError("at rest, and the cursors are not those of the server")
    if news := with_news(epochs):
        raise ViolationError(f"at rest, and there is news of {news}")
    for scope in dump["scopes"]:
        names = [row for row in dump["stored"] if row["scope"] == scope["scope"]]
        digest = chain.scope_digest(
            chain.row_digest(row_type=row["type"], row_id=row["id"], version=row["version"])
            for row in names
        )
        if digest.hex() != scope["digest"]:
            raise ViolationError(f"the digest of {scope['scope']} is not that of its rows")


def _expected(villages: set[str], staff: Any) -> dict[tuple[str, str, str], Said]:
    """By scope, type and id: some fields of each row that must be there."""
    rows: dict[tuple[str, str, str], Said] = {(code, "village", code): {} for code in villages}
    recent = Q(valid_to=None) | Q(valid_to__gt=today() - timedelta(days=62))
    for posting in Posting.objects.filter(recent, village_id__in=villages):
        day = posting.valid_to
        said = {"valid_to": day.isoformat() if day else None}
        rows[posting.village_id, "posting", str(posting.pk)] = said
    for group in Hamlet.objects.filter(village_id__in=villages, retired_on=None):
        rows[group.village_id, "hamlet", str(group.pk)] = {"name": group.name}
    for house in Household.objects.filter(village_id__in=villages, retired_on=None):
        hamlet = str(house.hamlet_id) if house.hamlet_id else None
        rows[house.village_id, "household", str(house.pk)] = {
            "address": house.address, "visit_priority": house.visit_priority, "hamlet": hamlet,
        }  # fmt: skip
    for record in WorkRecord.objects.filter(village_id__in=villages, staff_id=staff):
        void = record.voided_at is not None
        rows[record.village_id, "record", str(record.pk)] = {} if void else {"state": "valid"}
    for matter in Matter.objects.filter(village_id__in=villages, closed_at=None):
        said = {"summary": matter.summary, "place": matter.place, "subkind": matter.subkind}
        rows[matter.village_id, "matter", str(matter.pk)] = said
    return rows | _expected_of_station(villages, staff)


def _expected_of_station(villages: set[str], staff: Any) -> dict[tuple[str, str, str], Said]:
    """What the station says, asks, and has to settle with the person."""
    rows: dict[tuple[str, str, str], Said] = {}
    standing = Briefing.objects.filter(ended_at=None, valid_until__gte=today())
    for briefing in standing.filter(village_id__in=villages):
        rows[briefing.village_id, "briefing", str(briefing.pk)] = {"text": briefing.text}
    asked = Question.objects.filter(record__village_id__in=villages, staff_id=staff)
    for question in asked.select_related("record"):
        rows[question.record.village_id, "question", str(question.pk)] = {
            "answer": question.answer, "closed": question.closed_at is not None,
        }  # fmt: skip
    own = FieldConflict.objects.filter(device__user__staff=staff, village_code__in=villages)
    for clash in own:
        rows[clash.village_code, "conflict", str(clash.pk)] = {
            "state": clash.state, "station": clash.station, "device": clash.said,
        }  # fmt: skip
    return rows


def check_server(game: "Game") -> None:
    """What was accepted is there once; what was not is not there; results are those answered."""
    copied = any(phone.copied for phone in game.handsets)
    whole = Quarantine.objects.exclude(reason="fork") if copied else Quarantine.objects.all()
    if not game.restored and (kept := whole.first()):
        raise ViolationError(f"a push of a sound phone is quarantined: {kept.reason}")
    made: set[str] = set()
    refused: set[str] = set()
    answers: dict[str, set[str]] = {}
    for row in Mutation.objects.exclude(content=None):
        before = game.wire.known.results.get((row.device_id, row.n))
        if before and (row.result, row.rows) != (before["result"], before["rows"]):
            raise ViolationError(f"the stored result of line {row.n} has changed")
        line = json.loads(bytes(row.content or b""))
        works, matters = ids_of(row.type, line["body"])
        done = row.result in MADE or (row.device_id, row.n) in game.wire.known.applied
        (made if done else refused).update(works | matters)
        if row.type == "answer" and done:
            answers.setdefault(line["body"]["question_id"], set()).add(line["body"]["text"])
    there = {str(key) for key in WorkRecord.objects.values_list("pk", flat=True)}
    there |= {str(key) for key in Matter.objects.values_list("pk", flat=True)}
    if there != made:
        raise ViolationError(f"accepted, not there: {made - there}; there: {there - made}")
    if wrong := (refused - made) & there:
        raise ViolationError(f"refused, and there: {wrong}")
    notes = AuditEntry.objects.filter(record_id__in=list(made), verb="created")
    times = list(notes.values_list("record_id", flat=True))
    if sorted(times) != sorted(made):
        raise ViolationError("an accepted record was not made exactly once")
    said = {str(one.pk): {one.answer} for one in Question.objects.exclude(answer="")}
    if answers != said:
        raise ViolationError(f"questions are answered {said}, taken was {answers}")
    check_reached(chief_of(game.world.chief))
