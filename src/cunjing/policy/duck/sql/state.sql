-- Stage 1, second half: the state. One row per subject, source of events and calendar month.
-- day_mask has bit 0 for the first of the month and is an integer, object_bits is text: so Parquet
-- keeps them exact. Numbers are as narrow as they may be: a nation's rows then stay in memory.
-- Two rows of one key merge by adding n and missing, or-ing day_mask and object_bits and joining
-- object_ids. A row has its objects as bits where the facts number them within the village, else as
-- ids; either is kept where rows will be merged. objects counts the different ones of the row.
-- part: shape
CREATE TEMP TABLE state (
    source_id USMALLINT, subject INTEGER, month_number INTEGER,
    n INTEGER, missing INTEGER, day_mask INTEGER, objects INTEGER,
    object_ids VARCHAR[], object_bits VARCHAR
);
-- What the short forms below add up: a row for each source and posting with a day in the period, also
-- where nothing happened, with what a verdict has to know of the posting.
CREATE TEMP TABLE tallied (
    source_id USMALLINT, subject INTEGER, n INTEGER, day_mask INTEGER, objects INTEGER,
    role_no UTINYINT, available INTEGER, unsynced BOOLEAN
);

-- part: objects_kept
CREATE TEMP MACRO kept(id) AS coalesce(list(id) FILTER (id IS NOT NULL), []);
CREATE TEMP MACRO kept_bits(bits) AS bits::VARCHAR;

-- part: objects_counted
CREATE TEMP MACRO kept(id) AS NULL::VARCHAR[];
CREATE TEMP MACRO kept_bits(bits) AS NULL::VARCHAR;

-- part: words
-- Months count as year * 12 + month. An event that names its period may lie outside it. Parts of a
-- month are told one by one: a lambda over their list costs as much as the join of all verdicts.
CREATE TEMP MACRO month_of(day) AS (
    CASE WHEN day >= getvariable('month_from') AND day < getvariable('p_to')
        THEN getvariable('last_month')
        ELSE year(day) * 12 + month(day)
    END::INTEGER
);
CREATE TEMP MACRO half_months_in(mask) AS (
    ((mask & getvariable('half_month_masks')[1]) <> 0)::BIGINT
    + ((mask & getvariable('half_month_masks')[2]) <> 0)::BIGINT
);
CREATE TEMP MACRO ten_days_in(mask) AS (
    ((mask & getvariable('ten_day_masks')[1]) <> 0)::BIGINT
    + ((mask & getvariable('ten_day_masks')[2]) <> 0)::BIGINT
    + ((mask & getvariable('ten_day_masks')[3]) <> 0)::BIGINT
);
CREATE TEMP MACRO lacks(
    what, subkind, village_code, unit_code, staff_id, occurred_at, received_at, for_period,
    object_id, log_id
) AS (
    CASE WHEN what IS NULL THEN false
        WHEN what = 'subkind' THEN subkind IS NULL
        WHEN what = 'village_code' THEN village_code IS NULL
        WHEN what = 'unit_code' THEN unit_code IS NULL
        WHEN what = 'staff_id' THEN staff_id IS NULL
        WHEN what = 'occurred_at' THEN occurred_at IS NULL
        WHEN what = 'received_at' THEN received_at IS NULL
        WHEN what = 'for_period' THEN for_period IS NULL
        WHEN what = 'object_id' THEN object_id IS NULL
        WHEN what = 'log_id' THEN log_id IS NULL
    END
);

-- part: lacking_counted
CREATE TEMP MACRO how_many(condition) AS count(*) FILTER (condition);

-- part: lacking_ignored
CREATE TEMP MACRO how_many(condition) AS 0::BIGINT;

-- part: as_written
-- The planner takes events to be few once they are filtered, and would build a hash table of all of
-- them; as written, the small tables are built and events stream past: a third of the time.
SET disabled_optimizers = 'join_order,build_side_probe_side';
-- Small numbers are then places in an array, up to a million of them.
SET perfect_ht_threshold = 20;

-- part: as_planned
RESET disabled_optimizers;
RESET perfect_ht_threshold;

-- part: make
-- Events of one object first become one row: counting rows then is six times cheaper than counting
-- different objects. Of a source without objects the two steps are one.
INSERT INTO state
WITH fine AS (
    SELECT
        source_id, subject, month_of(local_date) AS month_number,
        CASE WHEN keeps_objects THEN object_id END AS object_id,
        count(*) AS n,
        how_many(lacks(
            lacking, subkind, village_code, unit_code, staff_id, occurred_at, received_at,
            for_period, object_id, log_id
        )) AS missing,
        bit_or(1::BIGINT << (day(local_date) - 1)::BIGINT) AS day_mask
    FROM credited
    GROUP BY ALL
)
SELECT
    source_id, subject, month_number,
    sum(n)::BIGINT, sum(missing)::BIGINT, bit_or(day_mask), count(object_id), kept(object_id), NULL
