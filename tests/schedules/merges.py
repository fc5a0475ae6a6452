"""What a push makes of households, matters and texts, held against what stood there before it.

The rule of merging is said here once more, in words of its own: a field that is as the phone saw it
takes the phone's value; any other keeps the station's, and both values reach a person.
"""

import gzip
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import UUID

from tests.schedules import skew
from tests.schedules.tables import table
from tests.schedules.violations import ViolationError

from cunjing.fieldwork.models import SyncState, WorkRecord
from cunjing.matters.models import Matter
from cunjing.places.models import Household
from cunjing.sync.models import Decision, DeviceProgress, FieldConflict, Mutation

Key = tuple[str, str]
Fields = dict[str, Any]
CHANGES = {"household_change": "household", "matter_change": "matter"}
DONE = {"accepted", "merged", "conflict"}
LINE = ("device_id", "n", "type", "result", "content", "mutation_id")


class Before(Protocol):
    """What stood at the server before a request, to be held against what stands after it."""

    def check(self, *, answered: bool) -> None:
        """Raise ViolationError unless the request did what it may; refused, it does nothing."""


@dataclass(frozen=True, slots=True)
class BeforePush:
    """The last line of the device, the fields that a phone may change (None where the push changes
    none), and the lines that are done, by their ids: those are not done again. `told`: by the ids
    of those a person has decided about, brought by whichever phone, what is said of them."""

    device: UUID
    last: int
    fields: dict[Key, Fields] | None
    done: Mapping[UUID, str]
    told: Mapping[UUID, Collection[str]]
    handed_over: bool = False

    def check(self, *, answered: bool) -> None:
        """New lines did what they say, once; those handed over did nothing."""
        new = [
            (row, json.loads(bytes(row.content or b"{}")))
            for row in sorted(table(Mutation, *LINE), key=lambda row: row.n)
            if row.device_id == self.device and row.n > self.last
        ]
        for row, _ in new:
            if row.result != (before := self.done.get(row.mutation_id, row.result)):
                raise ViolationError(f"line {row.n} was {before} by another phone, is {row.result}")
        new = [(row, line) for row, line in new if row.mutation_id not in self.done]
        if new and not answered:
            raise ViolationError("a push is refused, and something of it is kept")
        for row, _ in new:
            told = self.told.get(row.mutation_id, ("quarantined",))
            if self.handed_over and row.result not in told:
                raise ViolationError(f"line {row.n} is handed over, and done by nobody's decision")
        new = [(row, line) for row, line in new if row.mutation_id not in self.told]
        for row, line in new:
            if row.type == "work_record" and row.result == "accepted":
                _check_text(line["body"])
        if self.fields is not None:
            _check_merged(self.fields, new)


@dataclass(frozen=True, slots=True)
class BeforeBeacon:
    """What the server knew of a device, and what the device says now."""

    device: UUID
    said: Mapping[str, Any]
    known: Fields

    def check(self, *, answered: bool) -> None:
        """A beacon is a claim: it gives nothing, and nothing counts as arrived by it."""
        wanted = dict(self.known)
        if answered:
            wanted["unsent"] = max(self.said["made"] - wanted["last_n"], 0)
            same = (self.said["made"], self.said["head"]) == (wanted["last_n"], wanted["head"])
            progress = DeviceProgress.objects.get(pk=self.device)
            if same:
                wanted["complete_at"] = progress.last_contact_at
        if (now := _progress(self.device)) != wanted:
            raise ViolationError(f"a beacon makes {now} of {self.known}")


def before_push(device: UUID, body: bytes) -> BeforePush:
    """Before a push with this body."""
    lines = table(Mutation, *LINE)
    last = max((row.n for row in lines if row.device_id == device), default=0)
    done = {row.mutation_id: row.result for row in lines if row.result in DONE}
    told: dict[UUID, set[str]] = {}
    for key, outcome in table(Decision, "mutation__mutation_id", "outcome"):
        told.setdefault(key, set()).add("accepted" if outcome == "applied" else "rejected")
    fields = fields_now() if _changes_fields(body) else None
    return BeforePush(device, last, fields, done, told)


