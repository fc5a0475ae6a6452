-- Stage 1, second half: the state. One mergeable row per subject, source and calendar month.
-- day_mask has bit 0 for the first of the month and is a BIGINT, so Parquet keeps it exact.
-- Two rows of one key merge by adding n and missing, or-ing day_mask, and joining the lists.
-- Objects are kept for sources some rule wants different objects of. {credited} stands for the
-- branches of `events.sql` that are asked for.
-- part: make
CREATE TEMP TABLE state AS
WITH hit AS (
    SELECT * FROM event_read WHERE in_period AND NOT is_void AND NOT is_late
), credited AS (
    {credited}
)
SELECT
    source_id,
    subject,
    (year(local_date) * 12 + month(local_date))::INTEGER AS month_number,
    count(*)::BIGINT AS n,
    count(*) FILTER (CASE lacking
        WHEN 'subkind' THEN subkind IS NULL
        WHEN 'village_code' THEN village_code IS NULL
        WHEN 'unit_code' THEN unit_code IS NULL
        WHEN 'staff_id' THEN staff_id IS NULL
        WHEN 'occurred_at' THEN occurred_at IS NULL
        WHEN 'received_at' THEN received_at IS NULL
        WHEN 'for_period' THEN for_period IS NULL
        WHEN 'object_id' THEN object_id IS NULL
        WHEN 'log_id' THEN log_id IS NULL
    END)::BIGINT AS missing,
    bit_or(1::BIGINT << (day(local_date) - 1)::BIGINT) AS day_mask,
    coalesce(
        list(DISTINCT object_id) FILTER (keeps_objects AND object_id IS NOT NULL), []
    ) AS objects,
    list(event_id) AS ids
FROM credited
GROUP BY ALL;

-- part: merge
-- The state of a whole period: rows of one month merge first, then the months add up. An event
-- that names its period may lie outside it; parts of the period are counted within.
CREATE TEMP TABLE total AS
WITH monthly AS (
    SELECT
        source_id, subject, month_number,
        sum(n)::BIGINT AS n,
        sum(missing)::BIGINT AS missing,
        bit_or(day_mask) AS day_mask,
        month_number BETWEEN getvariable('first_month') AND getvariable('last_month') AS within,
        flatten(list(objects)) AS objects,
        flatten(list(ids)) AS ids
    FROM state
    GROUP BY source_id, subject, month_number
)
SELECT
    source_id, subject,
    sum(n)::BIGINT AS n,
    sum(missing)::BIGINT AS missing,
    sum(bit_count(day_mask))::BIGINT AS distinct_days,
    coalesce(sum(list_sum(list_transform(
        getvariable('half_month_masks'), lambda mask: ((day_mask & mask) <> 0)::INTEGER
    ))) FILTER (within), 0)::BIGINT AS half_months,
    coalesce(sum(list_sum(list_transform(
        getvariable('ten_day_masks'), lambda mask: ((day_mask & mask) <> 0)::INTEGER
    ))) FILTER (within), 0)::BIGINT AS ten_days,
    len(list_distinct(flatten(list(objects))))::BIGINT AS distinct_objects,
    sha256(array_to_string(list_sort(flatten(list(ids))), chr(10))) AS evidence_digest
FROM monthly
GROUP BY source_id, subject;
