"""Facts handed out: a folder others can evaluate without our database, ids as pseudonyms."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from cunjing.assessment.access import check_scope
from cunjing.assessment.facts import Further, Written, write_facts
from cunjing.assessment.facts_events import Progress
from cunjing.assessment.models import FactsExport
from cunjing.assessment.pseudonyms import installation_pseudonyms
from cunjing.assessment.reach import Reach
from cunjing.assessment.rules import check_prefix, period_of
from cunjing.base.errors import conflict, invalid
from cunjing.base.ids import new_id
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.places.models import VillageUnit

_COUNTY_DIGITS = 6


def export_facts(
    *,
    actor: Actor,
    out: Path,
    prefixes: Sequence[str] = (),
    period: str = "",
    progress: Progress | None = None,
    further: Further | None = None,
) -> FactsExport:
    """Write the facts of some divisions to a new or empty folder; it appears whole or not at all.

    Without `prefixes`, of every county having villages that a unit answers for. `period` limits
    events to it ± 31 days. Staff, postings, records, households and matters carry pseudonyms.
    `further` adds the tables of packages above this one.
    """
    asked = period_of(period) if period else None
    covered = _covered(actor=actor, prefixes=prefixes)
    _check_free(out)
    fresh = out.with_name(f".{out.name}.{new_id()}")
    fresh.mkdir(parents=True)
    try:
        written = write_facts(
            folder=fresh,
            reach=Reach(prefixes=covered, period=asked),
            pseudonyms=installation_pseudonyms(),
            progress=progress,
            further=further,
        )
        export = _note(actor=actor, prefixes=covered, period=period, written=written)
        if out.exists():
            out.rmdir()
        fresh.rename(out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return export


def _note(*, actor: Actor, prefixes: Sequence[str], period: str, written: Written) -> FactsExport:
    """What was handed out, for the audit."""
    with writing(actor=actor, permission=Permission.FACTS_EXPORT) as write:
        export = FactsExport.objects.create(
            prefixes=list(prefixes),
            period=period,
            facts_digest=written.digest,
            rows=written.rows,
            exported_at=write.at,
        )
        write.note(export, AuditVerb.EXPORTED)
    return export


def _covered(*, actor: Actor, prefixes: Sequence[str]) -> tuple[str, ...]:
    """The divisions to export, each of them one `actor` may export."""
    covered = tuple(sorted(prefixes)) or counties_in_use()
    if not covered:
        raise invalid("还没有任何村归口到单位，没有可导出的事实数据。请先导入区划和单位。")
    for prefix in covered:
        check_prefix(prefix)
        check_scope(actor=actor, permission=Permission.FACTS_EXPORT, scope=prefix)
    return covered


def counties_in_use() -> tuple[str, ...]:
    """County codes of the villages some unit answers for."""
    codes = VillageUnit.objects.values_list("village_id", flat=True).distinct()
    return tuple(sorted({code[:_COUNTY_DIGITS] for code in codes}))


def _check_free(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise conflict(f"“{out}”已经有内容，为免混入旧数据没有导出。请换一个空文件夹。")
    if not out.parent.is_dir():
        raise invalid(f"没有上级文件夹“{out.parent}”，请先建好。")