def before_handover(device: UUID, body: bytes) -> BeforePush:
    """Before a withdrawn device hands over what nobody can read here."""
    return replace(before_push(device, body), fields=fields_now(), handed_over=True)


def before_beacon(device: UUID, body: bytes) -> BeforeBeacon:
    """Before a beacon with this body."""
    return BeforeBeacon(device, json.loads(body), _progress(device))


def _progress(device: UUID) -> Fields:
    names = ("last_n", "head", "contacts", "anchor_n", "synced_at", "unsent", "complete_at")
    found = DeviceProgress.objects.filter(pk=device).values(*names).first() or {}
    return {**found, "arrived": list(SyncState.objects.order_by("pk").values())}


def _check_text(body: Mapping[str, Any]) -> None:
    """A body of an older form is cast into the present one, once."""
    log = WorkRecord.objects.values_list("details__log", flat=True).get(pk=body["id"])
    if log != (said := skew.cast(body["details"]["log"])):
        raise ViolationError(f"the log is {log}, not {said}")


def _check_merged(fields: dict[Key, Fields], new: list[tuple[Any, Any]]) -> None:
    for row, line in new:
        if row.result not in DONE:
            continue
        for key, made in _matters(row.type, line["body"]):
            fields.setdefault(key, made)
        if subject := CHANGES.get(row.type):
            _merge(fields[subject, line["body"][f"{subject}_id"]], row, line["body"]["fields"])
    after = fields_now()
    if wrong := [key for key, wanted in fields.items() if after.get(key) != wanted]:
        said = [(key, fields[key], after.get(key)) for key in wrong]
        raise ViolationError(f"a merge went wrong (row, wanted, is): {said}")


def _merge(here: Fields, row: Any, edits: Mapping[str, Mapping[str, Any]]) -> None:
    clashes = set()
    for name, edit in edits.items():
        if edit["from"] == here[name]:
            here[name] = edit["to"]
        elif edit["to"] != here[name]:
            clashes.add((name, edit["from"], here[name], edit["to"]))
    rows = table(FieldConflict, "device_id", "n", "field", "base", "station", "said")
    kept = [tuple(one[2:]) for one in rows if one[:2] == (row.device_id, row.n)]
    if set(kept) != clashes or len(kept) != len(clashes):
        raise ViolationError(f"line {row.n}: clashes kept {kept}, there were {clashes}")
    if (row.result == "conflict") != bool(clashes):
        raise ViolationError(f"line {row.n} is {row.result}, with clashes {clashes}")


def _matters(type_name: str, body: Mapping[str, Any]) -> Iterator[tuple[Key, Fields]]:
    found = body["matters"] if type_name == "visit_entry" else ()
    for one in [body] if type_name == "matter" else found:
        fields = {name: one[name] for name in ("place", "summary", "subkind")}
        yield ("matter", one["id"]), fields


def fields_now() -> dict[Key, Fields]:
    """The fields of every household and open matter that a phone may change."""
    found: dict[Key, Fields] = {}
    for house in table(Household, "pk", "address", "visit_priority", "hamlet_id"):
        found["household", str(house.pk)] = {
            "address": house.address, "visit_priority": house.visit_priority,
            "hamlet_id": str(house.hamlet_id) if house.hamlet_id else None,
        }  # fmt: skip
    for matter in table(Matter, "pk", "place", "summary", "subkind"):
        found["matter", str(matter.pk)] = {
            "place": matter.place, "summary": matter.summary, "subkind": matter.subkind,
        }  # fmt: skip
    return found


def _changes_fields(body: bytes) -> bool:
    """Whether a push that came whole speaks of such changes."""
    try:
        text = gzip.decompress(body)
    except (OSError, EOFError):
        return False
    return any(f'"{name}"'.encode() in text for name in CHANGES)
