"""Recompute the audit chain and compare it with what is stored: links, entries, records, heads."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import TypeVar

from django.apps import apps
from django.db import models

from cunjing.kernel.audit import GENESIS, head_bytes, link
from cunjing.kernel.head_files import Witness
from cunjing.kernel.models import AuditEntry, AuditSeal, AuditVerb, DailyHead
from cunjing.kernel.signing import SigningKey, signature_holds
from cunjing.kernel.writing import entry_digest, record_digest

T = TypeVar("T")

CHUNK = 2000
# Progress is told after so many links or records.
STEP = 20_000
NAMED = 100
_USES = (AuditVerb.READ, AuditVerb.EXPORTED)
_GONE_RIGHTLY = (AuditVerb.ENDED, AuditVerb.VOIDED)


@dataclass(slots=True)
class Report:
    """What was checked and what does not agree.

    `findings` are Chinese sentences, at most `NAMED` of them; `faults` counts all. `erased` entries
    keep their place in the chain, but their content is gone and cannot be compared any more. `tell`
    is given progress.
    """

    links: int = 0
    unsealed: int = 0
    erased: int = 0
    records: int = 0
    heads: int = 0
    faults: int = 0
    findings: list[str] = field(default_factory=list)
    tell: Callable[[str], None] = lambda _progress: None

    def add(self, finding: str) -> None:
        """Count a disagreement and name it."""
        self.faults += 1
        if len(self.findings) < NAMED:
            self.findings.append(finding)


def verify(
    *,
    key: SigningKey,
    witness: Witness | None = None,
    every_row: Iterable[str] = (),
    tell: Callable[[str], None] | None = None,
) -> Report:
    """Verify the whole chain, every audited record and every signed head.

    `witness`: a head kept elsewhere, which must lie on this chain. `every_row`: record types of
    which each row must have an entry (`fieldwork.workrecord`), so that a row slipped in is found.
    `tell` is given a line of progress now and then.
    """
    report = Report(tell=tell) if tell else Report()
    expected = {head.sequence: head for head in DailyHead.objects.order_by("sequence")}
    wanted = {*expected, *({witness.sequence} if witness else ())}
    seen = _check_links(report, wanted=wanted)
    for daily in expected.values():
        _check_daily_head(report, daily=daily, head=seen.get(daily.sequence, ""), key=key)
    if witness is not None:
        _check_witness(report, witness=witness, head=seen.get(witness.sequence, ""))
    report.unsealed = AuditEntry.objects.filter(seal=None).count()
    types = AuditEntry.objects.exclude(record_digest="").order_by("record_type")
    for record_type in types.values_list("record_type", flat=True).distinct():
        _check_records(report, record_type=record_type, every_row=record_type in set(every_row))
    return report


def _check_links(report: Report, *, wanted: set[int]) -> dict[int, str]:
    """Walk the chain; returns the stored heads at the `wanted` sequence numbers."""
    seen: dict[int, str] = {}
    sequence, head = 0, GENESIS
    seals = AuditSeal.objects.select_related("entry").order_by("sequence")
    for seal in seals.iterator(chunk_size=CHUNK):
        if seal.sequence != sequence + 1:
            report.add(f"审计链第 {sequence + 1} 至 {seal.sequence - 1} 环不见了。")
        elif link(head=head, digest=seal.entry.digest) != seal.head:
            report.add(f"审计链第 {seal.sequence} 环与前后不符（{_about(seal.entry)}）。")
        _check_entry(report, entry=seal.entry, sequence=seal.sequence)
        sequence, head = seal.sequence, seal.head
        report.links += 1
        if report.links % STEP == 0:
            report.tell(f"已核对链环 {report.links} 个……")
        if sequence in wanted:
            seen[sequence] = head
    return seen


def _check_entry(report: Report, *, entry: AuditEntry, sequence: int) -> None:
    if entry.salt is None:
        report.erased += 1
    elif entry_digest(entry, salt=bytes(entry.salt)) != entry.digest:
        report.add(f"审计记录被改动：第 {sequence} 环（{_about(entry)}）。")


def _check_daily_head(report: Report, *, daily: DailyHead, head: str, key: SigningKey) -> None:
    report.heads += 1
    body = head_bytes(day=daily.day, sequence=daily.sequence, head=daily.head, final=True)
    if daily.head != head:
        report.add(f"{daily.day} 的签名链头与审计链第 {daily.sequence} 环不符。")
    if daily.key_id != key.key_id:
        report.add(f"{daily.day} 的链头由另一把密钥（{daily.key_id}）签名，现有密钥无法核对。")
    elif not signature_holds(public_key=key.public_key, body=body, signature=daily.signature):
        report.add(f"{daily.day} 的链头签名不符。")


def _check_witness(report: Report, *, witness: Witness, head: str) -> None:
    report.heads += 1
    if not head:
        report.add(
            f"链头文件（{witness.day}）指向第 {witness.sequence} 环，审计链上没有这一环："
            "链被截短，或文件不是本系统的。"
        )
    elif head != witness.head:
        report.add(
            f"链头文件（{witness.day}）与审计链第 {witness.sequence} 环不符："
            "那一天以前的审计记录被改写，或文件不是本系统的。"
        )


def _check_records(report: Report, *, record_type: str, every_row: bool) -> None:
    try:
        model = apps.get_model(record_type)
    except LookupError:
        report.add(f"审计链提到系统中没有的记录类型 {record_type}。")
        return
    present = 0
    for latest in _chunks(_latest_entries(record_type)):
        rows = {str(row.pk): row for row in _rows(model, keys=[e.record_id for e in latest])}
        for entry in latest:
            row = rows.get(entry.record_id)
            present += row is not None
            if not _agrees(entry, row=row) and not _agrees_now(entry, model=model):
                what = "库中的行不见了" if row is None else "库中的行被改动，与审计记录不符"
                report.add(f"{_about(entry)}：{what}。")
        report.records += len(latest)
        if report.records % STEP < len(latest):
            report.tell(f"已核对记录 {report.records} 条……")
    if every_row and model._default_manager.count() != present:
        for row in _without_entry(model, record_type=record_type):
            report.add(f"{model._meta.verbose_name} {row.pk}：库中有这一行，却没有审计记录。")


def _latest_entries(record_type: str) -> Iterator[AuditEntry]:
    entries = (
        AuditEntry.objects.filter(record_type=record_type)
        .exclude(record_digest="")
        .exclude(verb__in=_USES)
        .order_by("record_id", "id")
    )
    grouped = groupby(entries.iterator(chunk_size=CHUNK), key=lambda entry: entry.record_id)
    for _, of_record in grouped:
        *_, latest = of_record
        yield latest


def _agrees(entry: AuditEntry, *, row: models.Model | None) -> bool:
    if entry.salt is None:
        return True
    if row is None:
        return entry.verb in _GONE_RIGHTLY
    return record_digest(row, salt=bytes(entry.salt)) == entry.record_digest


def _agrees_now(entry: AuditEntry, *, model: type[models.Model]) -> bool:
    """Look once more: the record may have been written between reading its entry and its row."""
    newer = (
        AuditEntry.objects.filter(record_type=entry.record_type, record_id=entry.record_id)
        .exclude(record_digest="")
        .exclude(verb__in=_USES)
        .order_by("-id")[0]
    )
    if newer.pk == entry.pk:
        return False
    return _agrees(newer, row=next(iter(_rows(model, keys=[entry.record_id])), None))


def _rows(model: type[models.Model], *, keys: list[str]) -> Iterable[models.Model]:
    return model._default_manager.filter(pk__in=keys)


def _without_entry(model: type[models.Model], *, record_type: str) -> Iterator[models.Model]:
    for rows in _chunks(model._default_manager.order_by("pk").iterator(chunk_size=CHUNK)):
        keys = [str(row.pk) for row in rows]
        entries = AuditEntry.objects.filter(record_type=record_type, record_id__in=keys)
        known = set(entries.values_list("record_id", flat=True))
        yield from (row for row in rows if str(row.pk) not in known)


def _chunks(items: Iterator[T]) -> Iterator[list[T]]:
    while chunk := list(islice(items, CHUNK)):
        yield chunk


def _about(entry: AuditEntry) -> str:
    return f"{entry.record_type} {entry.record_id}，{entry.get_verb_display()}，{entry.actor_name}"
