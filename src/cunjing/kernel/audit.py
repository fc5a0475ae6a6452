"""The sealer and the daily head: audit entries become links of one chain, and days are signed."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from cunjing.base.clock import SHANGHAI, now, today
from cunjing.base.errors import invalid, not_found
from cunjing.kernel.models import AuditEntry, AuditSeal, DailyHead
from cunjing.kernel.signing import ALGORITHM, SigningKey
from cunjing.kernel.writing import canonical

GENESIS = "0" * 64
BATCH = 2000
# One run takes at most this many entries into memory (about 20 MB).
RUN = 100_000
# A transaction that began longer ago than this before the newest link cannot still be open.
LOOKBACK = timedelta(hours=6)


def link(*, head: str, digest: str) -> str:
    """head(n) = SHA-256(head(n-1) ‖ digest of entry n), all hexadecimal."""
    return hashlib.sha256(bytes.fromhex(head) + bytes.fromhex(digest)).hexdigest()


def seal() -> int:
    """Chain every committed entry that has no link yet, oldest first; returns how many.

    Safe to run twice and at the same time as another sealer: the sequence number is the key and an
    entry has one link, so the database refuses the second one and that run ends with what it has.
    """
    sealed = 0
    while waiting := _unsealed():
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            try:
                _chain(batch)
            except IntegrityError:  # another sealer was first; it goes on
                return sealed
            sealed += len(batch)
        if len(waiting) < RUN:
            break
    return sealed


def _unsealed() -> list[tuple[UUID, str]]:
    entries = AuditEntry.objects.filter(seal=None)
    newest = AuditSeal.objects.order_by("-sequence").values_list("entry_id", flat=True).first()
    if newest is not None:
        entries = entries.filter(id__gte=_earlier(newest, by=LOOKBACK))
    return list(entries.order_by("id").values_list("id", "digest")[:RUN])


def _earlier(entry_id: UUID, *, by: timedelta) -> UUID:
    """The smallest UUIDv7 made `by` before `entry_id`: its first 48 bits are milliseconds."""
    milliseconds = max(0, (entry_id.int >> 80) - int(by.total_seconds() * 1000))
    return UUID(int=milliseconds << 80)


def _chain(batch: list[tuple[UUID, str]]) -> None:
    with transaction.atomic():
        last = AuditSeal.objects.order_by("-sequence").first()
        sequence, head = (last.sequence, last.head) if last else (0, GENESIS)
        moment = now()
        links = []
        for entry_id, digest in batch:
            sequence += 1
            head = link(head=head, digest=digest)
            links.append(
                AuditSeal(sequence=sequence, entry_id=entry_id, head=head, sealed_at=moment)
            )
        AuditSeal.objects.bulk_create(links, batch_size=BATCH)


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head of the chain with its signature, as stored and as written to a file.

    `final` tells whether the day was over: the head of a running day is a mark on the way.
    """

    day: date
    sequence: int
    head: str
    key_id: str
    signature: str
    signed_at: datetime
    final: bool

    def signed_bytes(self) -> bytes:
        """What the signature covers."""
        return head_bytes(day=self.day, sequence=self.sequence, head=self.head, final=self.final)


def head_bytes(*, day: date, sequence: int, head: str, final: bool) -> bytes:
    """Canonical bytes of a head, under the signature."""
    return canonical({"day": day, "sequence": sequence, "head": head, "final": final})


def sign_day(*, day: date, key: SigningKey) -> SignedHead:
    """Sign the head at the end of `day` (Asia/Shanghai) and keep it; a second call returns it.

    The head of the running day is signed as it stands and is not kept. Raises 42201 for a day to
    come and 40401 where nothing was sealed up to that day.
    """
    if day > today():
        raise invalid("这一天还没有到，请选择今天或以前的日期。")
    kept = DailyHead.objects.filter(day=day).first()
    if kept is not None:
        return signed_head(kept)
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=SHANGHAI)
    last = AuditSeal.objects.filter(sealed_at__lt=end).order_by("-sequence").first()
    if last is None:
        raise not_found("到这一天为止审计链上还没有记录，没有可以签名的链头。")
    final = end <= now()
    body = head_bytes(day=day, sequence=last.sequence, head=last.head, final=final)
    row = DailyHead(
        day=day,
        sequence=last.sequence,
        head=last.head,
        algorithm=ALGORITHM,
        key_id=key.key_id,
        signature=key.sign(body),
    )
    if not final:
        return signed_head(row, final=False)
    stored, _ = DailyHead.objects.get_or_create(
        day=day,
        defaults={
            "sequence": row.sequence,
            "head": row.head,
            "algorithm": row.algorithm,
            "key_id": row.key_id,
            "signature": row.signature,
        },
    )
    return signed_head(stored)


def signed_head(row: DailyHead, *, final: bool = True) -> SignedHead:
    """The value of a stored head."""
    return SignedHead(
        day=row.day,
        sequence=row.sequence,
        head=row.head,
        key_id=row.key_id,
        signature=row.signature,
        signed_at=row.signed_at,
        final=final,
    )
