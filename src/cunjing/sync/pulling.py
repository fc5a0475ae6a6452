"""Answering a pull: what changed in each scope of a device since it asked last."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field

from cunjing.accounts.queries import actor_for
from cunjing.api.fields import PLAIN
from cunjing.kernel.inserting import save_columns
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.queries import newest_link
from cunjing.kernel.writing import writing
from cunjing.staffing.queries import own_entry_id
from cunjing.sync.keys import ServerKey
from cunjing.sync.models import EVERYBODY, Device, ScopeRow
from cunjing.sync.receiving import locked_progress, note_contact
from cunjing.sync.schemas import check_schema
from cunjing.sync.scopes import Scope, Written, refresh, scopes_of

CONTACT = ("contacts", "last_contact_at")
MOST_ROWS = 2000
MOST_SCOPES = 2000


class ScopeAsked(BaseModel):
    """A scope the device has: how far it is in it, and the digest of its rows."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    scope: Annotated[str, Field(pattern=r"^[0-9]{12}$")]
    epoch: Annotated[str, Field(max_length=64)] = ""
    seq: Annotated[int, Field(ge=0, le=2**53 - 1)] = 0
    digest: Annotated[str, Field(max_length=64)] = ""


class PullRequest(BaseModel):
    """What a device has; `unsent` lines it still keeps, `app` its version, both for people."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    schema_: Annotated[int, Field(alias="schema", ge=1, le=2**31 - 1)]
    scopes: Annotated[list[ScopeAsked], Field(max_length=MOST_SCOPES)]
    unsent: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    app: Annotated[str, Field(pattern=PLAIN, max_length=40)] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one scope sends: from where, the rows' lines, whether there are more."""

    code: str
    epoch: str
    begins: int
    seq: int
    digest: str
    lines: Sequence[str]
    more: bool

    def text(self) -> Iterator[str]:
        """Its lines in the answer."""
        opening = {
            "scope": self.code,
            "epoch": self.epoch,
            "from": self.begins,
            "seq": self.seq,
            "digest": "" if self.more else self.digest,
            "more": self.more,
        }
        yield _line(opening)
        yield from self.lines
        yield _line({"scope_end": self.code})


def answer_pull(*, device: Device, asked: PullRequest, key: ServerKey) -> str:
    """The lines of the answer to a pull. Raises 40902 for a schema this server does not read.

    Scopes and rows are those of the person's grants now, whatever the device asks for.
    """
    check_schema(asked.schema_)
    owner = own_entry_id(user_id=device.user_id)
    with transaction.atomic():
        progress = locked_progress(device)
        epochs = scopes_of(user=device.user, owner=owner)
        scopes = refresh(list(epochs), owner=owner)
        known = {one.scope: one for one in asked.scopes}
        parts = [
            part
            for code in sorted(scopes)
            if (part := _part(scopes[code], epoch=epochs[code], known=known, owner=owner))
        ]
        _note_first(device, parts=parts)
        contact = note_contact(progress, key=key)
        progress.schema, progress.unsent = asked.schema_, asked.unsent
        progress.app = asked.app or progress.app
        progress.synced_at = progress.last_contact_at
        if asked.unsent == 0:
            progress.complete_at = progress.last_contact_at
        save_columns(progress, *CONTACT, "schema", "unsent", "app", "synced_at", "complete_at")
    lines = [line for part in parts for line in part.text()]
    lines += [_line({"scope": code, "revoked": True}) for code in sorted(set(known) - set(scopes))]
    closing = {
        "lines": len(lines),
        "last": progress.last_n,
        "head": progress.head,
        "anchor": contact.anchor.model_dump(),
        "lease_until": contact.lease_until.isoformat(timespec="microseconds"),
        "witness": newest_link(),
    }
    return "".join(f"{line}\n" for line in (*lines, _line(closing)))


def _part(
    scope: Scope, *, epoch: str, known: Mapping[str, ScopeAsked], owner: UUID | None
) -> Part | None:
    """What a scope has for the device, None where that is nothing."""
    code, last = scope.cursor.scope, scope.cursor.last
    digest = scope.digest(owner=owner)
    asked = known.get(code)
    begins = asked.seq if asked else 0
    if asked is None or asked.epoch != epoch or begins > last:
        begins = 0
    elif begins == last:
        if asked.digest in {"", digest}:
            return None
        begins = 0
    owners = [EVERYBODY, *([owner] if owner else [])]
    found = _rows_above(scope, number=begins, owners=owners)
    more = len(found) > MOST_ROWS
    found = found[:MOST_ROWS]
    return Part(
        code=code,
        epoch=epoch,
        begins=begins,
        seq=found[-1].number if more else last,
        digest=digest,
        lines=[row.content or _gone(row.row_type, row.row_id) for row in found],
        more=more,
    )


def _rows_above(scope: Scope, *, number: int, owners: Sequence[UUID]) -> list[Written]:
    """The rows with higher numbers, in order; one more than is sent, if there are so many.

    Those that have just been written are at hand. From the beginning on, what is gone is left out.
    """
    if number >= scope.before:
        new = [row for row in scope.written if row.number > number and row.owner in owners]
        return [row for row in new if row.content or number][: MOST_ROWS + 1]
    rows = ScopeRow.objects.filter(cursor=scope.cursor, owner__in=owners, number__gt=number)
    if number == 0:
        rows = rows.exclude(content="")
    found = rows.order_by("number").values_list(*Written._fields)
    return list(map(Written._make, found[: MOST_ROWS + 1]))


def _note_first(device: Device, *, parts: Sequence[Part]) -> None:
    """A scope that leaves the house for a phone, from its beginning on, is noted like an export."""
    begun = [part for part in parts if part.begins == 0]
    if begun:
        actor = actor_for(user=device.user)
        with writing(actor=actor, permission=Permission.DEVICE_USE) as write:
            for part in begun:
                write.note_use(
                    "sync.scope",
                    str(device.pk),
                    AuditVerb.EXPORTED,
                    village_code=part.code,
                    reason=part.epoch,
                )


def _gone(row_type: str, row_id: str) -> str:
    return _line({"gone": row_type, "id": row_id})


def _line(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
