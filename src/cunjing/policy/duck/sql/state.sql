-- Stage 1, second half: the state. One row per subject, source of events and calendar month.
-- day_mask has bit 0 for the first of the month and is a BIGINT, so Parquet keeps it exact.
-- Two rows of one key merge by adding n and missing, or-ing day_mask and joining object_ids, which
-- are kept where rows will be merged; objects counts the different ones of the row.
-- part: shape
CREATE TEMP TABLE state (
    source_id INTEGER, subject INTEGER, month_number INTEGER,
    n BIGINT, missing BIGINT, day_mask BIGINT, objects BIGINT, object_ids VARCHAR[]
);

-- part: objects_kept
CREATE TEMP MACRO kept(id) AS coalesce(list(id) FILTER (id IS NOT NULL), []);

-- part: objects_counted
CREATE TEMP MACRO kept(id) AS NULL::VARCHAR[];

-- part: lacking_counted
CREATE TEMP MACRO how_many(condition) AS count(*) FILTER (condition);

-- part: lacking_ignored
CREATE TEMP MACRO how_many(condition) AS 0::BIGINT;

-- part: as_written
-- The planner takes events to be few once they are filtered, and would build a hash table of all of
-- them; as written, the small tables are built and events stream past: a third of the time.
SET disabled_optimizers = 'join_order,build_side_probe_side';

-- part: as_planned
RESET disabled_optimizers;

-- part: make
-- Events of one object first become one row: counting rows then is six times cheaper than counting
-- different objects. Of a source without objects the two steps are one.
INSERT INTO state
WITH fine AS (
    SELECT
        source_id,
        subject,
        CASE WHEN local_date >= getvariable('month_from') AND local_date < getvariable('p_to')
            THEN getvariable('last_month')
            ELSE year(local_date) * 12 + month(local_date)
        END::INTEGER AS month_number,
        CASE WHEN keeps_objects THEN object_id END AS object_id,
        count(*) AS n,
        how_many(CASE
            WHEN lacking IS NULL THEN false
            WHEN lacking = 'subkind' THEN subkind IS NULL
            WHEN lacking = 'village_code' THEN village_code IS NULL
            WHEN lacking = 'unit_code' THEN unit_code IS NULL
            WHEN lacking = 'staff_id' THEN staff_id IS NULL
            WHEN lacking = 'occurred_at' THEN occurred_at IS NULL
            WHEN lacking = 'received_at' THEN received_at IS NULL
            WHEN lacking = 'for_period' THEN for_period IS NULL
            WHEN lacking = 'object_id' THEN object_id IS NULL
            WHEN lacking = 'log_id' THEN log_id IS NULL
        END) AS missing,
        bit_or(1::BIGINT << (day(local_date) - 1)::BIGINT) AS day_mask
    FROM credited
    GROUP BY ALL
)
SELECT
    source_id, subject, month_number,
    sum(n)::BIGINT, sum(missing)::BIGINT, bit_or(day_mask), count(object_id), kept(object_id)
FROM fine
GROUP BY source_id, subject, month_number;

-- part: forget
-- What is derived again: rows of the postings of some villages, and all that are not of postings.
DELETE FROM state WHERE
    source_id IN (SELECT source_id FROM event_source WHERE subject_kind <> 'posting')
    OR subject IN (
        SELECT rowid FROM posting_span
        WHERE village_code IN (SELECT unnest(getvariable('chosen')))
    );
DELETE FROM evidence WHERE
    source_id IN (SELECT source_id FROM event_source WHERE subject_kind <> 'posting')
    OR subject IN (
        SELECT rowid FROM posting_span
        WHERE village_code IN (SELECT unnest(getvariable('chosen')))
    );

-- part: one_month
-- The state of a period, every part of it from one row of the state. An event that names its period
-- may lie outside it; parts of the period are counted within.
CREATE OR REPLACE TEMP VIEW total AS
SELECT
    source_id, subject, n, missing,
    bit_count(day_mask)::BIGINT AS distinct_days,
    list_sum(list_transform(
        getvariable('half_month_masks'), lambda mask: ((day_mask & mask) <> 0)::INTEGER
    ))::BIGINT AS half_months,
    list_sum(list_transform(
        getvariable('ten_day_masks'), lambda mask: ((day_mask & mask) <> 0)::INTEGER
    ))::BIGINT AS ten_days,
    objects AS distinct_objects
FROM state;

-- part: several_months
-- The same from several rows: rows of one month merge first, then the months add up.
CREATE OR REPLACE TEMP TABLE total AS
WITH monthly AS (
    SELECT
        source_id, subject,
        sum(n)::BIGINT AS n,
        sum(missing)::BIGINT AS missing,
        bit_or(day_mask) AS day_mask,
        month_number BETWEEN getvariable('first_month') AND getvariable('last_month') AS within,
        flatten(list(object_ids)) AS object_ids
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
    len(list_distinct(flatten(list(object_ids))))::BIGINT AS distinct_objects
FROM monthly
GROUP BY source_id, subject;
