-- Postings, villages, people and units against the period and the day looked at. A subject is known
-- by its row number in these tables from here on: numbers join several times faster than ids.
-- on_day: valid that day (state rules). available: days of posting in the period less the union of
-- absences (prorating); null where the posting has no day in the period.
-- part: postings
CREATE TEMP TABLE posting_span AS
WITH opened AS (
    SELECT *, coalesce(valid_to, DATE '9999-12-31') AS open_to FROM postings
), spanned AS (
    SELECT
        posting_id, village_code, staff_id, role, valid_from, open_to,
        valid_from <= getvariable('look_day') AND getvariable('look_day') < open_to AS on_day,
        greatest(valid_from, getvariable('p_from')) AS day_from,
        least(open_to, getvariable('p_to')) AS day_to
    FROM opened
), clipped AS (
    SELECT
        s.posting_id,
        greatest(a.date_from, s.day_from) AS gone_from,
        least(a.date_to, s.day_to) AS gone_to
    FROM spanned s
    JOIN absences a ON a.staff_id = s.staff_id AND a.date_from < s.day_to AND a.date_to > s.day_from
    WHERE s.day_from < s.day_to
), swept AS (
    SELECT posting_id, gone_from, gone_to, max(gone_to) OVER (
        PARTITION BY posting_id ORDER BY gone_from, gone_to
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS covered_to
    FROM clipped
), absent AS (
    SELECT
        posting_id,
        sum(greatest(gone_to - greatest(gone_from, coalesce(covered_to, gone_from)), 0))::BIGINT
            AS absent_days
    FROM swept
    GROUP BY posting_id
), synced AS (
    SELECT staff_id FROM sync WHERE last_sync_at >= getvariable('p_end_time')
)
SELECT
    s.posting_id, s.village_code, s.staff_id, s.role, s.valid_from, s.open_to, s.on_day,
    CASE WHEN s.day_from < s.day_to
        THEN (s.day_to - s.day_from)::BIGINT - coalesce(a.absent_days, 0)
    END AS available,
    getvariable('sync_kept') AND y.staff_id IS NULL AS unsynced
FROM spanned s
LEFT JOIN absent a ON a.posting_id = s.posting_id
LEFT JOIN synced y ON y.staff_id = s.staff_id;

-- part: here
-- The postings events are credited to: all of them, or those of the villages read at a time.
CREATE OR REPLACE TEMP VIEW posting_here AS
SELECT rowid::INTEGER AS no, village_code, staff_id, valid_from, open_to FROM posting_span;

-- part: range
CREATE OR REPLACE TEMP VIEW posting_here AS
SELECT rowid::INTEGER AS no, village_code, staff_id, valid_from, open_to FROM posting_span
WHERE village_code >= getvariable('range_from') AND village_code < getvariable('range_to');

-- part: place
-- The same with a number of their own from 0, for as long as the range is read.
CREATE OR REPLACE TEMP TABLE posting_place AS
SELECT (row_number() OVER () - 1)::INTEGER AS place, no, village_code, staff_id, valid_from, open_to
FROM posting_here;

-- part: chosen
CREATE OR REPLACE TEMP VIEW posting_here AS
SELECT rowid::INTEGER AS no, village_code, staff_id, valid_from, open_to FROM posting_span
WHERE village_code IN (SELECT unnest(getvariable('chosen')));

-- part: villages
-- Villages with a row of theirs valid on the day looked at, or on some day of the period.
CREATE TEMP TABLE village_day AS
SELECT
    village_code,
    bool_or(
        coalesce(valid_from <= getvariable('look_day'), true)
        AND coalesce(getvariable('look_day') < valid_to, true)
    ) AS on_day,
    bool_or(
        greatest(valid_from, getvariable('p_from')) < least(valid_to, getvariable('p_to'))
    ) AS in_period
FROM villages
GROUP BY village_code;

-- part: staff
-- People on duty on some day of the period.
CREATE TEMP TABLE staff_row AS
SELECT staff_id, role
FROM staff
WHERE greatest(on_duty_from, getvariable('p_from')) < least(on_duty_to, getvariable('p_to'));

-- part: units
CREATE TEMP TABLE unit_row AS SELECT unit_code, kind FROM units;

-- part: tenures
-- The start of the chain of touching postings of one person in one village and role.
CREATE TEMP TABLE tenure AS
WITH chained AS (
    SELECT *, max(open_to) OVER (
        PARTITION BY staff_id, village_code, role ORDER BY valid_from, posting_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS held_to
    FROM posting_span
)
SELECT posting_id, max(CASE WHEN held_to IS NULL OR held_to < valid_from THEN valid_from END) OVER (
    PARTITION BY staff_id, village_code, role ORDER BY valid_from, posting_id
    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
) AS tenure_from
FROM chained;