FROM fine
GROUP BY source_id, subject, month_number;

-- part: make_numbered
-- For postings, whose events are all of one village, in which the facts number the objects: a bit
-- each, which costs half of looking at them as text, or less.
INSERT INTO state
WITH coarse AS (
    SELECT
        source_id, subject, month_of(local_date) AS month_number,
        count(*) AS n,
        how_many(lacks(
            lacking, subkind, village_code, unit_code, staff_id, occurred_at, received_at,
            for_period, object_id, log_id
        )) AS missing,
        bit_or(1::BIGINT << (day(local_date) - 1)::BIGINT) AS day_mask,
        bitstring_agg(object_no::INTEGER, 0, getvariable('most_object_no'))
            FILTER (keeps_objects) AS bits
    FROM credited
    GROUP BY ALL
)
SELECT
    source_id, subject, month_number, n, missing, day_mask,
    coalesce(bit_count(bits), 0), NULL, kept_bits(bits)
FROM coarse;

-- part: make_plain
-- The same for a month's events as `plain` credits them: by one small number for posting and kind.
-- An empty row for each of these costs a tenth of looking later which of them have none.
INSERT INTO tallied
WITH noted AS (
    SELECT cell, day_bit, object_no FROM credited
    UNION ALL
    SELECT p.first_cell + k.nth, NULL, NULL
    FROM posting_place p, plain_kind k
), coarse AS (
    SELECT
        cell,
        count(day_bit) AS n,
        coalesce(bit_or(day_bit), 0) AS day_mask,
        bitstring_agg(object_no, 0, getvariable('most_object_no')) AS bits
    FROM noted
    GROUP BY cell
)
SELECT
    getvariable('plain_sources')[cell - p.first_cell + 1], p.no,
    n, day_mask, coalesce(bit_count(bits), 0),
    p.role_no, p.available, p.unsynced
FROM coarse
JOIN posting_place p ON p.place = cell // len(getvariable('plain_kinds'));

-- part: make_scattered
-- The same for all postings at once, where events lie in no order: 62 objects are the bits of one
-- number, and numbers leave memory where strings of bits do not.
INSERT INTO tallied
WITH noted AS (
    SELECT
        cell, day_bit,
        object_no // 62 AS word, 1::BIGINT << (object_no % 62)::BIGINT AS object_bit
    FROM credited
    UNION ALL
    SELECT p.first_cell + k.nth, NULL, NULL, NULL
    FROM posting_place p, plain_kind k
), fine AS (
    SELECT
        cell, count(day_bit) AS n, bit_or(day_bit) AS day_mask,
        bit_count(bit_or(object_bit)) AS objects
    FROM noted
    GROUP BY cell, word
), coarse AS (
    SELECT
        cell, sum(n) AS n, coalesce(bit_or(day_mask), 0) AS day_mask,
        coalesce(sum(objects), 0) AS objects
    FROM fine
    GROUP BY cell
)
SELECT
    getvariable('plain_sources')[cell - p.first_cell + 1], p.no,
    n, day_mask, objects,
    p.role_no, p.available, p.unsynced
FROM coarse
JOIN posting_place p ON p.place = cell // len(getvariable('plain_kinds'));

-- part: forget
-- What is derived again: rows of the postings of some villages, and all that are not of postings.
DELETE FROM state WHERE
    source_id IN (SELECT source_id FROM event_source WHERE subject_kind <> 'posting')
    OR subject IN (
        SELECT rowid FROM posting_span
        WHERE village_code IN (SELECT unnest(getvariable('chosen')))
    );
DELETE FROM tallied WHERE subject IN (
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
    half_months_in(day_mask) AS half_months,
    ten_days_in(day_mask) AS ten_days,
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
        flatten(list(object_ids)) AS object_ids,
        bit_or(object_bits::BIT) AS object_bits
    FROM state
    GROUP BY source_id, subject, month_number
)
SELECT
    source_id, subject,
    sum(n)::BIGINT AS n,
    sum(missing)::BIGINT AS missing,
    sum(bit_count(day_mask))::BIGINT AS distinct_days,
    coalesce(sum(half_months_in(day_mask)) FILTER (within), 0)::BIGINT AS half_months,
    coalesce(sum(ten_days_in(day_mask)) FILTER (within), 0)::BIGINT AS ten_days,
    coalesce(len(list_distinct(flatten(list(object_ids)))), 0)::BIGINT
        + coalesce(bit_count(bit_or(object_bits)), 0)::BIGINT AS distinct_objects
FROM monthly
GROUP BY source_id, subject;
