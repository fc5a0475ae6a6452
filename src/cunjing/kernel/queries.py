"""Reads of the audit chain: what happened to one record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from cunjing.kernel.access import Jurisdiction
from cunjing.kernel.models import AuditEntry, AuditSeal, DailyHead, Schedule
from cunjing.kernel.prepared import prepared


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One act on a record. `sequence` is its place in the chain, None until it is sealed."""

    at: datetime
    record_type: str
    record_id: str
    verb: str
    verb_label: str
    actor_name: str
    permission: str
    reason: str
    sequence: int | None
    head: str


def history(*, record_ids: Sequence[str], record_type: str = "") -> list[AuditLine]:
    """The acts on records, oldest first. The caller has checked who may see these records."""
    entries = AuditEntry.objects.filter(record_id__in=record_ids).select_related("seal")
    if record_type:
        entries = entries.filter(record_type=record_type)
    return [_line(entry) for entry in entries.order_by("id")]


def _line(entry: AuditEntry) -> AuditLine:
    seal = getattr(entry, "seal", None)
    return AuditLine(
        at=entry.at,
        record_type=entry.record_type,
        record_id=entry.record_id,
        verb=entry.verb,
        verb_label=entry.get_verb_display(),
        actor_name=entry.actor_name,
        permission=entry.permission,
        reason=entry.reason,
        sequence=seal.sequence if seal else None,
        head=seal.head if seal else "",
    )


@dataclass(frozen=True, slots=True)
class TimetableLine:
    """A scheduled job, when it runs next and when it ran last."""

    name: str
    cron: str
    next_at: datetime
    last_at: datetime | None


def timetable() -> list[TimetableLine]:
    """The scheduled jobs by name."""
    rows = Schedule.objects.order_by("name").values_list("name", "cron", "next_at", "last_at")
    return [TimetableLine(*row) for row in rows]


def recent(*, within: Jurisdiction, before: datetime | None = None, limit: int) -> list[AuditLine]:
    """The newest acts on records of the villages of a jurisdiction, before a moment if given."""
    entries = AuditEntry.objects.filter(within.q("village_code")).select_related("seal")
    if before is not None:
        entries = entries.filter(at__lt=before)
    return [_line(entry) for entry in entries.order_by("-at", "-id")[:limit]]


def signed_heads(*, limit: int) -> list[DailyHead]:
    """The signed daily heads, newest first."""
    return list(DailyHead.objects.order_by("-day")[:limit])


def newest_link() -> dict[str, object] | None:
    """`sequence` and `head` of the newest link of the chain, for witnesses; None without any."""
    return next(({"sequence": sequence, "head": head} for sequence, head in _newest()), None)


@prepared
def _newest() -> QuerySet[AuditSeal, tuple[int, str]]:
    return AuditSeal.objects.order_by("-sequence").values_list("sequence", "head")[:1]
