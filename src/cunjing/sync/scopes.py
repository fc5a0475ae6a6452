"""Scopes: which villages a device has, and their rows kept ready, numbered and digested.

Under the scope's lock: number what has been committed, read those records as they are now, keep
what differs under the next numbers. A change committed meanwhile has no number yet, so the next
pull finds it; none is overtaken.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from cunjing.accounts.models import User
from cunjing.accounts.queries import actor_of_grants, grants_in_force
from cunjing.accounts.roles import PERMISSIONS_OF, Role
from cunjing.assessment.personal import states_key
from cunjing.base.clock import today
from cunjing.kernel.changes import number_changes, with_news
from cunjing.kernel.inserting import insert_rows, insert_values, save_columns
from cunjing.kernel.permissions import Permission
from cunjing.kernel.prepared import prepared
from cunjing.places.access import jurisdiction_of
from cunjing.places.queries import codes_on
from cunjing.sync.chain import row_digest
from cunjing.sync.coming import COMING_TYPES, coming_rows
from cunjing.sync.models import EVERYBODY, ScopeCursor, ScopePart, ScopeRow
from cunjing.sync.months import MONTH_TYPES, month_rows, unchanged
from cunjing.sync.rows import READ_RIGHTS, SHAPE, SMALL_TYPES, SOURCES, Row, small_rows

USE = Permission.DEVICE_USE
NEEDED = READ_RIGHTS | {USE}
READ_AT_ONCE = 2000
_EPOCH_DIGITS = 16
_COLUMNS = ("cursor_id", "row_type", "row_id", "owner", "number", "version", "content")
_KEYS = ("cursor_id", "row_type", "row_id")
_ROW = ("row_type", "row_id", "version", "content", "owner")

Key = tuple[str, str]


def scopes_of(*, user: User, owner: UUID | None) -> dict[str, str]:
    """The villages a person's devices may hold today, each with its epoch.

    The epoch changes when the grants that reach the village do, or the person the account is of.
    """
    grants = [
        grant for grant in grants_in_force(user=user) if PERMISSIONS_OF[Role(grant.role)] >= NEEDED
    ]
    if not grants or not user.is_active:
        return {}
    reaches = [
        (
            str(grant.pk),
            jurisdiction_of(actor=actor_of_grants(user=user, grants=[grant]), permission=USE),
        )
        for grant in grants
    ]
    actor = actor_of_grants(user=user, grants=grants)
    return {
        code: _epoch([name for name, reach in reaches if reach.covers(code)], owner=owner)
        for code in codes_on(actor=actor, permission=USE, on=today())
    }


def _epoch(grants: Iterable[str], *, owner: UUID | None) -> str:
    text = "\n".join([*sorted(grants), str(owner)])
    return hashlib.sha256(text.encode()).hexdigest()[:_EPOCH_DIGITS]


class Written(NamedTuple):
    """A row under its number; without content it is gone."""

    row_type: str
    row_id: str
    number: int
    content: str
    owner: UUID


@dataclass(slots=True)
class Scope:
    """A locked scope; by owner the digests of its parts and what their states were made of.

    `kept` are the digests as they are stored: an owner without one has no part yet. Of a scope that
    `is_new` nothing is stored at all, so nothing has to be asked for. `written` are the rows with
    numbers above `before`, in order.
    """

    cursor: ScopeCursor
    is_new: bool
    before: int
    written: list[Written] = field(default_factory=list)
    digests: dict[UUID, int] = field(default_factory=dict)
    keys: dict[UUID, str] = field(default_factory=dict)
    kept: dict[UUID, int] = field(default_factory=dict)

    def digest(self, *, owner: UUID | None) -> str:
        """The digest of the rows that devices of `owner` have."""
        own = self.digests.get(owner, 0) if owner else 0
        return (self.digests.get(EVERYBODY, 0) ^ own).to_bytes(32, "big").hex()


def refresh(codes: Sequence[str], *, owner: UUID | None) -> dict[str, Scope]:
    """Lock the scopes, in order of their codes, and bring their rows up to date.

    Inside the caller's transaction, which holds the locks until it has read what it needs. `owner`
    is the person whose own work the device holds; it is kept ready from their first pull on.
    """
    scopes = _locked(sorted(codes))
    news = with_news(scopes)
    small = small_rows(sorted(scopes))
    kept = _kept_small(scopes, owner=owner)
    coming = coming_rows(owner=owner, codes=list(scopes)) if owner else {}
    key = states_key(staff_id=owner, on=today()) if owner and scopes else ""
    for code, scope in scopes.items():
        last = scope.cursor.last
        changed = _numbered(scope) if code in news else {}
        wanted = _wanted(scope, owner=owner, changed=changed)
        stored = _stored(scope, wanted) | kept[code]
        _forget_states(scope, wanted=wanted, stored=stored)
        if owner and scope.keys.get(owner) != key:
            here = _kept_states(scope, owner=owner)
            rows = unchanged(month_rows(code, owner=owner), stored=here)
            stored |= here
            wanted |= dict.fromkeys(here) | {row.key: row for row in rows}
            _note_key(scope, owners=[owner], key=key)
        now = [*small[code], *coming.get(code, ())]
        wanted |= dict.fromkeys(kept[code]) | {row.key: row for row in now}
        _keep(scope, wanted=wanted, stored=stored)
        _note_parts(scope)
        if scope.cursor.last != last or scope.cursor.shape != SHAPE:
            scope.cursor.shape = SHAPE
            save_columns(scope.cursor, "last", "shape")
    return scopes


def _forget_states(
    scope: Scope, *, wanted: Mapping[Key, Row | None], stored: Mapping[Key, Row]
) -> None:
    """The states of those whose work has changed here must be made anew, whoever pulls first."""
    touched: set[UUID] = set(scope.keys) if scope.cursor.shape != SHAPE else set()
    for key, row in wanted.items():
        if key[0] == "record":
            before = stored.get(key)
            touched |= {one.owner for one in (row, before) if one is not None}
    stale = [owner for owner in sorted(touched) if scope.keys.get(owner)]
    if stale:
        _note_key(scope, owners=stale, key="")


def _kept_states(scope: Scope, *, owner: UUID) -> dict[Key, Row]:
    if owner not in scope.kept:
        return {}
    rows = _rows_of_types(code=scope.cursor.scope, owner=owner, types=[*MONTH_TYPES])
    return {row.key: row for row in map(Row._make, rows)}


@prepared
def _rows_of_types(
    *, code: str, owner: UUID, types: list[str]
) -> QuerySet[ScopeRow, tuple[Any, ...]]:
    rows = ScopeRow.objects.filter(cursor_id=code, owner=owner, row_type__in=types)
    return rows.values_list(*_ROW)


def _note_key(scope: Scope, *, owners: Sequence[UUID], key: str) -> None:
    if stored := [owner for owner in owners if owner in scope.kept]:
        ScopePart.objects.filter(cursor=scope.cursor, owner__in=stored).update(states_key=key)
    scope.keys |= dict.fromkeys(owners, key)


def _note_parts(scope: Scope) -> None:
    """Write the digests that have changed, and the parts that are new."""
    new = []
    for owner, digest in scope.digests.items():
        if owner not in scope.kept:
            key = scope.keys.get(owner, "")
            text = f"{digest:064x}"
            new.append(ScopePart(cursor=scope.cursor, owner=owner, digest=text, states_key=key))
        elif digest != scope.kept[owner]:
            parts = ScopePart.objects.filter(cursor=scope.cursor, owner=owner)
            parts.update(digest=f"{digest:064x}")
    insert_rows(new)
    scope.kept = dict(scope.digests)


def _locked(codes: Sequence[str]) -> dict[str, Scope]:
    found = {cursor.scope: _scope(cursor) for cursor in _cursors(codes=list(codes))}
    if missing := [code for code in codes if code not in found]:
        new = [ScopeCursor(scope=code) for code in missing]
        ScopeCursor.objects.bulk_create(new, ignore_conflicts=True)
        found |= {cursor.scope: _scope(cursor) for cursor in _cursors(codes=missing)}
        found = {code: found[code] for code in codes}
    known = [code for code, scope in found.items() if not scope.is_new]
    for part in _parts(codes=known) if known else ():
        scope = found[part.cursor_id]
        scope.digests[part.owner] = scope.kept[part.owner] = int(part.digest, 16)
        scope.keys[part.owner] = part.states_key
    return found


@prepared
def _cursors(*, codes: list[str]) -> QuerySet[ScopeCursor]:
    return ScopeCursor.objects.select_for_update().filter(scope__in=codes).order_by("scope")


@prepared
def _parts(*, codes: list[str]) -> QuerySet[ScopePart]:
    return ScopePart.objects.filter(cursor_id__in=codes)


def _scope(cursor: ScopeCursor) -> Scope:
    return Scope(cursor, is_new=cursor.last == 0 and cursor.shape == 0, before=cursor.last)


def _numbered(scope: Scope) -> dict[str, set[str]]:
    """Number what has been committed; the ids of changed records by their type."""
    changes = number_changes(scope=scope.cursor.scope, after=scope.cursor.last)
    found: dict[str, set[str]] = {}
    for change in changes:
        found.setdefault(change.record_type, set()).add(change.record_id)
    if changes:
        scope.cursor.last = max(change.number for change in changes)
    return found


def _wanted(
    scope: Scope, *, owner: UUID | None, changed: Mapping[str, set[str]]
) -> dict[Key, Row | None]:
    """What the scope must hold of everything that changed or is not yet kept; None: no longer."""
    code, parts = scope.cursor.scope, set(scope.digests)
    wanted: dict[Key, Row | None] = {}
    if not parts or scope.cursor.shape != SHAPE:
        for part in parts | {EVERYBODY} | ({owner} if owner else set()):
            wanted |= _filled(scope, part=part)
        return wanted
    for source in SOURCES:
        ids = sorted(changed.get(source.record_type, ()))
        for start in range(0, len(ids), READ_AT_ONCE):
            some = ids[start : start + READ_AT_ONCE]
            wanted |= {(source.row_type, row_id): None for row_id in some}
            rows = source.read(code, None, some)
            wanted |= {row.key: row for row in rows if row.owner in parts}
    if owner and owner not in parts:
        wanted |= _filled(scope, part=owner)
    return wanted


def _filled(scope: Scope, *, part: UUID) -> dict[Key, Row | None]:
    """All rows of one part, and None for what is kept of it and no longer there."""
    scope.digests.setdefault(part, 0)
    wanted: dict[Key, Row | None] = {}
    if part in scope.kept:
        here = ScopeRow.objects.filter(cursor=scope.cursor, owner=part).exclude(
            row_type__in=(*SMALL_TYPES, *MONTH_TYPES, *COMING_TYPES)
        )
        wanted |= dict.fromkeys(here.values_list("row_type", "row_id"))
    for source in SOURCES:
        if source.personal == (part != EVERYBODY):
            owner = part if source.personal else None
            wanted |= {row.key: row for row in source.read(scope.cursor.scope, owner, None)}
    return wanted


def _kept_small(scopes: Mapping[str, Scope], *, owner: UUID | None) -> dict[str, dict[Key, Row]]:
    """What is kept of the rows that are compared at every pull."""
    kept: dict[str, dict[Key, Row]] = {code: {} for code in scopes}
    known = [code for code, scope in scopes.items() if not scope.is_new]
    for code, *values in _compared(codes=known, owner=owner) if known else ():
        row = Row._make(values)
        kept[code][row.key] = row
    return kept


@prepared
def _compared(*, codes: list[str], owner: UUID | None) -> QuerySet[ScopeRow, tuple[Any, ...]]:
    compared = Q(row_type__in=SMALL_TYPES)
    if owner:
        compared |= Q(row_type__in=COMING_TYPES, owner=owner)
    return ScopeRow.objects.filter(compared, cursor_id__in=codes).values_list("cursor_id", *_ROW)


def _stored(scope: Scope, wanted: Mapping[Key, Row | None]) -> dict[Key, Row]:
    found: dict[Key, Row] = {}
    if scope.is_new:
        return found
    ids = sorted({row_id for _, row_id in wanted})
    for start in range(0, len(ids), READ_AT_ONCE):
        some = ids[start : start + READ_AT_ONCE]
        rows = map(Row._make, _rows_of_ids(code=scope.cursor.scope, ids=some))
        found |= {row.key: row for row in rows}
    return found


@prepared
def _rows_of_ids(*, code: str, ids: list[str]) -> QuerySet[ScopeRow, tuple[Any, ...]]:
    return ScopeRow.objects.filter(cursor_id=code, row_id__in=ids).values_list(*_ROW)


def _keep(scope: Scope, *, wanted: Mapping[Key, Row | None], stored: Mapping[Key, Row]) -> None:
    """Write what differs under the next numbers; the parts' digests follow."""
    cursor, code = scope.cursor, scope.cursor.scope
    rows: list[tuple[object, ...]] = []
    for key, row in wanted.items():
        old = stored.get(key)
        if (old.content if old else "") == (row.content if row else ""):
            continue
        if old is not None and old.content:
            scope.digests[old.owner] ^= _digest(key, version=old.version)
        if row is not None:
            scope.digests[row.owner] ^= _digest(key, version=row.version)
        cursor.last += 1
        version, content, owner = row[2:] if row else ("", "", old.owner if old else EVERYBODY)
        rows.append((code, *key, owner, cursor.last, version, content))
        scope.written.append(Written(*key, cursor.last, content, owner))
    insert_values(ScopeRow, _COLUMNS, rows, keys=_KEYS)


def _digest(key: Key, *, version: str) -> int:
    return int.from_bytes(row_digest(row_type=key[0], row_id=key[1], version=version), "big")
