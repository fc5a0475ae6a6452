"""The one way to write: a transaction with its audit entries and its change log inside it."""

import functools
import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import models, transaction

from cunjing.base.clock import SHANGHAI, now
from cunjing.base.ids import new_id
from cunjing.kernel.access import Actor
from cunjing.kernel.inserting import insert_values, own_column
from cunjing.kernel.models import AuditEntry, AuditVerb, Change
from cunjing.kernel.permissions import Permission

ALGORITHM = "sha256"
SALT_BYTES = 16
# When something was last used is no act of a person: it changes without an audit entry.
UNAUDITED_COLUMNS = frozenset({"last_login", "last_used_on"})


_AS_THEY_ARE = frozenset({str, int, bool, type(None)})
_TEXTS_AND_NUMBERS = (str, int)  # members of choices are such
# Values of exactly this type are stored as they are; others are cast first.
_STORED_AS: Mapping[str, type] = MappingProxyType(
    {"CharField": str, "TextField": str, "UUIDField": UUID, "DateTimeField": datetime,
     "DateField": date, "BooleanField": bool, "BigIntegerField": int, "PositiveIntegerField": int}
)  # fmt: skip


# What is noted is as many rows as records were written, so none of them becomes an instance.
_ENTRY = (
    "id", "at", "actor_id", "actor_name", "permission", "verb", "record_type", "record_id",
    "village_code", "reason", "record_digest", "algorithm",
)  # fmt: skip
"""The columns that an entry's own digest covers."""
_CHANGE = ("scope", "record_type", "record_id", "at")


@dataclass(slots=True)
class Write:
    """What one transaction notes: one audit entry and the changed scopes for each record."""

    actor: Actor
    permission: Permission
    at: datetime = field(default_factory=now)
    entries: list[tuple[object, ...]] = field(default_factory=list)
    changes: list[tuple[object, ...]] = field(default_factory=list)

    def note(
        self,
        record: models.Model,
        verb: AuditVerb,
        *,
        village_code: str = "",
        scopes: tuple[str, ...] = (),
        reason: str = "",
    ) -> None:
        """Note that `record` was written.

        `village_code` places the entry and is its default scope; `scopes` names others (village or
        unit codes) whose devices must hear of it, for example both villages of a moved record.
        """
        if record.pk is None:
            raise ValueError("a record is noted after it was written, when it has its key")
        salt, kind, key = secrets.token_bytes(SALT_BYTES), record._meta.label_lower, str(record.pk)
        self._add(
            record_type=kind,
            record_id=key,
            verb=verb,
            village_code=village_code,
            reason=reason,
            salt=salt,
            digest_of_record=record_digest(record, salt=salt),
        )
        for scope in scopes or ((village_code,) if village_code else ()):
            self.changes.append((scope, kind, key, self.at))

    def note_use(
        self, subject: str, key: str, verb: AuditVerb, *, village_code: str = "", reason: str = ""
    ) -> None:
        """Note that data was read or exported: `subject` names what (`fieldwork.ledger`), `key`
        which part of it. No record changed, so no state is digested and no device is told."""
        self._add(
            record_type=subject,
            record_id=key,
            verb=verb,
            village_code=village_code,
            reason=reason,
            salt=secrets.token_bytes(SALT_BYTES),
            digest_of_record="",
        )

    def _add(
        self,
        *,
        record_type: str,
        record_id: str,
        verb: AuditVerb,
        village_code: str,
        reason: str,
        salt: bytes,
        digest_of_record: str,
    ) -> None:
        entry = (
            new_id(),
            self.at,
            self.actor.user_id,
            self.actor.name,
            self.permission.code,
            AuditVerb(verb).value,
            record_type,
            record_id,
            village_code,
            reason,
            digest_of_record,
            ALGORITHM,
        )
        digest = _digest(dict(zip(_ENTRY, entry, strict=True)), salt=salt)
        self.entries.append((*entry, salt, digest))

    def flush(self) -> None:
        """Insert what was noted; called by `writing` before the transaction commits."""
        insert_values(AuditEntry, (*_ENTRY, "salt", "digest"), self.entries)
        insert_values(Change, _CHANGE, self.changes)


@contextmanager
def writing(*, actor: Actor, permission: Permission) -> Iterator[Write]:
    """Open the transaction of one action. Leaving it without a note is a fault of ours.

    Raises RuntimeError where nothing was noted: a write that leaves no trace is never kept.
    """
    with transaction.atomic():
        write = Write(actor=actor, permission=permission)
        yield write
        if not write.entries:
            raise RuntimeError(f"{permission.code}: a write without an audit entry")
        write.flush()


