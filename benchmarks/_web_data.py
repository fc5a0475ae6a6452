"""A made-up county of 3,000 villages, twelve full months and the running one, from a fixed seed.

Rows are inserted straight into the tables: a benchmark of reading needs the rows, not the acts.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from uuid import UUID

from django.db import connection, models

from cunjing.accounts.models import Grant, User
from cunjing.accounts.roles import Role
from cunjing.base.clock import SHANGHAI, today
from cunjing.coverage.models import Posting
from cunjing.fieldwork.details import QUESTIONS
from cunjing.fieldwork.models import RecordKind, SyncChannel, SyncState, WorkRecord
from cunjing.places.models import (
    Division,
    DivisionLevel,
    Household,
    Unit,
    UnitKind,
    Village,
    VillageKind,
    VillageUnit,
)
from cunjing.staffing.models import Staff, StaffRole

COUNTY = "990101"
TOWNSHIPS = 30
VILLAGES_PER_TOWNSHIP = 100
HOUSEHOLDS_PER_VILLAGE = 25
MONTHS = 13
BATCH = 2_000
PASSWORD = "bench-county-2026"  # noqa: S105 - opens only the made-up county
VISITS, CALLS, ITEMS = 3, 22, 11


@dataclass(frozen=True, slots=True)
class Size:
    """What was made."""

    villages: int
    records: int


def build() -> Size:
    """Fill an empty, migrated database; returns how much it holds."""
    rng = random.Random(20260901)  # noqa: S311 - a fixed seed, not a secret
    villages = _places()
    staff = _people(villages)
    households = _households(rng, villages)
    records = 0
    for month in range(MONTHS):
        rows = _month(rng, _months_after(FIRST, month), villages, staff, households)
        records += _insert(WorkRecord, rows)
    _accounts(staff)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Size(villages=len(villages), records=records)


def periods() -> tuple[str, str]:
    """The last full month and the running one, as periods."""
    full, running = (_months_after(FIRST, MONTHS - back) for back in (2, 1))
    return f"{full:%Y-%m}", f"{running:%Y-%m}"


def earlier_periods() -> list[str]:
    """The full months before the last one, oldest first."""
    return [f"{_months_after(FIRST, month):%Y-%m}" for month in range(MONTHS - 2)]


def _places() -> list[str]:
    divisions = [("99", "", DivisionLevel.PROVINCE), ("9901", "99", DivisionLevel.CITY)]
    divisions.append((COUNTY, "9901", DivisionLevel.COUNTY))
    townships = [f"{COUNTY}{100 + number}" for number in range(TOWNSHIPS)]
    divisions += [(code, COUNTY, DivisionLevel.TOWNSHIP) for code in townships]
    for code, parent, level in divisions:
        Division.objects.create(
            code=code, name=f"样例{code}", level=level, parent_id=parent or None
        )
    Unit.objects.create(
        code=COUNTY, name="样例县公安局", kind=UnitKind.COUNTY, division_code=COUNTY
    )
    for code in townships:
        Unit.objects.create(
            code=code,
            name=f"样例{code[-3:]}派出所",
            kind=UnitKind.STATION,
            division_code=code,
            parent_id=COUNTY,
        )
    codes = [
        f"{township}{200 + number}"
        for township in townships
        for number in range(VILLAGES_PER_TOWNSHIP)
    ]
    _insert(Village, map(_village, codes))
    _insert(
        VillageUnit,
        (VillageUnit(village_id=code, unit_id=code[:9], valid_from=FIRST) for code in codes),
    )
    return codes


def _village(code: str) -> Village:
    return Village(
        code=code,
        name=f"样例{code[6:]}村",
        township_id=code[:9],
        kind=VillageKind.VILLAGE,
        pinyin=f"yangli{code[6:]}cun",
        initials=f"yl{code[6:]}c",
        valid_from=date(2023, 6, 30),
    )


def _people(villages: list[str]) -> list[UUID]:
    """One liaison officer for two villages; every second one has synchronised."""
    staff = [
        Staff(
            badge_number=f"{number:06d}",
            name=f"样例民警{number:04d}",
            role=StaffRole.LIAISON_OFFICER,
            unit_id=villages[2 * number][:9],
            on_duty_from=FIRST,
        )
        for number in range(len(villages) // 2)
    ]
    Staff.objects.bulk_create(staff, batch_size=BATCH)
    ids = [person.pk for person in staff]
    _insert(
        Posting,
        (
            Posting(
                village_id=code,
                staff_id=ids[number // 2],
                role=StaffRole.LIAISON_OFFICER,
                valid_from=FIRST,
            )
            for number, code in enumerate(villages)
            if number % 50 != 49
        ),
    )
    arrived = _at(LAST, 0)
    _insert(
        SyncState,
        (
            SyncState(staff_id=pk, last_sync_at=arrived, channel=SyncChannel.CONSOLE)
            for pk in ids[::2]
        ),
    )
    return ids


def _households(rng: random.Random, villages: list[str]) -> dict[str, list[UUID]]:
    rows = [
        Household(village_id=code, address=f"样例路{number}号", visit_priority=rng.randrange(4))
        for code in villages
        for number in range(HOUSEHOLDS_PER_VILLAGE)
    ]
    Household.objects.bulk_create(rows, batch_size=BATCH)
    found: dict[str, list[UUID]] = {}
    for row in rows:
        found.setdefault(row.village_id, []).append(row.pk)
    return found


def _month(
    rng: random.Random,
    first: date,
    villages: list[str],
    staff: list[UUID],
    households: dict[str, list[UUID]],
) -> Iterator[WorkRecord]:
    days = (_months_after(first, 1) - first).days
    plan = [RecordKind.VILLAGE_VISIT] * VISITS + [RecordKind.INFORMATION] * ITEMS
    plan += [RecordKind.HOUSEHOLD_VISIT] * CALLS + [RecordKind.WARNING]
    if first.month % 3 == 0:
        plan.append(RecordKind.SESSION)
    for number, code in enumerate(villages):
        # A tenth of the villages does half of the work, so that every verdict occurs.
        kept = plan if number % 10 else plan[::2]
        visits: list[WorkRecord] = []
        for kind in kept:
            visit = rng.choice(visits) if visits and kind != RecordKind.VILLAGE_VISIT else None
            day = visit.local_date if visit else first + timedelta(days=rng.randrange(days))
            if day >= LAST:
                continue
            record = _record(
                rng,
                kind=kind,
                day=day,
                village=code,
                staff=staff[number // 2],
                households=households[code],
            )
            record.visit = visit
            if kind == RecordKind.VILLAGE_VISIT:
                visits.append(record)
            yield record


def _record(
    rng: random.Random,
    *,
    kind: RecordKind,
    day: date,
    village: str,
    staff: UUID,
    households: list[UUID],
) -> WorkRecord:
    moment = _at(day, 8 + rng.randrange(10))
    called = kind is RecordKind.HOUSEHOLD_VISIT
    details = _details(kind, moment + timedelta(hours=3))
    return WorkRecord(
        kind=kind,
        subkind=_SUBKINDS.get(kind, ""),
        village_id=village,
        staff_id=staff,
        local_date=day,
        occurred_at=moment,
        recorded_at=moment,
        received_at=moment + timedelta(hours=2),
        household_id=rng.choice(households) if called else None,
        details=details,
        digest=f"{rng.getrandbits(256):064x}",
    )


_SUBKINDS = {RecordKind.SESSION: "legal_education", RecordKind.INFORMATION: "fire"}
_NOTHING = {"chips": [], "text": ""}


def _details(kind: RecordKind, left_at: datetime) -> dict[str, object]:
    match kind:
        case RecordKind.VILLAGE_VISIT:
            log = "样例日志：查看村内防火巷道，与村委会核对巡逻排班。"
            return {"left_at": left_at.isoformat(), "log": log, "overnight_reason": ""}
        case RecordKind.HOUSEHOLD_VISIT:
            return dict.fromkeys(QUESTIONS, _NOTHING)
        case RecordKind.INFORMATION:
            return {"place": "样例路口", "text": "样例信息：路口视线被遮挡。"}
        case RecordKind.WARNING:
            return {"title": "样例预警", "text": "样例内容。", "published": ["board"]}
        case RecordKind.SESSION:
            return {"topic": "样例宣讲", "audience": ["villagers"], "audience_count": 20}


def _accounts(staff: list[UUID]) -> None:
    for username, role, unit in (
        ("bench-county", Role.COUNTY_BUREAU, COUNTY),
        ("bench-station", Role.STATION_CHIEF, f"{COUNTY}100"),
    ):
        user = User(username=username, display_name=username)
        user.set_password(PASSWORD)
        user.save()
        Grant.objects.create(user=user, role=role, unit_code=unit, valid_from=FIRST)
    officer = User(username="bench-officer", display_name="bench-officer")
    officer.set_password(PASSWORD)
    officer.save()
    person = Staff.objects.get(pk=staff[0])
    Staff.objects.filter(pk=person.pk).update(user=officer)
    for posting in Posting.objects.filter(staff=person):
        Grant.objects.create(
            user=officer,
            role=Role.OFFICER,
            village_code=posting.village_id,
            valid_from=FIRST,
            posting_id=posting.pk,
        )


def _insert(model: type[models.Model], rows: Iterator[models.Model]) -> int:
    count = 0
    while batch := list(islice(rows, BATCH)):
        model._default_manager.bulk_create(batch)
        count += len(batch)
    return count


def _months_after(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


LAST = today()
FIRST = _months_after(LAST.replace(day=1), 1 - MONTHS)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=SHANGHAI)
