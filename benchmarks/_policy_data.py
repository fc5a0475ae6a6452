"""Made-up facts of a county, a province or a nation in one month, the same bytes' worth each time.

Everything follows from the number of villages through a hash of row numbers: 39 events or so a
village, one liaison officer for every two villages, a few changes of officer, absences, late and
void records, phones that have not reported. Ids are 32 hexadecimal digits, as the product exports
them; tables other than events are laid out in their files as it gathers them. Rows lie in the order
of villages and days (`clustered`) or in no order (`shuffled`).
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from cunjing.policy.gathering import FOUND_BY_ID

MONTH = "2026-09"
AS_OF = "2026-10-05"
VILLAGES = {"county": 300, "province": 46_000, "nation": 620_000}
_PER_COUNTY = 218
_PER_STEP = 20_000
"""Villages whose events are made at a time: what the sort of a step needs fits in memory."""

_VILLAGE = f"""
printf('%06d', 110000 + (n // {_PER_COUNTY})::INTEGER)
    || printf('%03d', 100 + ((n % {_PER_COUNTY}) // 14)::INTEGER)
    || printf('%03d', 200 + (n % 14)::INTEGER)
"""
_TABLES = {
    "villages": """
        SELECT village_code, '村' || n AS name, left(village_code, 9) AS township_code,
            left(village_code, 6) AS county_code, 'ordinary' AS layer
        FROM village ORDER BY village_code""",
    "units": """
        SELECT DISTINCT 'U' || left(village_code, 9) AS unit_code, 'station' AS kind,
            left(village_code, 9) AS division_code
        FROM village ORDER BY unit_code""",
    "staff": """
        SELECT DISTINCT ON (staff_id) staff_id, 'liaison_officer' AS role,
            'U' || left(village_code, 9) AS unit_code, DATE '2024-01-01' AS on_duty_from
        FROM posted ORDER BY staff_id, unit_code""",
    "postings": """
        SELECT md5('posting' || n || part) AS posting_id, village_code, staff_id,
            'liaison_officer' AS role, valid_from, valid_to
        FROM posted ORDER BY village_code, valid_from""",
    "absences": """
        SELECT DISTINCT staff_id, 'leave' AS kind, DATE '2026-09-08' AS date_from,
            DATE '2026-09-08' + (3 + hash(staff_id) % 9)::INTEGER AS date_to
        FROM posted WHERE hash(staff_id, 1) % 33 = 0 ORDER BY staff_id""",
    "sync": """
        SELECT DISTINCT staff_id, CASE WHEN hash(staff_id, 2) % 50 = 0
            THEN TIMESTAMPTZ '2026-09-27 08:00:00+08' ELSE TIMESTAMPTZ '2026-10-03 08:00:00+08'
            END AS last_sync_at
        FROM posted ORDER BY staff_id""",
}
_POSTED = """
CREATE TABLE posted AS
SELECT n, village_code, 1 AS part, md5('officer' || (n // 2)) AS staff_id,
    DATE '2024-01-01' AS valid_from,
    CASE WHEN n % 50 = 7 THEN DATE '2026-09-12' END AS valid_to
FROM village
UNION ALL
SELECT n, village_code, 2, md5('officer' || (n // 2 + 1)), DATE '2026-09-12', NULL
FROM village WHERE n % 50 = 7
"""
_KINDS = """
(VALUES ('village_visit', NULL, 3), ('household_visit', NULL, 22), ('information', NULL, 11),
    ('warning', NULL, 2), ('session', 'legal_education', 1)) k(kind, subkind, usual)
"""
_EVENTS = f"""
WITH made AS (
    SELECT v.n, v.village_code, k.kind, k.subkind, i,
        hash(v.n, k.kind, i) AS h,
        DATE '2026-09-01' + (hash(v.n, k.kind, i, 3) % 30)::INTEGER AS local_date
    FROM village v, {_KINDS}, range(26) t(i)
    WHERE v.n >= $1 AND v.n < $2 AND i < usual + hash(v.n, k.kind) % 5 - 2
)
SELECT
    md5(n || kind || i) AS event_id, kind, subkind, m.village_code,
    p.staff_id,
    local_date,
    local_date::TIMESTAMP AT TIME ZONE 'Asia/Shanghai'
        + INTERVAL (8 * 3600 + (h % 36000)) SECOND AS occurred_at,
    local_date::TIMESTAMP AT TIME ZONE 'Asia/Shanghai'
        + INTERVAL (20 * 3600 + (h % 7200)) SECOND
        + INTERVAL (CASE WHEN h % 100 = 1 THEN 40 ELSE h % 3 END) DAY AS received_at,
    CASE WHEN kind = 'household_visit'
        THEN md5('home' || n || ':' || (hash(n, i, 5) % 180)) END AS object_id,
    CASE WHEN kind = 'household_visit' THEN (hash(n, i, 5) % 180)::SMALLINT END AS object_no,
    CASE WHEN kind IN ('household_visit', 'village_visit')
        THEN md5('log' || n || local_date) END AS log_id,
    h % 200 = 3 AS void
FROM made m
JOIN posted p USING (n)
WHERE p.valid_from <= local_date AND local_date < coalesce(p.valid_to, DATE '9999-12-31')
"""  # noqa: S608 - its only insertion is the constant above


@dataclass(frozen=True, slots=True)
class Made:
    """Two folders of the same facts, and how much they hold."""

    clustered: Path
    shuffled: Path
    villages: int
    events: int


def make(home: Path, *, villages: int) -> Made:
    """The facts of so many villages under `home`; what is there already is kept."""
    clustered, shuffled = home / "clustered", home / "shuffled"
    done = home / "events.count"
    if not done.exists():
        for folder in (clustered, shuffled):
            folder.mkdir(parents=True, exist_ok=True)
        done.write_text(str(_make(clustered, shuffled, villages)))
    return Made(clustered, shuffled, villages, int(done.read_text()))


def _make(clustered: Path, shuffled: Path, villages: int) -> int:
    with duckdb.connect(config={"memory_limit": "6GB"}) as database:
        database.execute(
            f"CREATE TABLE village AS SELECT n, {_VILLAGE} AS village_code "  # noqa: S608
            "FROM range(?) t(n)",
            [villages],
        )
        database.execute(_POSTED)
        for name, query in _TABLES.items():
            for folder in (clustered, shuffled):
                database.execute(f"COPY ({query}) TO '{folder / name}.parquet' ({FOUND_BY_ID})")
        first = True
        for start in range(0, villages, _PER_STEP):
            verb = "CREATE TABLE events AS" if first else "INSERT INTO events"
            database.execute(
                f"{verb} {_EVENTS} ORDER BY village_code, local_date, event_id",
                [start, start + _PER_STEP],
            )
            first = False
        file = clustered / "events.parquet"
        database.execute(f"COPY events TO '{file}'")
        database.execute(
            f"COPY (FROM events ORDER BY hash(event_id)) TO '{shuffled / 'events.parquet'}'"
        )
        (count,) = database.execute("SELECT count(*) FROM events").fetchone() or (0,)
    return int(count)
