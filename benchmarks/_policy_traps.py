"""Facts where a contender that is careless about a word of the rules comes to other counts.

The made-up months are tame; this changes one folder of them in place: postings of a few days, on
the month's edges, ended or doubled, overlapping absences, officers never heard of, records without
a time, of the wrong village, on the watermark, about no household.
"""

from pathlib import Path

import duckdb

_POSTINGS = """
WITH numbered AS (
    SELECT *, CASE WHEN valid_from < DATE '2026-09-01' AND valid_to IS NULL
        THEN hash(posting_id) % 17 END AS trap
    FROM postings
)
SELECT posting_id, village_code, staff_id,
    CASE WHEN trap = 5 THEN 'village_auxiliary' ELSE role END AS role,
    CASE trap WHEN 1 THEN DATE '2026-09-27' WHEN 2 THEN DATE '2026-09-30'
        ELSE valid_from END AS valid_from,
    CASE trap WHEN 3 THEN DATE '2026-09-05' WHEN 4 THEN DATE '2026-08-15'
        WHEN 6 THEN DATE '2026-09-30' WHEN 7 THEN DATE '2026-09-16'
        WHEN 8 THEN DATE '2026-10-01' ELSE valid_to END AS valid_to
FROM numbered
UNION ALL
SELECT posting_id || '-next', village_code, staff_id, role, DATE '2026-09-16', NULL
FROM numbered WHERE trap = 7
UNION ALL
SELECT posting_id || '-beside', village_code, (SELECT min(staff_id) FROM numbered), role,
    DATE '2026-09-10', NULL
FROM numbered WHERE trap = 9
"""
_ABSENCES = """
SELECT * FROM absences
UNION ALL
SELECT staff_id, 'training', date_from + 2, date_to + 3 FROM absences
UNION ALL
SELECT staff_id, 'illness', DATE '2026-08-20', CASE WHEN hash(staff_id) % 3 = 0
    THEN DATE '2026-10-10' ELSE DATE '2026-09-09' END
FROM staff WHERE hash(staff_id, 'ill') % 7 = 0
"""
_SYNC = "SELECT * FROM sync WHERE hash(staff_id, 'never') % 9 <> 0"
_EVENTS = """
WITH numbered AS (SELECT *, hash(event_id) % 43 AS trap FROM events)
SELECT event_id,
    CASE WHEN trap = 10 THEN 'patrol' ELSE kind END AS kind,
    subkind,
    CASE trap WHEN 1 THEN NULL WHEN 2 THEN (SELECT min(village_code) FROM villages)
        ELSE village_code END AS village_code,
    CASE trap WHEN 3 THEN NULL WHEN 4 THEN (SELECT max(staff_id) FROM staff)
        ELSE staff_id END AS staff_id,
    CASE trap WHEN 5 THEN DATE '2026-08-31' WHEN 6 THEN DATE '2026-10-01'
        ELSE local_date END AS local_date,
    CASE WHEN trap = 7 THEN NULL ELSE occurred_at END AS occurred_at,
    CASE WHEN trap IN (7, 8) THEN NULL WHEN trap = 9 THEN TIMESTAMPTZ '2026-10-05 00:00:00+08'
        WHEN trap = 11 THEN TIMESTAMPTZ '2026-10-05 00:00:00.000001+08'
        ELSE received_at END AS received_at,
    CASE WHEN trap = 12 THEN NULL ELSE object_id END AS object_id,
    log_id,
    CASE WHEN trap = 13 THEN NULL ELSE void END AS void
FROM numbered
"""


def lay(folder: Path) -> None:
    """Change a folder of made-up facts so that it holds every trap."""
    changed = {
        "postings": _POSTINGS, "absences": _ABSENCES, "sync": _SYNC, "events": _EVENTS,
    }  # fmt: skip
    with duckdb.connect() as database:
        for path in folder.glob("*.parquet"):
            database.execute(f"CREATE TABLE {path.stem} AS FROM '{path}'")
        for name, query in changed.items():
            database.execute(f"COPY ({query}) TO '{folder / name}.parquet'")