# Made once: `json.dumps` makes one for every call that asks for anything.
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def canonical(value: object) -> bytes:
    """Bytes of a JSON-like value, the same on every machine: sorted keys, no spaces, UTF-8.

    A number that is whole is written as a whole number, since PostgreSQL's jsonb does not keep the
    difference between 1 and 1.0. Raises ValueError for NaN, infinities and naive datetimes.
    """
    return _ENCODER.encode(_normal(value)).encode()


def _normal(value: object) -> object:
    # By exact type first: digests are made for every row, and almost every value has one of these.
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    form = _FORMS.get(kind)
    return form(value) if form is not None else _kin(value)


def _kin(value: object) -> object:
    """The form of a value whose type only descends from one we know."""
    if isinstance(value, _TEXTS_AND_NUMBERS):
        return value
    for kind, form in _FORMS.items():
        if isinstance(value, kind):
            return form(value)
    raise TypeError(f"no canonical form for {type(value).__name__}")


def _of_mapping(value: Mapping[object, object]) -> dict[str, object]:
    return {
        str(key): part if type(part) in _AS_THEY_ARE else _normal(part)
        for key, part in value.items()
    }


def _of_sequence(value: Sequence[object]) -> list[object]:
    return [_normal(part) for part in value]


def _of_float(value: float) -> float:
    return int(value) if value.is_integer() else value


@functools.lru_cache(maxsize=1024)
def _of_moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a moment without time zone has no canonical form")
    here = value if value.tzinfo is SHANGHAI else value.astimezone(tz=SHANGHAI)
    return here.isoformat(timespec="microseconds")


def _of_bytes(value: bytes | memoryview) -> str:
    return bytes(value).hex()


def _of_decimal(value: Decimal) -> str:
    return format(value, "f")


# A datetime is a date too: the narrower type stands first.
_FORMS: dict[type, Callable[[Any], object]] = {
    dict: _of_mapping,
    Mapping: _of_mapping,
    list: _of_sequence,
    tuple: _of_sequence,
    UUID: str,
    datetime: _of_moment,
    date: date.isoformat,
    float: _of_float,
    Decimal: _of_decimal,
    bytes: _of_bytes,
    memoryview: _of_bytes,
}


_Column = tuple[str, type | None, models.Field[object, object]]


def state_of(record: models.Model) -> dict[str, object]:
    """The stored state of a record by column, for digests.

    The same for an instance just written and for the row read again, on SQLite and PostgreSQL.
    """
    return _state(record, _audited(type(record)))


def _state(record: models.Model, columns: Sequence[_Column]) -> dict[str, object]:
    state: dict[str, object] = {}
    for name, kind, column in columns:
        value = getattr(record, name)
        state[name] = value if type(value) is kind or value is None else _as_stored(column, value)
    return state


@functools.cache
def _audited(model: type[models.Model]) -> tuple[_Column, ...]:
    """The columns of a model that are digested, each with the type that is stored as it is."""
    return tuple(
        (column.attname, _STORED_AS.get(own_column(column).get_internal_type()), column)
        for column in model._meta.concrete_fields
        if column.attname not in UNAUDITED_COLUMNS
    )


def _as_stored(column: models.Field[object, object], value: object) -> object:
    stored = column.to_python(value)
    if isinstance(column, models.DecimalField) and isinstance(stored, Decimal):
        return stored.quantize(Decimal(1).scaleb(-column.decimal_places))
    return stored


def record_digest(record: models.Model, *, salt: bytes) -> str:
    """SHA-256(salt ‖ canonical state), hexadecimal."""
    return _digest(state_of(record), salt=salt)


def entry_digest(entry: AuditEntry, *, salt: bytes) -> str:
    """SHA-256(salt ‖ canonical entry), hexadecimal: what the chain links."""
    return _digest(_state(entry, _linked()), salt=salt)


def _digest(state: Mapping[str, object], *, salt: bytes) -> str:
    return hashlib.sha256(salt + canonical(state)).hexdigest()


@functools.cache
def _linked() -> tuple[_Column, ...]:
    """The columns of an audit entry that its own digest covers."""
    return tuple(one for one in _audited(AuditEntry) if one[0] not in {"digest", "salt"})
