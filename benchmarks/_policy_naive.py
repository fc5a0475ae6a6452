"""DuckDB as one would first write it: a query a rule, joined to the postings, COUNT(DISTINCT …)."""

import tempfile
from pathlib import Path

import duckdb

from benchmarks._policy_task import Answer, Quota, Task, counted, run

_MEMORY = "8GB"
_TALLIES = {
    "count": "count(e.event_id)",
    "distinct_days": "count(DISTINCT e.local_date)",
    "distinct_objects": "count(DISTINCT e.object_id)",
}
_QUOTA = """
WITH posted AS (
    SELECT *, greatest(valid_from, $start::DATE) AS day_from,
        least(coalesce(valid_to, $end::DATE), $end::DATE) AS day_to
    FROM postings
    WHERE list_contains($roles, role)
        AND valid_from < $end::DATE AND coalesce(valid_to, DATE '9999-12-31') > $start::DATE
), absent AS (
    SELECT p.posting_id, count(DISTINCT d.day) AS days
    FROM posted p
    JOIN (
        SELECT staff_id, unnest(range(date_from, date_to, INTERVAL 1 DAY)) AS day FROM absences
    ) d ON d.staff_id = p.staff_id AND d.day >= p.day_from AND d.day < p.day_to
    GROUP BY p.posting_id
), done AS (
    SELECT p.posting_id, {tally} AS value
    FROM posted p
    LEFT JOIN events e ON e.village_code = p.village_code
        AND e.staff_id = p.staff_id
        AND e.kind = $kind
        AND NOT coalesce(e.void, false)
        AND coalesce(coalesce(e.received_at, e.occurred_at) <= $as_of::TIMESTAMPTZ, true)
        AND e.local_date >= p.day_from
        AND e.local_date < p.day_to
    GROUP BY p.posting_id
), judged AS (
    SELECT
        d.value,
        p.day_to - p.day_from - coalesce(a.days, 0) AS available,
        available < $minimum_days AS is_exempt,
        CASE WHEN is_exempt THEN $threshold
            ELSE ($threshold * available + $period_days - 1) // $period_days
        END AS threshold,
        CASE
            WHEN is_exempt THEN 'exempt'
            WHEN d.value >= threshold THEN 'pass'
            WHEN y.staff_id IS NULL THEN 'unknown'
            ELSE 'fail'
        END AS verdict
    FROM posted p
    JOIN done d USING (posting_id)
    LEFT JOIN absent a USING (posting_id)
    LEFT JOIN sync y ON y.staff_id = p.staff_id AND y.last_sync_at >= $synced_by::TIMESTAMPTZ
)
SELECT verdict, count(*), sum(value)::BIGINT, sum(threshold)::BIGINT FROM judged GROUP BY verdict
"""
_COVERAGE = """
WITH held AS (
    SELECT v.village_code, count(p.posting_id) AS value
    FROM villages v
    LEFT JOIN postings p ON p.village_code = v.village_code
        AND list_contains($roles, p.role)
        AND p.valid_from <= $look_day::DATE
        AND $look_day::DATE < coalesce(p.valid_to, DATE '9999-12-31')
    GROUP BY v.village_code
), judged AS (
    SELECT value, CASE
            WHEN value BETWEEN $low AND $high THEN 'pass'
            WHEN value > $high THEN 'advice'
            ELSE 'fail'
        END AS verdict
    FROM held
)
SELECT verdict, count(*), sum(value)::BIGINT, 0 FROM judged GROUP BY verdict
"""


def measure(task: Task, folder: Path) -> Answer:
    """One query a rule."""
    rows = []
    with tempfile.TemporaryDirectory() as spill, duckdb.connect() as database:
        database.execute(f"SET memory_limit = '{_MEMORY}'")
        database.execute(f"SET temp_directory = '{spill}'")
        for path in folder.glob("*.parquet"):
            database.execute(f"CREATE VIEW {path.stem} AS FROM '{path}'")
        for quota in task.quotas:
            rows += [(quota.rule, *row) for row in _quota(database, task, quota)]
        values = {
            "roles": list(task.coverage_roles),
            "look_day": task.look_day,
            "low": task.coverage_low,
            "high": task.coverage_high,
        }
        coverage = database.execute(_COVERAGE, values).fetchall()
        rows += [(task.coverage, *row) for row in coverage]
    return Answer(counts=counted(rows))


def _quota(
    database: duckdb.DuckDBPyConnection, task: Task, quota: Quota
) -> list[tuple[str, int, int, int]]:
    values = {
        "roles": list(task.roles),
        "start": task.start,
        "end": task.end,
        "period_days": task.days,
        "as_of": task.as_of,
        "synced_by": task.synced_by,
        "minimum_days": task.minimum_days,
        "kind": quota.kind,
        "threshold": quota.threshold,
    }
    return database.execute(_QUOTA.format(tally=_TALLIES[quota.tally]), values).fetchall()


if __name__ == "__main__":
    run(measure)
