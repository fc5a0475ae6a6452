-- Postings, villages, people and units against the period and the day looked at. A subject is known
-- by its row number in these tables from here on: numbers join several times faster than ids.
-- on_day: valid that day (state rules). available: days of posting in the period less the union of
-- absences (prorating); null where the posting has no day in the period.
-- part: told_apart
-- Whether a hash tells all people apart. Who is posted, absent, heard of or did something is on the
-- list of staff: then hashes are equal where ids are.
SELECT count(*) = count(DISTINCT hash(staff_id)) FROM staff;

-- part: hashed
-- People are looked for by hash: of a Parquet file it is taken once for each text of a page.
CREATE TEMP MACRO person_of(id) AS hash(id);

-- part: named
CREATE TEMP MACRO person_of(id) AS id;

-- part: words
CREATE TEMP MACRO first_day(valid_from) AS greatest(valid_from, getvariable('p_from'));
CREATE TEMP MACRO day_after_last(open_to) AS least(open_to, getvariable('p_to'));

-- part: postings
-- Without absences, which are taken off below.
CREATE TEMP TABLE posting_span AS
WITH opened AS (
    SELECT
        *, person_of(staff_id) AS person, coalesce(valid_to, DATE '9999-12-31') AS open_to
    FROM postings
), spanned AS (
    SELECT
        posting_id, village_code, staff_id, person, role, valid_from, open_to,
        valid_from <= getvariable('look_day') AND getvariable('look_day') < open_to AS on_day,
        first_day(valid_from) AS day_from,
        day_after_last(open_to) AS day_to
    FROM opened
), synced AS (
    SELECT person_of(staff_id) AS person FROM sync
    WHERE last_sync_at >= getvariable('p_end_time')
)
SELECT
    s.posting_id, s.village_code, s.staff_id, s.person, s.role, s.valid_from, s.open_to, s.on_day,
    CASE WHEN s.day_from < s.day_to THEN (s.day_to - s.day_from)::INTEGER END AS available,
    getvariable('sync_kept') AND y.person IS NULL AS unsynced
FROM spanned s
LEFT JOIN synced y ON y.person = s.person;

-- part: absences
UPDATE posting_span SET available = available - absent.days
FROM (
    WITH clipped AS (
        SELECT
            s.rowid AS no,
            greatest(a.date_from, first_day(s.valid_from)) AS gone_from,
            least(a.date_to, day_after_last(s.open_to)) AS gone_to
        FROM posting_span s
        JOIN absences a
            ON person_of(a.staff_id) = s.person
            AND a.date_from < day_after_last(s.open_to)
            AND a.date_to > first_day(s.valid_from)
        WHERE s.available IS NOT NULL
    ), swept AS (
        SELECT no, gone_from, gone_to, max(gone_to) OVER (
            PARTITION BY no ORDER BY gone_from, gone_to
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS covered_to
        FROM clipped
    )
    SELECT
        no,
        sum(greatest(gone_to - greatest(gone_from, coalesce(covered_to, gone_from)), 0))::INTEGER
            AS days
    FROM swept
    GROUP BY no
) absent
WHERE absent.no = posting_span.rowid;

-- part: here
-- The postings events are credited to: all of them, or those of the villages read at a time.
CREATE OR REPLACE TEMP VIEW posting_here AS
SELECT *, rowid::INTEGER AS no FROM posting_span;

-- part: range
CREATE OR REPLACE TEMP VIEW posting_here AS
SELECT *, rowid::INTEGER AS no FROM posting_span
WHERE village_code >= getvariable('range_from') AND village_code < getvariable('range_to');

-- part: kinds
-- Numbers for the kinds of events, from 0; a table, so that the planner knows how great they get.
CREATE OR REPLACE TEMP TABLE plain_kind AS
SELECT unnest(range(len(getvariable('plain_kinds'))))::INTEGER AS nth;

-- part: place
-- Those with a day in the period, for as long as the range is read: with a number of their own from
-- 0, the first of their cells, one for each kind of event, and the number of their role.
CREATE OR REPLACE TEMP TABLE posting_place AS
SELECT
    (row_number() OVER () - 1)::INTEGER AS place,
    (place * len(getvariable('plain_kinds')))::INTEGER AS first_cell,
    no, village_code, person, valid_from, open_to,
    list_position(getvariable('plain_roles'), role)::UTINYINT AS role_no, available, unsynced
FROM posting_here
WHERE available IS NOT NULL;

-- part: chosen
CREATE OR REPLACE TEMP VIEW posting_here AS
SELECT *, rowid::INTEGER AS no FROM posting_span
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

-- part: villages_always
-- The same where no village has dates, and so each has one row.
CREATE TEMP TABLE village_day AS
SELECT village_code, true AS on_day, true AS in_period FROM villages;

-- part: staff
-- People on duty on some day of the period, with where they belong: where their unit answers for,
-- else a village they are posted to in the period.
CREATE TEMP TABLE staff_row AS
SELECT
    s.staff_id, s.role,
    coalesce(u.division_code, (
        SELECT min(p.village_code) FROM posting_span p
        WHERE p.staff_id = s.staff_id AND p.available IS NOT NULL
    )) AS place
FROM staff s
LEFT JOIN units u ON u.unit_code = s.unit_code
WHERE greatest(s.on_duty_from, getvariable('p_from')) < least(s.on_duty_to, getvariable('p_to'));

-- part: units
-- With where they belong: what they answer for by prefix, else a village they are named for.
CREATE TEMP TABLE unit_row AS
SELECT
    u.unit_code, u.kind,
    coalesce(u.division_code, (
        SELECT min(v.village_code) FROM village_units v
        WHERE v.unit_code = u.unit_code
            AND coalesce(v.valid_from < getvariable('p_to'), true)
            AND coalesce(getvariable('p_from') < v.valid_to, true)
    )) AS place
FROM units u;

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
