-- Stage 1, first half: which events of the asked kinds are credited to which subject.
-- part: read
-- What the watermark and the period say of each event a rule asks for. Reports, summaries and
-- meetings may name the period they are about. scan_from and scan_to bound the dates read.
CREATE OR REPLACE TEMP VIEW event_read AS
SELECT
    e.*,
    s.source_id, s.subject_kind, s.lacking, s.keeps_objects,
    coalesce(e.void, false) AND (e.voided_at IS NULL OR e.voided_at <= getvariable('as_of'))
        AS is_void,
    CASE WHEN e.received_at IS NULL AND e.occurred_at IS NULL
        THEN e.local_date > getvariable('as_of_day')
        ELSE coalesce(e.received_at, e.occurred_at) > getvariable('as_of')
    END AS is_late,
    CASE WHEN e.kind IN ('report', 'summary', 'meeting') AND e.for_period IS NOT NULL
        THEN list_contains(getvariable('period_names'), e.for_period)
        ELSE e.local_date >= getvariable('p_from') AND e.local_date < getvariable('p_to')
    END AS in_period
FROM events e
JOIN event_source s ON e.kind = s.kind AND (s.subkind IS NULL OR e.subkind = s.subkind)
WHERE e.local_date >= getvariable('scan_from') AND e.local_date < getvariable('scan_to');

CREATE OR REPLACE TEMP VIEW hit AS
SELECT * FROM event_read WHERE in_period AND NOT is_void AND NOT is_late;

-- The parts below are credited to their kind of subject, each a branch of the view `credited`;
-- a subject is the row number of its table.
-- part: posting
SELECT h.*, p.no AS subject
FROM hit h
JOIN posting_here p
    ON p.village_code = h.village_code
    AND p.staff_id = h.staff_id
    AND h.local_date >= p.valid_from
    AND h.local_date < p.open_to
WHERE h.subject_kind = 'posting'

-- part: plain
-- Postings again, where that is enough: each kind is read whole by one source, no event names its
-- period, and of all it is known when they were received. A list is looked into once for each text
-- of a Parquet page, where a join looks at every row. What is said of one column alone is asked
-- while a file is read, which costs more than it spares where nearly every row will do: so kind, void
-- and late are one condition. The period begins with the month.
SELECT
    e.*, p.no AS subject, p.first_cell + range(len(getvariable('plain_kinds')))[kind_no] AS cell,
    getvariable('plain_sources')[kind_no] AS source_id
FROM (
    SELECT
        event_id, village_code, person_of(staff_id) AS person, local_date, object_no,
        1 << (local_date - getvariable('p_from'))::INTEGER AS day_bit,
        list_position(getvariable('plain_kinds'), kind) AS kind_no
    FROM events_timed
    WHERE local_date >= getvariable('p_from') AND local_date < getvariable('p_to')
        AND (
            list_position(getvariable('plain_kinds'), kind) IS NULL
            OR received_us > epoch_us(getvariable('as_of'))
            OR void AND (voided_at IS NULL OR voided_at <= getvariable('as_of'))
        ) IS NOT TRUE
) e
JOIN posting_place p
    ON p.village_code = e.village_code
    AND p.person = e.person
    AND e.local_date >= p.valid_from
    AND e.local_date < p.open_to

-- part: village
SELECT h.*, v.rowid::INTEGER AS subject
FROM hit h
JOIN village_day v ON v.village_code = h.village_code
WHERE h.subject_kind = 'village'

-- part: village_by_unit
SELECT h.*, v.rowid::INTEGER AS subject
FROM hit h
JOIN answering a ON a.unit_code = h.unit_code AND a.local_date = h.local_date
JOIN village_day v ON v.village_code = a.village_code
WHERE h.subject_kind = 'village' AND h.village_code IS NULL

-- part: unit
SELECT h.*, u.rowid::INTEGER AS subject
FROM hit h
JOIN unit_row u ON u.unit_code = h.unit_code
WHERE h.subject_kind = 'unit'
